"""What makes up for a command that cannot be undone, in one table: `undo` and `explain` read it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from nepishell.commands.context import Context
from nepishell.core.states import ResourceState
from nepishell.lang.registry import DESIGN, LOOK, Command


class Way(NamedTuple):
    """*line*: what to type, with {} for the resources; '' where nothing helps. *text*: a sentence
    that goes on after the line.

    *is_wall*: it uses what was described before, so `undo` stops at it.
    """

    line: str
    text: str
    is_wall: bool = False

    def about(self, names: str) -> str:
        """The whole sentence."""
        return f"'{self.line.format(names)}' {self.text}" if self.line else self.text


_RELEASE = Way("release {}", "gives it back", is_wall=True)
_CANCEL = Way("cancel", "takes back what has not happened yet")
_UNKNOWN = Way("", "what the program did stays done")
_WAYS: Mapping[str, Way] = {
    "deploy": _RELEASE,
    "discover": _RELEASE,
    "provision": _RELEASE,
    "start": Way("stop {}", "ends it", is_wall=True),
    "stop": Way("start {}", "lets it run again", is_wall=True),
    "release": Way("", "what is gone is gone; describe it anew and deploy it", is_wall=True),
    "at": _CANCEL,
    "every": _CANCEL,
    "cancel": Way("", "give the cancelled command again"),
    "exec": _UNKNOWN,
    "node": _UNKNOWN,
    "expect exec": _UNKNOWN,
    "open": _UNKNOWN,
    "pool avoid": Way("pool forgive", "takes it off the black-list"),
    "pool forgive": Way("pool avoid", "puts it back on the black-list"),
}
_UNDO = Way("undo", "takes it back")
_STAYS = Way("", "what it did stays done")


def way_back(ctx: Context, command: Command, args: Mapping[str, Any]) -> tuple[str, bool]:
    """(how to make up for it, as a sentence; whether it is a wall); ('', False) for a look."""
    if command.effects is LOOK:
        return "", False
    way = _UNDO if command.effects is DESIGN else _WAYS.get(command.name, _STAYS)
    targets = args.get("targets") or (_new(ctx) if command.name == "deploy" else ())
    return way.about(ctx.names(targets) if targets else "..."), way.is_wall


def _new(ctx: Context) -> tuple[int, ...]:
    """What a deploy without names deploys."""
    rows = ctx.ec.snapshot().resources
    return tuple(r.guid for r in rows if r.state < ResourceState.READY and not r.group)
