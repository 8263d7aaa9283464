"""What every host does with interactive commands."""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts import sessions, terminals
from nepishell.hosts.base import Host, Terminal

PATIENCE_S = 20.0

Open = Callable[..., Terminal]


@pytest.fixture(autouse=True)
def gives_terminals(request: pytest.FixtureRequest) -> None:
    """A server of an ordinary user may have none to give."""
    if os.geteuid() != 0 and "ssh" in request.node.name:
        pytest.skip("terminals of sshd need root")


@pytest.fixture
def opened(host: Host) -> Iterator[Open]:
    """Opens terminals that are closed at the end."""
    with ExitStack() as stack:

        def open_(*argv: str, rows: int = 24, cols: int = 80, **env: str) -> Terminal:
            terminal = host.terminal(argv, rows=rows, cols=cols, env=env)
            stack.callback(terminal.close)
            return terminal

        yield open_


def read_until(terminal: Terminal, mark: bytes) -> bytes:
    """What came until *mark*; blocks on the descriptor alone, as a program that waits for two."""
    text = b""
    while mark not in text:
        assert select.select([terminal], [], [], PATIENCE_S)[0], text
        data = terminal.read()
        assert data, text
        text += data
    return text


def read_all(terminal: Terminal) -> bytes:
    text = b""
    while data := terminal.read():
        text += data
    return text


def test_shows_what_a_program_writes_and_its_status(opened: Open) -> None:
    terminal = opened("sh", "-c", "echo out; echo err >&2; exit 3")
    assert isinstance(terminal, Terminal)
    assert read_all(terminal) == b"out\r\nerr\r\n"
    assert terminal.close() == 3
    assert terminal.close() == 3


def test_the_program_has_a_terminal_of_the_users_kind_and_size(opened: Open) -> None:
    terminal = opened("sh", "-c", "stty size; echo $TERM", rows=30, cols=100, TERM="vt100")
    assert read_all(terminal) == b"30 100\r\nvt100\r\n"


def test_the_terminal_controls_the_session(opened: Open) -> None:
    # /dev/tty is the controlling terminal of whoever opens it
    terminal = opened("sh", "-c", "echo mine > /dev/tty; ps -o tpgid= -p $$; echo $$")
    text, group, pid = read_all(terminal).split()
    assert text == b"mine"
    assert group == pid


def test_what_is_typed_arrives_and_is_echoed(opened: Open) -> None:
    terminal = opened("sh", "-c", 'read line; echo "got $line"')
    terminal.write("grüße\r".encode())
    assert read_all(terminal) == "grüße\r\ngot grüße\r\n".encode()


def test_ctrl_c_interrupts_what_is_in_the_foreground(opened: Open) -> None:
    terminal = opened("sh", "-c", "trap 'echo caught; exit 5' INT; echo ready; read line")
    read_until(terminal, b"ready")
    terminal.write(b"\x03")
    assert b"caught" in read_all(terminal)
    assert terminal.close() == 5


def test_jobs_of_a_shell_are_controlled(opened: Open) -> None:
    terminal = opened("sh", "-i", PS1="$ ", ENV="")
    terminal.write(b"sh -c 'echo re''ady; exec cat'\r")
    read_until(terminal, b"ready\r\n")
    terminal.write(b"\x1a")
    read_until(terminal, b"$ ")
    terminal.write(b"kill %1; echo ${PS1}over\r")
    read_until(terminal, b"$ over")


def test_a_new_size_is_told_to_the_program(opened: Open) -> None:
    terminal = opened(
        "sh", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do read x; done"
    )
    read_until(terminal, b"ready")
    terminal.resize(11, 44)
    assert b"11 44" in read_all(terminal)


def test_ends_with_the_program_although_its_child_holds_the_terminal(opened: Open) -> None:
    terminal = opened("sh", "-c", "(trap '' HUP; exec sleep 60) & echo $!; exit 4")
    pid = int(read_all(terminal))
    assert terminal.close() == 4
    sessions.send(pid, signal.SIGKILL)


def test_closing_hangs_up(opened: Open) -> None:
    terminal = opened("sh", "-c", "echo ready; read line")
    read_until(terminal, b"ready")
    assert terminal.close() == 128 + signal.SIGHUP


def test_what_ignores_the_hang_up_is_killed(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "GRACE_S", 0.05)
    terminal = opened("sh", "-c", "trap '' HUP; echo ready; while :; do sleep 60; done")
    read_until(terminal, b"ready")
    assert terminal.close() == 128 + signal.SIGKILL


def test_closing_the_host_ends_the_program(host: Host, opened: Open) -> None:
    terminal = opened("sh", "-c", "echo ready; read line")
    read_until(terminal, b"ready")
    host.close()
    assert read_all(terminal) == b""
    terminal.write(b"nobody reads this")
    assert terminal.close() == 128 + signal.SIGKILL


def test_a_large_paste_and_a_large_answer_do_not_block_each_other(opened: Open) -> None:
    terminal = opened("sh", "-c", "stty raw -echo; echo ready; exec cat")
    read_until(terminal, b"ready\n")
    paste = b"0123456789abcdef" * 8192
    terminal.write(paste)
    back = b""
    while len(back) < len(paste):
        assert select.select([terminal], [], [], PATIENCE_S)[0]
        back += terminal.read()
    assert back == paste


def test_a_flood_does_not_hold_up_who_types(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "MOST_KEPT", 1 << 16)
    terminal = opened("sh", "-c", "stty raw -echo; exec yes")
    terminal.write(b"x" * (1 << 20))
    assert b"y\n" in read_until(terminal, b"y\n")


def test_a_program_that_does_not_exist_is_named(host: Host) -> None:
    with pytest.raises(HostError, match="command 'no-such-tool' is not found"):
        host.terminal(["no-such-tool"], rows=24, cols=80)
    with pytest.raises(HostError, match="name a program"):
        host.terminal([""], rows=24, cols=80)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_terminals_leave_no_descriptor_and_no_thread(host: Host) -> None:
    host.run(["true"])
    before = open_files(), threading.active_count()
    for _ in range(5):
        terminal = host.terminal(["true"], rows=24, cols=80)
        read_all(terminal)
        terminal.close()
    with pytest.raises(HostError):
        host.terminal(["no-such-tool"], rows=24, cols=80)
    assert (open_files(), threading.active_count()) == before
