"""What commands show fits the terminal, also a narrow one, and also with long names."""

import re

import pytest

from nepishell.lang.registry import LOOK, commands
from nepishell.output.cells import width
from nepishell.output.render import render
from nepishell.output.style import Style
from tests.commands.stand import Session

LONG = "a-very-long-label-of-a-host-in-a-laboratory-far-away-"
#: Lines by the command that they are of.
LINES = {
    "list": "list", "tasks": "tasks", "groups": "groups", "log": "log", "status": "status",
    "get": f"get {LONG}wire", "trace": f"trace {LONG}probe", "show": f"show {LONG}probe",
    "trace show": f"trace {LONG}probe rtt", "why": f"why {LONG}bad", "plan": "plan",
    "plot": "plot", "timeline": "timeline", "pool": "pool", "runs": "runs", "types": "types",
    "options": "options", "explain": f"explain deploy {LONG}1", "apropos": "apropos host",
    "help": "help", "history": "history", "topologies": "topologies",
}  # fmt: skip
#: They show nothing that is laid out: sentences, what programs wrote, JSON; or they last.
OTHERS = {
    "trace path", "trace follow", "log level", "log follow", "watch", "timeline save",
    "history lines", "plot save", "plot numbers",
}  # fmt: skip
TEXTS = ("help wait", "help deploy", "types test::App", "types linux::Ping")
_CODES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def crowded(session: Session) -> Session:
    """Long labels everywhere, and things that go on."""
    session.ctx.remember()
    session(
        f"add test::Node {LONG}[1-9]",
        f"add test::Link {LONG}wire",
        f"connect {LONG}1 {LONG}wire {LONG}2",
        f"add test::App {LONG}probe on {LONG}1 target={LONG}2",
        f"add test::App {LONG}bad on {LONG}2 fails=true critical=false",
        f"at 1h say {LONG} {LONG} {LONG}",
        f"when {LONG}9 STOPPED start {LONG}bad",
        "deploy nowait",
    )
    session.ec.wait_started(list(range(1, 10)))
    return session


def shown(session: Session, line: str, columns: int) -> list[str]:
    style = Style(colour=True, glyphs=True, width=columns)
    texts = [
        render(one.result, one.form or "table", style) for one in session.interpreter.run(line)
    ]
    return _CODES.sub("", "\n".join(texts)).splitlines()


@pytest.mark.parametrize("columns", [80, 40, 25])
@pytest.mark.parametrize("line", [*LINES.values(), *TEXTS])
def test_no_line_is_wider_than_the_terminal(crowded: Session, line: str, columns: int) -> None:
    lines = shown(crowded, line, columns)
    assert lines
    assert [each for each in lines if width(each) > columns] == []


def test_every_command_that_shows_something_is_among_them() -> None:
    looking = {one.name for one in commands if one.effects is LOOK and one.group == "look"}
    assert looking <= LINES.keys() | OTHERS


def test_what_has_no_room_is_named(crowded: Session) -> None:
    assert shown(crowded, "tasks", 30)[-1].startswith("too narrow to show: ")
