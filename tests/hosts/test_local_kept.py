"""Programs on this machine that outlive their controller."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts import sessions
from nepishell.hosts.base import Exit
from nepishell.hosts.local import LocalHost
from nepishell.hosts.local_kept import Kept


class Ended:
    """Hears of the end of a process."""

    def __init__(self) -> None:
        self._over = Event()
        self.exit: Exit | None = None

    def __call__(self, end: Exit) -> None:
        self.exit = end
        self._over.set()

    def status(self) -> int:
        assert self._over.wait(20)
        assert self.exit is not None
        return self.exit.status


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.close()


def die(kept: Kept) -> None:
    """What a SIGKILL of the controller does: its ends of the sockets are gone."""
    keeper = kept._keeper
    assert keeper is not None
    # else our own thread would take it for the end of the keeper, and end what that left
    keeper._watched.clear()
    keeper._is_closing = True
    for end in (keeper._transport.events, keeper._transport.requests):
        end.shutdown(2)  # type: ignore[union-attr]
    keeper._listener.join()


def test_a_program_runs_and_its_status_is_told_and_recorded(kept: Kept, tmp_path: Path) -> None:
    ended, host = Ended(), LocalHost("here", kept)
    host.spawn(
        ["sh", "-c", "echo $WORD; exit 7"], run_dir=tmp_path / "p", env={"WORD": "hi"},
        on_exit=ended,
    )  # fmt: skip
    assert ended.status() == 7
    assert (tmp_path / "p" / "stdout").read_text() == "hi\n"
    assert (tmp_path / "p" / "exitcode").read_text() == "7\n"
    host.close()


def test_after_a_kill_it_is_found_again_with_its_real_status(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    running = first.spawn(["sh", "-c", "read x; exit 7"], run_dir=tmp_path / "p",
                          stdin=_fifo(tmp_path))  # fmt: skip
    pid, started = running.pid, running.start_time
    die(first)
    second, ended = Kept(tmp_path), Ended()
    found = second.adopt(tmp_path / "p", ended)
    assert found is not None
    assert (found.pid, found.start_time) == (pid, started)
    assert second.adopt(tmp_path / "other", None) is None
    (tmp_path / "fifo").write_text("go\n")
    assert ended.status() == 7
    second.close()
    _let_go(first)


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo")
    # as long as somebody may write, a reader does not see the end
    os.set_inheritable(os.open(folder / "fifo", os.O_RDWR), False)
    return folder / "fifo"


def _let_go(kept: Kept) -> None:
    keeper = kept._keeper
    assert keeper is not None
    keeper._dispose()


def test_what_ended_meanwhile_has_left_its_status(tmp_path: Path) -> None:
    first, ended = Kept(tmp_path), Ended()
    first.spawn(["sh", "-c", "exit 3"], run_dir=tmp_path / "p", on_exit=ended)
    ended.status()
    die(first)
    second = Kept(tmp_path)
    assert second.adopt(tmp_path / "p", None) is None
    assert (tmp_path / "p" / "exitcode").read_text() == "3\n"
    second.close()
    _let_go(first)


def test_close_ends_all_also_what_hid_in_a_session_of_its_own(kept: Kept, tmp_path: Path) -> None:
    ended = Ended()
    kept.spawn(["sh", "-c", "setsid sleep 600 & echo $!; wait"], run_dir=tmp_path / "p",
               on_exit=ended)  # fmt: skip
    file = tmp_path / "p" / "stdout"
    while not file.exists() or not file.read_text().endswith("\n"):
        pass
    hidden = int(file.read_text())
    kept.close()
    assert sessions.stat(hidden) is None
    assert not (tmp_path / "local").exists()


def test_who_adopts_nothing_still_ends_what_was_left(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    pid = first.spawn(["sleep", "600"], run_dir=tmp_path / "p").pid
    die(first)
    Kept(tmp_path).close()
    assert sessions.stat(pid) is None
    _let_go(first)


def test_a_host_ends_its_own_programs_and_no_others(kept: Kept, tmp_path: Path) -> None:
    one, two = LocalHost("one", kept), LocalHost("two", kept)
    mine, theirs = Ended(), Ended()
    one.spawn(["sleep", "600"], run_dir=tmp_path / "a", on_exit=mine)
    other = two.spawn(["sleep", "600"], run_dir=tmp_path / "b", on_exit=theirs)
    one.close()
    assert mine.status() == 128 + signal.SIGKILL
    assert other.exit is None
    other.stop(5.0)
    assert theirs.status() == 128 + signal.SIGTERM
    two.close()


def test_what_cannot_start_is_told_in_a_line(kept: Kept, tmp_path: Path) -> None:
    host = LocalHost("here", kept)
    with pytest.raises(HostError, match="here: command 'nowhere' is not found"):
        host.spawn(["nowhere"], run_dir=tmp_path / "p")
    with pytest.raises(HostError, match="command is empty"):
        host.spawn([], run_dir=tmp_path / "p")
    kept.close()
    with pytest.raises(HostError, match="the run is over"):
        host.spawn(["true"], run_dir=tmp_path / "p")


def test_a_door_that_a_reboot_left_is_no_keeper(tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "door").touch()
    kept = Kept(tmp_path)
    assert kept.adopt(tmp_path / "p", None) is None
    kept.close()
