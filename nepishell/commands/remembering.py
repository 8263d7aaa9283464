"""Each typed command goes into the past: what it described, or what would make up for it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nepishell.commands.compensating import way_back
from nepishell.commands.context import Context
from nepishell.lang.registry import DESIGN, LOOK, Command

T = TypeVar("T")

#: They move in the past, or their lines are remembered one by one.
_NOT_REMEMBERED = frozenset({"undo", "redo", "source"})


def remembered(ctx: Context, command: Command, args: Mapping[str, Any], act: Callable[[], T]) -> T:
    """Do *act*, which performs *command*, and enter it into the past of *ctx*."""
    past, line = ctx.past, ctx.line
    if past is None or command.effects is LOOK or command.name in _NOT_REMEMBERED:
        return act()
    if command.effects is DESIGN:
        with past.describing(line):
            return act()
    advice, is_wall = way_back(ctx, command, args)
    result = act()
    past.ran(line, advice, is_wall=is_wall)
    return result
