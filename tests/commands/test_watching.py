"""What a command shows, again whenever something happens."""

import re
import select
from collections.abc import Callable
from threading import Event

import pytest

from nepishell.commands.watching import Watching
from nepishell.core.errors import NepishellError
from nepishell.core.events import Noted
from nepishell.hosts.base import Terminal
from tests.commands.stand import Session

PATIENCE_S = 20.0
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Person:
    """Sits at a terminal of *rows* by 60, on which a program of ours runs."""

    def __init__(self, session: Session, rows: int = 10) -> None:
        self.session = session
        self.rows = rows
        self.act: Callable[[Person], None] = lambda person: None
        self.frame = b""
        session.ctx.attach = self.attach

    def attach(self, open_: Callable[[int, int], Terminal]) -> int:
        self.program = open_(self.rows, 60)
        self.act(self)
        return self.program.close()

    def watches(self, line: str, act: Callable[["Person"], None]) -> str:
        """What is said in the end; *act* works at the terminal meanwhile."""
        self.act = act
        return self.session.text(f"watch {line}")

    def look(self) -> list[str]:
        """The next screen, without colours."""
        assert select.select([self.program], [], [], PATIENCE_S)[0], "nothing new"
        self.frame = self.program.read()
        return _CODES.sub("", self.frame.decode()).split("\r\n") if self.frame else []

    def until(self, is_so: Callable[[list[str]], bool]) -> list[str]:
        """The first screen that is so."""
        while not is_so(lines := self.look()):
            pass
        return lines

    def press(self, keys: str) -> list[str]:
        self.program.write(keys.encode())
        return self.look()


@pytest.fixture
def person(session: Session) -> Person:
    session("add test::Node h[1-3]")
    return Person(session)


def test_the_screen_changes_by_events_and_marks_what_changed(person: Person) -> None:
    def act(person: Person) -> None:
        assert person.look()[0].startswith("watch list")
        assert person.frame.startswith(b"\x1b[?1049h"), "the screen before comes back afterwards"
        person.session("deploy")
        person.until(lambda lines: sum("STARTED" in line for line in lines) == 3)
        assert b"\x1b[7mSTARTED\x1b[27m" in person.frame
        assert person.press("q") == []

    assert "the experiment goes on" in person.watches("list", act)
    assert person.session.state("h1") == "STARTED"


def test_stages_are_of_what_is_watched(person: Person) -> None:
    def act(person: Person) -> None:
        assert [line.strip() for line in person.look()[1:]] == ["label", "h2"]

    person.watches("list | where label=h2 | cols label", act)


def test_marks_go_by_themselves(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nepishell.commands.watching.MARKED_S", 0.3)

    def act(person: Person) -> None:
        person.look()
        person.session("label h1 first")
        person.until(lambda lines: b"\x1b[7m" in person.frame)
        person.until(lambda lines: b"\x1b[7m" not in person.frame)

    person.watches("list", act)


def test_without_events_only_what_depends_on_time_is_looked_at_again(person: Person) -> None:
    def act(person: Person) -> None:
        assert isinstance(person.program, Watching)
        person.look()
        assert person.program._longest() is None

    person.watches("list", act)

    def look_twice(person: Person) -> None:
        first = person.look()
        assert person.until(lambda lines: lines != first)

    person.watches("status", look_twice)


def test_however_much_happens_there_are_few_screens_a_second(person: Person) -> None:
    def act(person: Person) -> None:
        person.look()
        posted, bus = Event(), person.session.ec.bus
        for number in range(5000):
            bus.post(Noted(0.0, 0, "info", f"{number}"))
        bus.subscribe(lambda event: posted.set())
        bus.drain()
        person.look()
        assert not select.select([person.program], [], [], 0)[0]

    person.watches("list", act)


@pytest.mark.parametrize("key", ["q", "Q", "\x03", "\x04", "\x1b"])
def test_many_keys_lead_back(person: Person, key: str) -> None:
    def act(person: Person) -> None:
        person.look()
        assert person.press(key) == []

    person.watches("list", act)


def test_what_does_not_fit_is_moved_through_below_the_titles(person: Person) -> None:
    person.session("add test::Node n[1-20]")

    def act(person: Person) -> None:
        lines = person.look()
        assert len(lines) == 10
        assert "1-8 of 23" in lines[0]
        lines = person.press("\x1b[B")
        assert lines[1].split()[0] == "guid"
        assert lines[2].split()[1] == "h2"
        for key, part in (("\x1b[6~", "11-18"), (" ", "16-23"), ("k", "15-22"), ("b", "6-13")):
            assert f"{part} of 23" in person.press(key)[0]

    person.watches("list", act)


def test_another_size_of_the_window_is_used_at_once(person: Person) -> None:
    def act(person: Person) -> None:
        person.look()
        person.program.resize(2, 20)
        lines = person.look()
        assert len(lines) == 2
        assert len(lines[0]) <= 20

    person.watches("list", act)


def test_a_mistake_that_comes_later_is_shown_until_it_is_none(person: Person) -> None:
    def act(person: Person) -> None:
        person.look()
        person.session("remove h2")
        assert person.until(lambda lines: lines[1] == "no resource 2")

    person.watches("show h2", act)


def test_what_is_watched_may_have_another_format(person: Person) -> None:
    def act(person: Person) -> None:
        assert person.look()[1].startswith("[{")

    person.watches("list | json", act)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("watch deploy", "'deploy' cannot be watched"),
        ("watch log follow", "'log follow' cannot be watched"),
        ("watch watch list", "'watch' cannot be watched"),
        ("watch quit", "'quit' cannot be watched"),
        ("watch list > file", "leave out the '>'"),
        ("watch list &", "'watch' cannot go on by itself"),
    ],
)
def test_what_cannot_be_watched_is_refused(person: Person, line: str, problem: str) -> None:
    with pytest.raises(NepishellError, match=problem):
        person.session(line)


def test_without_a_terminal_it_says_what_to_do_instead(session: Session) -> None:
    with pytest.raises(NepishellError, match="'every 1s list'"):
        session("watch list")
