"""When: what waits for what. Offsets count from the moment the last of the group got there."""

from typing import Any

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import format_duration
from nepishell.lang.registry import DESIGN, command


@command(
    "when <group:guids> <state> [+<delay:duration>] <action> <targets:guids>",
    effects=DESIGN,
    group="design",
)
def when(
    ctx: Context,
    *,
    group: tuple[int, ...],
    state: ResourceState,
    action: ResourceAction,
    targets: tuple[int, ...],
    delay: float = 0.0,
) -> Note:
    """Deploy, start or stop resources once others have reached a state, or some time later.

    when server STARTED +500ms start client
    when client STOPPED stop server,capture
    """
    ctx.ec.register_condition(targets, action, group, state, delay)
    what = f"{action.name.lower()} {ctx.names(targets)}"
    return note(f"{what} once {_point(ctx, group, state, delay)}", guids=list(targets))


@command(
    "when <group:guids> <state> [+<delay:duration>]"
    " set <targets:guids> <attr:attr(targets)> <value:value(targets,attr)>",
    effects=DESIGN,
    group="design",
    name="when set",
)
def when_set(
    ctx: Context,
    *,
    group: tuple[int, ...],
    state: ResourceState,
    targets: tuple[int, ...],
    attr: str,
    value: Any,
    delay: float = 0.0,
) -> Note:
    """Set an attribute of running resources once others have reached a state.

    when load STARTED +3s set wire queue 10
    """
    ctx.ec.set_with_conditions(attr, value, targets, group, state, delay)
    shown = ctx.ec.get_attribute(targets[0], attr).format(value)
    what = f"set {ctx.names(targets)} {attr} {shown}"
    return note(f"{what} once {_point(ctx, group, state, delay)}", guids=list(targets))


def _point(ctx: Context, group: tuple[int, ...], state: ResourceState, delay: float) -> str:
    verb = "are" if len(group) > 1 else "is"
    after = f" for {format_duration(delay)}" if delay else ""
    return f"{ctx.names(group)} {verb} {state.name}{after}"
