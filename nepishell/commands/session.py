"""The session itself: say, source, help, quit."""

from itertools import groupby
from pathlib import Path

from nepishell.commands.context import RULE, Context, Quit
from nepishell.commands.notes import Note, note, tell
from nepishell.core.errors import UnknownName
from nepishell.lang.registry import LOOK, RUN, Command, command, commands
from nepishell.lang.usage import help_text
from nepishell.output.cells import wrapped
from nepishell.output.records import Drawing, Message, Records
from nepishell.output.render import render

HELP = ("command", "what it does")


@command("say <words:argv>", effects=LOOK, group="session")
def say(ctx: Context, *, words: tuple[str, ...]) -> Note:
    """Show a text: what a recipe tells those who watch it.

    say "now the queue becomes ten times shorter"
    """
    return tell(" ".join(words))


@command("source <file:path(.nepi)>", effects=RUN, group="session")
def source(ctx: Context, *, file: str) -> Note:
    """Play a recipe; its name is relative to the one that plays it."""
    ctx.source(Path(file))
    return note(f"played {file}")


@command("help [<topic:verb>]", effects=LOOK, group="session", columns=HELP)
def help_(ctx: Context, *, topic: str = "") -> Drawing | Message:
    """What can be typed; or all about one command.

    help wait
    """
    if topic:
        named = _named(topic)
        rule = f"\n\nThe rule: {RULE}." if named[0].group == "run" else ""
        manual = "\n\n".join(help_text(one, commands.types) for one in named)
        return Message(manual + rule, prose=True)
    ordered = sorted(commands, key=lambda one: (one.group, one.name))
    rows = [
        (one.usage, one.summary) for _, group in groupby(ordered, lambda one: one.group)
        for one in group
    ]  # fmt: skip
    records = Records(HELP, rows, "commands")
    return Drawing(
        records,
        lambda style: "\n".join(
            [render(records, "table", style), wrapped(f"The rule: {RULE}.", "", style)]
        ),
    )


def _named(topic: str) -> list[Command]:
    found = [one for one in commands if one.name.split()[0] == topic]
    if not found:
        raise UnknownName(f"no help on '{topic}'; see 'help'")
    return found


@command("quit", effects=LOOK, group="session")
def quit_(ctx: Context) -> Note:
    """Leave; what was built is released."""
    raise Quit
