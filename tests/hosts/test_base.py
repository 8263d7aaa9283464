"""The contract itself: every place that we ship is one."""

from pathlib import Path
from typing import TYPE_CHECKING

from nepishell.hosts.base import EXIT_STATUS, STDERR, STDOUT, Completed, Exit, Host
from nepishell.hosts.fake import FakeHost
from nepishell.hosts.local import LocalHost
from nepishell.hosts.netns.host import NetnsHost

if TYPE_CHECKING:
    # mypy compares the signatures
    HOSTS: tuple[type[Host], ...] = (FakeHost, LocalHost, NetnsHost)


def test_every_place_is_a_host() -> None:
    assert isinstance(FakeHost(), Host)
    assert isinstance(LocalHost(), Host)
    assert all(hasattr(NetnsHost, name) for name in ("run", "spawn", "read", "put", "close"))


def test_values_are_equal_by_what_they_say(tmp_path: Path) -> None:
    assert Exit(status=1, at=2.0) == Exit(status=1, at=2.0)
    done = Completed(argv=("true",), status=0, stdout="", stderr="")
    assert done == Completed(argv=("true",), status=0, stdout="", stderr="")
    assert len({STDOUT, STDERR, EXIT_STATUS}) == 3
