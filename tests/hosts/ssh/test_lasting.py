"""A connection that goes silent is noticed, and found again."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

import pytest

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts import sessions
from nepishell.hosts.base import Exit, Reach
from nepishell.hosts.ssh import SshHost, Timing
from tests.cable import Cable
from tests.hosts.ssh.conftest import QUICK, Connect
from tests.sshd import PATIENCE_S, Sshd

QUICK_CUT = Timing(
    connect_s=5.0, keep_alive_s=0.2, patience_s=0.5, first_retry_s=0.02, most_retry_s=0.1
)


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with ExitStack() as stack:
        yield Cable(tmp_path, stack)


@pytest.fixture
def host(cable: Cable) -> Iterator[SshHost]:
    """At the far end of the cable."""
    found = SshHost(cable.sshd.endpoint(), timing=QUICK_CUT, dial=cable.dial)
    yield found
    found.close()


@pytest.mark.root
@pytest.mark.lab
def test_a_link_that_goes_down_is_not_the_end_of_what_runs(
    cable: Cable, host: SshHost, tmp_path: Path
) -> None:
    reached, ends, fifo = Queue[Reach](), Queue[Exit](), tmp_path / "fifo"
    os.mkfifo(fifo)
    host.on_reach(reached.put)
    script = f"read word <{fifo}; exit $word"
    process = host.spawn(["sh", "-c", script], run_dir=tmp_path / "run", on_exit=ends.put)
    cable.plug(False)
    lost = reached.get(timeout=PATIENCE_S)
    assert not lost.up
    assert lost.why.startswith("no sign of life for")
    with pytest.raises(Unreachable):
        host.run(["true"])
    fifo.write_text("3\n")
    assert sessions.wait_gone([process.pid], PATIENCE_S) == []
    cable.plug(True)
    assert reached.get(timeout=PATIENCE_S).up
    assert ends.get(timeout=PATIENCE_S).status == 3
    assert host.run(["echo", "back"]).stdout == "back\n"


@pytest.mark.root
@pytest.mark.lab
def test_who_waits_for_an_answer_is_told_of_the_cut(
    cable: Cable, host: SshHost, tmp_path: Path
) -> None:
    fifo, told = tmp_path / "fifo", Queue[HostError]()
    os.mkfifo(fifo)

    def ask() -> None:
        try:
            host.run(["sh", "-c", f"echo begun >{fifo}; exec sleep 60"], timeout_s=None)
        except HostError as problem:
            told.put(problem)

    host.connect()
    asking = threading.Thread(target=ask)
    asking.start()
    assert fifo.read_text() == "begun\n"
    cable.plug(False)
    assert isinstance(told.get(timeout=PATIENCE_S), Unreachable)
    asking.join()
    cable.plug(True)


def test_silence_is_no_loss_while_signs_of_life_come(sshd: Sshd, connect: Connect) -> None:
    host, told, alive = connect(sshd), Queue[Reach](), threading.Event()
    host.on_reach(told.put)
    host.run(["true"])
    # longer than the keep-alive and the patience together
    host._shell.after(QUICK.keep_alive_s * 5 + QUICK.patience_s, alive.set)
    assert alive.wait(PATIENCE_S)
    assert told.empty()
    assert host.reach.up


def test_closing_while_it_is_lost_does_not_wait(sshd: Sshd, connect: Connect) -> None:
    host, told = connect(sshd), Queue[Reach]()
    host.on_reach(told.put)
    host.run(["true"])
    sshd.stop()
    assert not told.get(timeout=PATIENCE_S).up
    host.close()
    assert told.empty()
