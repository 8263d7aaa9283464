"""Traces: what resources record, looked at while they run or afterwards."""

from typing import TypeVar

from nepishell.commands.context import Context
from nepishell.commands.measures import as_records
from nepishell.commands.notes import Note, names_of, note
from nepishell.core.errors import NepishellError
from nepishell.core.traces import TraceAttr
from nepishell.lang.registry import DESIGN, LOOK, command
from nepishell.output.records import Message, Records

T = TypeVar("T")

COLUMNS = ("label", "trace", "on", "size:size", "help")


@command("trace <targets:guids>", effects=LOOK, group="look", columns=names_of(COLUMNS))
def trace(ctx: Context, *, targets: tuple[int, ...]) -> Records:
    """Which traces resources have, which are recorded, and how many bytes there are."""
    rows = [
        (
            ctx.name(guid),
            declared.name,
            ctx.ec.trace_enabled(guid, declared.name),
            ctx.ec.trace(guid, declared.name, TraceAttr.SIZE) or 0,
            declared.help,
        )
        for guid in targets
        for declared in ctx.ec.get_traces(guid)
    ]
    return Records(COLUMNS, rows, "traces")


@command(
    "trace <res:guid> <name:trace(res)> [(part:first|last) <lines:int(1)>]",
    effects=LOOK,
    group="look",
    name="trace show",
)
def trace_show(
    ctx: Context, *, res: int, name: str, part: str = "", lines: int = 0
) -> Message | Records:
    """Show what a trace holds: all of it, or its first or last lines.

    trace probe stdout
    trace probe rtt last 5
    trace probe rtt | where rtt>40ms | csv > slow.csv
    """
    found = as_records(ctx.rm(res), name)
    if found is None:
        return Message("".join(excerpt(_lines(ctx, res, name), part, lines)).rstrip("\n"))
    return found.with_rows(excerpt(found.rows, part, lines))


def _lines(ctx: Context, guid: int, name: str) -> list[str]:
    return read_trace(ctx, guid, name).splitlines(keepends=True)


def excerpt(all_of_it: list[T], part: str, count: int) -> list[T]:
    """The first or last *count* of a list; all of it when *part* is ''."""
    if not part:
        return all_of_it
    return all_of_it[:count] if part == "first" else all_of_it[-count:]


def read_trace(ctx: Context, guid: int, name: str) -> str:
    """The text of a trace, '' when nothing is there; raises NepishellError when it is off."""
    found = ctx.ec.trace(guid, name)
    if found is None:
        if not ctx.ec.trace_enabled(guid, name):
            raise NepishellError(
                f"trace {name} of {ctx.name(guid)} is not recorded; "
                f"turn it on with 'trace {ctx.name(guid)} {name} on' before it starts"
            )
        return ""
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)


@command("trace <res:guid> <name:trace(res)> path", effects=LOOK, group="look", name="trace path")
def trace_path(ctx: Context, *, res: int, name: str) -> Message:
    """Where a trace is kept on disk."""
    found = ctx.ec.trace(res, name, TraceAttr.PATH)
    if found is None:
        raise NepishellError(f"trace {name} of {ctx.name(res)} is not on disk yet")
    return Message(str(found))


@command(
    "trace <targets:guids> <name:trace(targets)> (switch:on|off)",
    effects=DESIGN,
    group="design",
    name="trace switch",
)
def trace_switch(ctx: Context, *, targets: tuple[int, ...], name: str, switch: str) -> Note:
    """Record a trace, or do not; takes effect when the resource starts."""
    for guid in targets:
        ctx.rm(guid).declared_trace(name)
    for guid in targets:
        turn = ctx.ec.enable_trace if switch == "on" else ctx.ec.disable_trace
        turn(guid, name)
    return note(f"trace {name} of {ctx.names(targets)} is {switch}")
