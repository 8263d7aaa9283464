"""Each typed command goes into the past: what it described, or what would make up for it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nepishell.commands.context import Context
from nepishell.core.states import ResourceState
from nepishell.lang.registry import DESIGN, LOOK, Command

T = TypeVar("T")

#: They move in the past, or their lines are remembered one by one.
_NOT_REMEMBERED = frozenset({"undo", "redo", "source"})
#: What acts on resources for good or for bad: nothing described before is unused any more.
_RELEASE = "'release {}' gives it back"
_WALLS: Mapping[str, str] = {
    "deploy": _RELEASE,
    "discover": _RELEASE,
    "provision": _RELEASE,
    "start": "'stop {}' ends it",
    "stop": "'start {}' lets it run again",
    "release": "what is gone is gone; describe it anew and deploy it",
}
_OTHERS: Mapping[str, str] = {
    "at": "'cancel' takes back what has not happened yet",
    "every": "'cancel' takes back what has not happened yet",
    "cancel": "give the cancelled command again",
}


def remembered(ctx: Context, command: Command, args: Mapping[str, Any], act: Callable[[], T]) -> T:
    """Do *act*, which performs *command*, and enter it into the past of *ctx*."""
    past, line = ctx.past, ctx.line
    if past is None or command.effects is LOOK or command.name in _NOT_REMEMBERED:
        return act()
    if command.effects is DESIGN:
        with past.describing(line):
            return act()
    advice, is_wall = _advice(ctx, command.name, args)
    result = act()
    past.ran(line, advice, is_wall=is_wall)
    return result


def _advice(ctx: Context, name: str, args: Mapping[str, Any]) -> tuple[str, bool]:
    wall = _WALLS.get(name)
    if wall is None:
        return _OTHERS.get(name, "what it did stays done"), False
    targets = args.get("targets") or (_new(ctx) if name == "deploy" else ())
    return wall.format(ctx.names(targets)) if targets else wall.format("..."), True


def _new(ctx: Context) -> tuple[int, ...]:
    rows = ctx.ec.snapshot().resources
    return tuple(r.guid for r in rows if r.state < ResourceState.READY and not r.group)
