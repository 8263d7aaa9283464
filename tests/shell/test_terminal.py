"""The terminal handed over: bytes both ways, and everything as before afterwards."""

import os
import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.core.errors import HostError, NepishellError
from nepishell.hosts.fake import FakeHost
from nepishell.hosts.faketerminal import FakeTerminal
from nepishell.shell.terminal import LEAVE, Modes, hand_over
from tests.shell.test_main import Terminal


class Person:
    """Who sits at a terminal that we hold: a pty."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        self.host = FakeHost()

    def works(self, program: str = "sh") -> int:
        return hand_over(self.opens, self.slave, self.slave)

    def opens(self, rows: int, cols: int) -> FakeTerminal:
        self.program = self.host.terminal(["sh"], rows=rows, cols=cols)
        return self.program

    @property
    def settings(self) -> list[object]:
        return list(termios.tcgetattr(self.slave))

    def sees(self) -> bytes:
        return os.read(self.master, 10000)

    def close(self) -> None:
        for fd in (self.master, self.slave):
            os.close(fd)


@pytest.fixture
def person() -> Iterator[Person]:
    someone = Person()
    before = someone.settings
    yield someone
    assert someone.settings == before
    assert signal.getsignal(signal.SIGWINCH) in (signal.SIG_DFL, None)
    someone.close()


def test_output_arrives_as_it_is_and_the_status_is_told(person: Person) -> None:
    def opens(rows: int, cols: int) -> FakeTerminal:
        program = person.opens(rows, cols)
        program.say(b"gr\xc3\xbc\xc3\x9fe\r\n")
        program.end(3)
        return program

    assert hand_over(opens, person.slave, person.slave) == 3
    assert person.sees() == b"gr\xc3\xbc\xc3\x9fe\r\n\x1b[0m"


class Asking(FakeTerminal):
    """Shows a prompt, at which the person presses *keys*; ends at Ctrl-D."""

    def __init__(self, person: Person, keys: bytes) -> None:
        super().__init__(["sh"], 24, 80, lambda ended: None)
        self._person, self._keys = person, keys
        self.say(b"$ ")

    def read(self) -> bytes:
        data = super().read()
        if data:
            os.write(self._person.master, self._keys)
        return data

    def write(self, data: bytes) -> None:
        super().write(data)
        if b"\x04" in data:
            self.end()


def press(person: Person, keys: bytes) -> tuple[bytes, int]:
    """What the program got of *keys*, and its status."""
    program = Asking(person, keys)
    status = hand_over(lambda rows, cols: program, person.slave, person.slave)
    return program.typed, status


def test_keys_arrive_as_they_are_ctrl_c_included(person: Person) -> None:
    assert press(person, b"ls\r\x03\x1a\x04") == (b"ls\r\x03\x1a\x04", 0)


def test_a_key_three_times_comes_back_whatever_runs(person: Person) -> None:
    assert press(person, LEAVE * 3) == (b"", 128 + signal.SIGHUP)


def test_keys_that_were_read_too_early_come_first(person: Person) -> None:
    program = Asking(person, b"b\x04")
    hand_over(lambda rows, cols: program, person.slave, person.slave, typed=b"a")
    assert program.typed == b"ab\x04"


def test_the_key_among_others_is_for_the_program(person: Person) -> None:
    keys = b"x" + LEAVE * 3 + b"y\x04"
    assert press(person, keys) == (keys, 0)


def test_without_a_terminal_nothing_is_opened(tmp_path: Path) -> None:
    with (
        (tmp_path / "file").open("w+b") as file,
        pytest.raises(NepishellError, match="needs a terminal"),
    ):
        hand_over(lambda rows, cols: pytest.fail("it was opened"), file.fileno(), file.fileno())


def test_a_program_that_does_not_start_leaves_the_terminal_alone(person: Person) -> None:
    def refuses(rows: int, cols: int) -> FakeTerminal:
        raise HostError("h1: command 'vi' is not found")

    with pytest.raises(HostError, match="not found"):
        hand_over(refuses, person.slave, person.slave)


def test_a_signal_that_raises_ends_the_program_and_restores_the_terminal(person: Person) -> None:
    class Raises(FakeTerminal):
        def read(self) -> bytes:
            raise KeyboardInterrupt

    program = Raises(["sh"], 24, 80, lambda ended: None)
    program.say(b"x")
    with pytest.raises(KeyboardInterrupt):
        hand_over(lambda rows, cols: program, person.slave, person.slave)
    assert program.close() == 128 + signal.SIGHUP


class Resizing(FakeTerminal):
    """Its window becomes smaller when it has written; it ends when it was told."""

    def __init__(self, person: Person) -> None:
        super().__init__(["sh"], 30, 100, lambda ended: None)
        self._person = person

    def read(self) -> bytes:
        data = super().read()
        if data:
            termios.tcsetwinsize(self._person.slave, (11, 44))
            os.kill(os.getpid(), signal.SIGWINCH)
        return data

    def resize(self, rows: int, cols: int) -> None:
        super().resize(rows, cols)
        self.end()


def test_a_new_size_is_passed_on(person: Person) -> None:
    program = Resizing(person)
    program.say(b"x")
    hand_over(lambda rows, cols: program, person.slave, person.slave)
    assert program.sizes == [(30, 100), (11, 44)]


def test_what_a_program_left_switched_on_is_switched_off() -> None:
    modes = Modes()
    modes.see(b"\x1b[?1049h\x1b[?25l\x1b[?1000;10")
    modes.see(b"06h text")
    assert modes.undo() == (b"\x1b[?1000l\x1b[?1006l\x1b[?1049l\x1b[?25h\x1b[0m\r\n")
    modes.see(b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1006l\r\n")
    assert modes.undo() == b"\x1b[0m"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, SHELL="/bin/sh")
    yield terminal
    terminal.child.close(force=True)


def deploy_two(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.type("add netns::Node h[1-2]\r")
    terminal.type("deploy\r")
    terminal.sees("2 STARTED")


@pytest.mark.lab
def test_a_shell_on_a_node_and_back_several_times(terminal: Terminal) -> None:
    deploy_two(terminal)
    for name in ("h1", "h2"):
        terminal.type(f"open {name}\r")
        terminal.sees(f"{name}#" if os.geteuid() == 0 else f"{name}$")
        terminal.type("hostname; stty -a | grep -c isig; exit 7\r")
        terminal.sees(name, exactly=True)
        terminal.sees(f"back from {name} (status 7)")
    terminal.type("say we are back\r")
    terminal.sees("we are back", exactly=True)
    terminal.type("add local::No")
    terminal.sees("local::Node ")


@pytest.mark.lab
def test_ctrl_c_and_ctrl_z_are_for_what_runs_there(terminal: Terminal) -> None:
    deploy_two(terminal)
    terminal.type("open h1 sh -c 'trap \"echo caught\" INT TSTP; echo ready; read a; read b'\r")
    terminal.sees("ready", exactly=True)
    terminal.type("\x03")
    terminal.sees("caught")
    terminal.type("\x1d\x1d\x1d")
    terminal.sees("back from h1")


@pytest.mark.lab
def test_what_happens_meanwhile_is_told_afterwards(terminal: Terminal) -> None:
    deploy_two(terminal)
    terminal.type("at 100ms release h2\r")
    terminal.sees("in 100ms: release h2?")
    terminal.type("y\r")
    terminal.sees("task %")
    terminal.type("open h1 cat\r")
    terminal.type("typed there\r")
    terminal.sees("typed there", exactly=True)
    terminal.type("\x04")
    terminal.sees("back from h1")
    terminal.sees("h2: ◌ RELEASED")


def open_until_released(terminal: Terminal, node: str, seconds: int) -> bool:
    """Open a full-screen program on *node*, which is released meanwhile; whether it came up."""
    terminal.type(f"at {seconds}s release {node}\r")
    terminal.sees(f"in {seconds}s: release {node}?")
    terminal.type("y\r")
    terminal.sees(f"release {node} (task %")
    terminal.type(f"open {node} sh -c 'printf \"\\033[?1049h$(hostname) is full\"; read line'\r")
    return terminal.sees_one(f"{node} is full", f"{node} is RELEASED") == f"{node} is full"


@pytest.mark.lab
def test_a_node_that_is_released_meanwhile_gives_the_terminal_back(terminal: Terminal) -> None:
    deploy_two(terminal)
    # on a slow machine the release comes before the program has started: then there is more time
    node = "h1" if open_until_released(terminal, "h1", 1) else "h2"
    assert node == "h1" or open_until_released(terminal, "h2", 10)
    # the program is killed, and its screen left
    terminal.sees_one(f"back from {node}: {node} was released")
    terminal.type("say we are back\r")
    terminal.sees("we are back", exactly=True)
