"""The tour: three screens for the first time. They are read without a network or a manual."""

from typing import NamedTuple

from nepishell.commands.context import Context
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import width, wrapped
from nepishell.output.records import Drawing, Records
from nepishell.output.style import Style

COLUMNS = ("screen:int", "text")


class Try(NamedTuple):
    """A line to type, and what it does."""

    line: str
    does: str


#: Each screen: its title, then paragraphs and lines to type.
SCREENS: tuple[tuple[str | Try, ...], ...] = (
    (
        "See a whole experiment first",
        "An experiment is made of resources: hosts, links, programs. Each has a number, and a "
        "label if you give it one. It goes through states: NEW, READY, STARTED, STOPPED, and "
        "RELEASED in the end. The line at the bottom counts them.",
        "The recipe 'quickstart' makes two hosts on this machine with a slow link between them, "
        "and measures the link. It takes seconds, needs no network and leaves nothing behind.",
        Try("source quickstart", "play the recipe"),
        Try("list", "the resources it made, and their states"),
        Try("trace probe stdout", "what its ping said"),
        "Tab completes any word, ? says what may come next, F1 explains the command on the line. "
        "If this machine cannot make hosts, 'nepishell doctor' says what it lacks.",
        "Next: type 'source quickstart', look around, then type 'tour 2'.",
    ),
    (
        "Change it while it runs",
        "What quickstart built is still there. The label of a host is a command: what follows "
        "runs on that host, where the labels of the others are host names.",
        Try("h1 ping -c 3 h2", "how long packets take"),
        Try("set wire delay 50ms", "change the link while packets cross it"),
        Try("h1 ping -c 3 h2", "there and back is 100 ms now"),
        Try("open h2", "a shell on a host; 'exit' comes back"),
        "Resources are described first, then deployed. A deployment goes on by itself as a task, "
        "and the prompt is yours at once.",
        Try("add linux::Ping again on h1 target=h2 count=20", "describe one more"),
        Try("plan", "what deploy would do; nothing is touched"),
        Try("deploy", "build and start what is new"),
        Try("tasks", "what goes on by itself"),
        "Next: type these, then 'tour 3'.",
    ),
    (
        "When something is wrong, and what to keep",
        Try("why again", "why it is in its state, and what would help"),
        Try("story again", "all that happened to it"),
        Try("undo", "take back what was described last; 'redo' does it again"),
        Try("history", "what was commanded"),
        Try("list linux::*", "sets of resources: also h[1-2], @STARTED, all"),
        Try("list | where state=STARTED", "listings are filtered, sorted, made JSON or CSV"),
        Try("apropos delay", "where the help speaks of something"),
        "Ctrl-C stops a wait, never the experiment. Ctrl-D leaves, and asks about what is "
        "deployed. 'nepishell run FILE' plays the lines of a file; with 'expect' in them they "
        "are a test.",
        "Next: type 'release' to take everything down. 'help' lists all commands, 'types' all "
        "types of resources.",
    ),
)
_INDENT = "    "


@command("tour [<screen:int(1,3)>]", effects=LOOK, group="session")
def tour(ctx: Context, *, screen: int = 1) -> Drawing:
    """Three screens for the first time: see an experiment, change it, find out what is wrong.

    tour
    tour 2
    """
    title, *parts = SCREENS[screen - 1]
    title = f"{title} ({screen} of {len(SCREENS)})"
    rows = [(screen, text if isinstance(text, str) else f"{text.line}: {text.does}")
            for text in (title, *parts)]  # fmt: skip
    return Drawing(Records(COLUMNS, rows, "parts"), lambda style: _draw(title, parts, style))


def _draw(title: str, parts: list[str | Try], style: Style) -> str:
    tries = [len(part.line) for part in parts if isinstance(part, Try)]
    column = len(_INDENT) + max(tries) + 2
    blocks = [style.paint(title, "bold")]
    before: str | Try = ""
    for part in parts:
        block = wrapped(part, "", style) if isinstance(part, str) else _line(part, column, style)
        blocks += [block] if isinstance(part, Try) and isinstance(before, Try) else ["", block]
        before = part
    return "\n".join(blocks)


def _line(part: Try, column: int, style: Style) -> str:
    """What it does stands beside the line, or below it where that does not fit."""
    line = f"{_INDENT}{style.paint(part.line, 'keyword')}"
    if style.width is not None and column + width(part.does) > style.width:
        return f"{line}\n{wrapped(part.does, _INDENT * 2, style)}"
    return f"{line}{' ' * (column - len(_INDENT) - len(part.line))}{part.does}"
