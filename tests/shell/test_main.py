"""The prompt on a real terminal: what is on the screen, and what is left when it is gone."""

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte
import pytest

from nepishell.shell.main import main

ROWS, COLUMNS = 24, 100


class Terminal:
    """A program in a pseudo-terminal, and the screen that a person would see."""

    def __init__(self, folder: Path, command: str = "-m nepishell", **more: str) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        environment = {
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/bin",
            "XDG_STATE_HOME": str(folder), "HOME": str(folder), **more,
        }  # fmt: skip
        self.child = pexpect.spawn(
            sys.executable, shlex.split(command),
            env=environment, dimensions=(ROWS, COLUMNS), timeout=20,
        )  # fmt: skip

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    def sees(self, text: str, seconds: float = 15.0, *, exactly: bool = False) -> None:
        """Read until a line has *text*, or is it; fails with the screen when it does not come."""
        while not any(text == line if exactly else text in line for line in self.lines):
            self._reads(text, seconds)

    def _reads(self, text: str, seconds: float) -> None:
        try:
            data = self.child.read_nonblocking(4096, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            pytest.fail(f"no '{text}' on the screen:\n" + "\n".join(filter(None, self.lines)))
        self._stream.feed(data)
        # prompt_toolkit asks where the cursor is; a terminal answers
        if b"\x1b[6n" in data:
            self.child.send(f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R")

    def sees_one(self, *texts: str) -> str:
        """Read until a line has one of *texts*; says which."""
        while True:
            for text in texts:
                if any(text in line for line in self.lines):
                    return text
            self._reads(" or ".join(texts), 30.0)

    def type(self, keys: str) -> None:
        self.child.send(keys)

    def ends(self) -> int:
        """The exit status, once the program has ended."""
        self.child.expect(pexpect.EOF)
        self.child.wait()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)

    def dies(self) -> int:
        """The window is closed; the exit status of who lived in it."""
        # pexpect's own close() would send signals as well
        self.child.ptyproc.fileobj.close()
        self.child.ptyproc.closed = self.child.closed = True
        _, status = os.waitpid(self.child.pid, 0)
        self.child.terminated = self.child.ptyproc.terminated = True
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.child.close(force=True)


def test_the_first_screen_says_how_to_begin(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.sees("nothing described yet: try 'help' or 'types'")
    assert "'help' lists the commands" in terminal.lines[0]
    assert terminal.lines[1] == "the first time here? 'tour' shows the way in three screens"
    terminal.type("\x04")
    assert terminal.ends() == 0


def test_who_has_typed_a_line_before_is_not_offered_the_tour(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.sees("nepishell>")
    terminal.type("say hello\r")
    terminal.sees("hello", exactly=True)
    terminal.type("\x04")
    assert terminal.ends() == 0
    second = Terminal(tmp_path)
    try:
        second.sees("nepishell>")
        assert not any("tour" in line for line in second.lines)
    finally:
        second.child.close(force=True)


def test_tab_completes_a_word(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.type("add local::No")
    terminal.sees("local::Node ")
    terminal.type("\t")
    terminal.sees("[<labels>]")
    terminal.type("here\r")
    terminal.sees("here is resource 1, a local::Node")
    terminal.sees("○ 1 NEW")


def test_output_never_breaks_the_line_being_typed(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.type("every 20ms times 20 say tick\r")
    terminal.sees("task %1")
    terminal.type("say a half-typed line")
    terminal.sees("1 task")
    terminal.sees("tick")
    terminal.type("\x01\x05")  # to the beginning of the line and back: it is drawn once more
    terminal.sees("nepishell> say a half-typed line")
    terminal.type("\r")
    terminal.sees("a half-typed line", exactly=True)


def test_ctrl_d_asks_when_something_is_deployed(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.type("add local::Node here\rdeploy\r")
    terminal.sees("● 1 STARTED")
    terminal.type("\x04")
    terminal.sees("here: release it and leave, keep it running, stay? [r/k/S]")
    terminal.type("s\r")
    terminal.sees("nepishell>", exactly=True)
    terminal.type("\x04")
    terminal.sees("[r/k/S]", exactly=False)
    terminal.type("r\r")
    assert terminal.ends() == 0


def test_lines_of_two_sessions_are_recalled(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sees("nepishell>")
    terminal.type("say something mine\r")
    terminal.sees("something mine", exactly=True)
    other = Terminal(tmp_path)
    other.sees("nepishell>")
    other.type("say a needle theirs\r")
    other.sees("a needle theirs", exactly=True)
    terminal.type("\x1b[A")
    terminal.sees("nepishell> say something mine")
    terminal.type("\x15say someth")
    terminal.sees("nepishell> say something mine")  # the end of it is only suggested
    terminal.type("\x05 too\r")
    terminal.sees("something mine too", exactly=True)
    # Ctrl-R looks for a part, in lines of others too
    terminal.type("\x12needle")
    terminal.sees("say a needle theirs")
    terminal.type("\r\r")
    terminal.sees("a needle theirs", exactly=True)
    other.type("\x04")
    assert other.ends() == 0


def test_a_terminal_that_is_closed_releases_all_the_same(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.sees("nepishell>")
    terminal.type("add local::Node here\rdeploy\r")
    terminal.sees("● 1 STARTED")
    terminal.child.kill(signal.SIGHUP)
    assert terminal.ends() == 128 + signal.SIGHUP


def processes_of(folder: Path) -> list[str]:
    """Command lines of the processes that have *folder* in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        # a process may end while we look
        with suppress(OSError):
            if entry.name.isdigit() and str(folder).encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


@pytest.mark.lab
def test_a_terminal_that_dies_leaves_nothing_of_a_lab_behind(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.sees("nepishell>")
    terminal.type("add netns::Node h[1-2]\radd netns::Link wire\rconnect h1 wire h2\r")
    terminal.type("add linux::Application work on h1 command='sleep 1000'\rdeploy\r")
    terminal.sees("4 STARTED")
    assert any("sleep 1000" in line for line in processes_of(tmp_path))
    # half a line is being typed
    terminal.type("add netns::No")
    terminal.sees("add netns::No")
    assert terminal.dies() == 128 + signal.SIGHUP
    assert processes_of(tmp_path) == []


@pytest.mark.lab
def test_a_terminal_that_dies_during_a_wait_leaves_nothing_either(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.sees("nepishell>")
    terminal.type("add netns::Node h1\rdeploy wait\r")
    terminal.sees("1 STARTED")
    terminal.type("wait 1h\r")
    terminal.sees("nepishell> wait 1h")
    assert terminal.dies() == 128 + signal.SIGHUP
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize(("rows", "columns"), [(5, 20), (2, 40), (1, 60)])
def test_a_small_terminal_gets_something_sensible(tmp_path: Path, rows: int, columns: int) -> None:
    terminal = Terminal(tmp_path)
    terminal.child.setwinsize(rows, columns)
    terminal._screen.resize(rows, columns)
    terminal.sees("nepishell>")
    terminal.type("say hello\r")
    if rows > 1:
        terminal.sees("hello", exactly=True)
    terminal.sees("nepishell>", exactly=True)
    terminal.type("\x04")
    assert terminal.ends() == 0


def test_a_terminal_that_becomes_small_keeps_the_line(terminal: Terminal) -> None:
    terminal.sees("nepishell>")
    terminal.type("say half a line")
    terminal.sees("nepishell> say half a line")
    terminal._screen.resize(4, 30)
    terminal.child.setwinsize(4, 30)
    terminal.sees("nepishell> say half a line")
    terminal.type(" and more\r")
    terminal.sees("half a line and more", exactly=True)


def test_no_color_is_no_colour(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, NO_COLOR="1")
    terminal.sees("nepishell>")
    terminal.type("lits\r")
    terminal.sees("no command 'lits'")
    terminal.sees("nepishell>", exactly=True)
    colours = {cell.fg for row in terminal._screen.buffer.values() for cell in row.values()}
    assert colours <= {"default"}
    terminal.type("\x04")
    assert terminal.ends() == 0


def test_a_dumb_terminal_gets_a_plain_prompt(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, TERM="dumb")
    terminal.sees("nepishell>")
    terminal.type("say hello\rlits\r")
    terminal.sees("hello", exactly=True)
    terminal.sees("no command 'lits'; did you mean 'list'?")
    terminal.type("\x04")
    assert terminal.ends() == 0
    colours = {cell.fg for row in terminal._screen.buffer.values() for cell in row.values()}
    assert colours <= {"default"}


def test_who_redirects_the_output_gets_no_prompt_in_it(tmp_path: Path) -> None:
    target = tmp_path / "out"
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.stdout = open({str(target)!r}, 'w')\n"
        "from nepishell.cli import main; sys.exit(main([]))\n"
    )
    terminal = Terminal(tmp_path, str(script), PYTHONPATH=str(Path.cwd()))
    terminal.type("say hello\n\x04")
    assert terminal.ends() == 0
    assert target.read_text() == "hello\n"


def test_settings_are_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "nepishell").mkdir()
    (tmp_path / "nepishell" / "config.toml").write_text('keys = "vi"\ncolour = "red"\n')
    terminal = Terminal(tmp_path, XDG_CONFIG_HOME=str(tmp_path))
    terminal.sees("there are theme, keys")
    terminal.sees("nepishell>")
    terminal.type("say on\x1b0wiN\x1b")
    terminal.sees("nepishell> say Non")
    terminal.type("\x03\x04")
    assert terminal.ends() == 0


def test_wrong_arguments_of_the_prompt_are_a_usage_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--seed", "x"])
    assert caught.value.code == 2
