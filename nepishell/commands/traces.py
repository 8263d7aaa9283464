"""Traces: what resources record, looked at while they run or afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nepishell.commands.context import Context
from nepishell.commands.listening import Listening
from nepishell.commands.measures import as_records
from nepishell.commands.notes import Note, Shown, names_of, note
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceState
from nepishell.core.traces import TraceAttr
from nepishell.hosts.base import STDOUT, Host
from nepishell.lang.registry import DESIGN, LOOK, command
from nepishell.output.records import Message, Records
from nepishell.resources.linux.traces import FILES, Recording

T = TypeVar("T")

#: Lines of a trace that are shown before those that come, and bytes in which they are looked for.
LAST, TAIL = 10, 8192
_ENDED = (ResourceState.STOPPED, ResourceState.FAILED, ResourceState.RELEASED)
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


@command(
    "trace <res:guid> [<name:trace(res)>] (follow|-f)",
    effects=LOOK, group="look", name="trace follow",
)  # fmt: skip
def trace_follow(ctx: Context, *, res: int, name: str = STDOUT) -> Note:
    """Show a trace as it grows, from its last lines on, until its resource ends, or Ctrl-C.

    Without a name, what it prints.

    trace probe -f
    trace probe rtt -f
    """
    rm = ctx.rm(res)
    if not isinstance(rm, Recording):
        raise NepishellError(
            f"{rm.name} is a {rm.rtype}: its traces cannot be followed; 'trace {rm.name} {name}'"
            " shows what there is"
        )
    if name in rm.binary:
        raise NepishellError(f"trace {name} is no text; 'trace {rm.name} {name} path' is its file")
    out = _Lines(ctx)
    try:
        if rm.state >= ResourceState.STOPPED:
            out.write("".join(_lines(ctx, res, name)[-LAST:]))
        else:
            _follow(ctx, rm, name, out)
    finally:
        out.end()
    return note(f"{rm.name} is {rm.state.name}: nothing more comes")


def _follow(ctx: Context, rm: Recording, name: str, out: "_Lines") -> None:
    """Hand over what comes until *rm* has ended; raises NepishellError, and Stopped."""
    host = rm.recording_host()
    if name not in FILES and name in rm.report().tables:
        # made of what it prints: there is more of it when that grows
        path, take = rm.recorded_in() / STDOUT, _rows_of(ctx, rm, name, out)
        start = host.size(path)
        take("")
    else:
        if not rm.trace_enabled(name):
            read_trace(ctx, rm.guid, name)  # says so when there is nothing
        path, take = rm.recorded_in() / rm.place(name), out.write
        start = host.size(path)
        out.write(_last(host, path, start))
    heard = Listening(host, [path], take, start)

    def see(event: Event) -> None:
        match event:
            case StateChanged(guid=guid, new=new) if guid == rm.guid and new in _ENDED:
                heard.tell_end()

    unsubscribe = ctx.ec.bus.subscribe(see)
    heard.begin()
    try:
        with ctx.waiting():
            ctx.jobs.interruptible(heard.tell_end)
            if rm.state < ResourceState.STOPPED:  # else it ended before we listened
                heard.until_end()
    finally:
        unsubscribe()
        heard.end()
    ctx.jobs.check()


def _last(host: Host, path: Path, size: int) -> str:
    """The last lines of the *size* bytes of a file."""
    start = max(0, size - TAIL)
    text = host.read(path, start, size - start).decode(errors="replace") if size else ""
    return "".join(text.splitlines(keepends=True)[-LAST:])


def _rows_of(ctx: Context, rm: Recording, name: str, out: "_Lines") -> Callable[[str], None]:
    """A function that hands over the rows there are since it was called last; first, the last."""
    shown = 0

    def take(text: str) -> None:
        nonlocal shown
        lines = _lines(ctx, rm.guid, name)
        new = lines[shown:] if shown else [*lines[:1], *lines[1:][-LAST:]]
        out.write("".join(new))
        shown = len(lines)

    return take


class _Lines:
    """Text for the person while it comes; where nobody watches, line by line."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._begun = ""

    def write(self, text: str) -> None:
        stream = self._ctx.stream
        if stream is not None:
            stream(text)
            self._begun = text.rpartition("\n")[2] if text else self._begun
            return
        whole, newline, self._begun = (self._begun + text).rpartition("\n")
        if newline:
            self._ctx.emit(Shown(Message(whole)))

    def end(self) -> None:
        """What comes next begins on a new line."""
        if self._begun:
            self.write("\n")


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
