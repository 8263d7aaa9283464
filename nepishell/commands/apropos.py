"""Searching the help: commands, types and attributes that speak of something."""

from collections.abc import Iterator

from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.core.errors import UnknownName
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.registry import LOOK, command, commands
from nepishell.output.records import Records

FOUND = ("kind", "name", "help")


@command("apropos <words:argv>", effects=LOOK, group="session", columns=names_of(FOUND))
def apropos(ctx: Context, *, words: tuple[str, ...]) -> Records:
    """Search the help: which commands, types, attributes and traces have these words in it.

    apropos delay
    apropos reply
    """
    wanted = [word.lower() for word in words]
    rows = [
        (kind, name, help_)
        for kind, name, help_, text in _all()
        if all(word in f"{name} {text}".lower() for word in wanted)
    ]
    if not rows:
        raise UnknownName(f"no help has '{' '.join(words)}' in it; 'help' lists the commands")
    return Records(FOUND, rows, "found")


def _all() -> Iterator[tuple[str, str, str, str]]:
    """(kind, name, what is shown, what is searched)."""
    for each in commands:
        yield "command", each.usage, each.summary, each.help
    told: set[tuple[str, str]] = set()
    for rtype, rclass in sorted(ResourceFactory.resource_types().items()):
        yield "type", rtype, rclass.get_help(), rclass.get_help()
        for attribute in rclass._attributes.values():
            # what a type has from the one it is built on is told once
            if (attribute.name, attribute.help) not in told:
                told.add((attribute.name, attribute.help))
                yield "attribute", f"{rtype} {attribute.name}", attribute.help, attribute.help
        for trace in rclass._traces.values():
            if (trace.name, trace.help) not in told:
                told.add((trace.name, trace.help))
                yield "trace", f"{rtype} {trace.name}", trace.help, trace.help
