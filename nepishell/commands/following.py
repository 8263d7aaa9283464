"""What happens, told as it happens: how much of it unasked, and all of it to who follows.

Events are told on the bus's thread and only put down there; whoever follows shows them, those of
one moment together, so that a flood costs the experiment nothing.
"""

from collections.abc import Callable
from threading import Event as Signal
from threading import Lock

from nepishell.commands.context import Context
from nepishell.commands.logs import LEVELS
from nepishell.commands.notes import Note, Shown, names_of, note, tell
from nepishell.core.events import AttributeSet, Event, Noted, RunAborted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.lang.folding import fold
from nepishell.lang.registry import LOOK, command
from nepishell.output.kinds import clean
from nepishell.output.records import Drawing, Records
from nepishell.output.style import Style

COLUMNS = ("at:duration", "level", "label", "state:state", "text")
#: Seconds for which lines are gathered, and lines that are shown of so many seconds.
PAUSE_S, MOST = 0.2, 40
_LEVELS = "|".join(LEVELS)

Row = tuple[float, str, str, ResourceState | None, str]


@command(f"log level [level:{_LEVELS}]", effects=LOOK, group="look", name="log level")
def log_level(ctx: Context, *, level: str = "") -> Note:
    """How much is told unasked: each state, who is READY or further, warnings, or errors only.

    log.txt of the run has it all at any level, and the messages of 'debug' with 'log level debug'.

    log level error
    """
    if not level:
        return tell(f"told unasked: {ctx.told.level} and above", level=ctx.told.level)
    ctx.told.choose(level)
    return note(f"told unasked from now on: {level} and above", level=level)


@command(
    "log follow [<targets:guids>] [for <span:duration>]",
    effects=LOOK, group="look", name="log follow", columns=names_of(COLUMNS),
)  # fmt: skip
def log_follow(ctx: Context, *, targets: tuple[int, ...] = (), span: float | None = None) -> Note:
    """Show all that happens as it happens, until Ctrl-C or for some time; the experiment goes on.

    log follow
    log follow probe for 10s
    """
    news = News(set(targets))
    unsubscribe = ctx.ec.bus.subscribe(news.see)
    task = ctx.ec.schedule(span, news.end) if span is not None else None
    try:
        # the whole of it is a wait, which anything may end
        with ctx.told.followed(), ctx.waiting():
            ctx.jobs.interruptible(news.end)
            _show_all(ctx, news)
    finally:
        unsubscribe()
        if task is not None:
            ctx.ec.cancel(task)
    ctx.jobs.check()
    return note(f"{news.count:,} events in {format_duration(span or 0.0)}", events=news.count)


def _show_all(ctx: Context, news: "News") -> None:
    while not news.is_over:
        news.wait()
        _show(ctx, *news.take())
    ctx.ec.bus.drain()
    _show(ctx, *news.take())


class News:
    """What happens to *guids* (none: to all) and was not shown yet."""

    def __init__(self, guids: set[int]) -> None:
        self._guids = guids
        self._lock = Lock()
        self._come, self._over = Signal(), Signal()
        self._events: list[Event] = []
        self._left_out = 0
        #: events that were shown or left out
        self.count = 0

    @property
    def is_over(self) -> bool:
        """Whether nobody follows any more."""
        return self._over.is_set()

    def see(self, event: Event) -> None:
        """Put down an event; on the bus's thread."""
        if not isinstance(event, StateChanged | Noted | RunAborted | AttributeSet):
            return
        if self._guids and event.guid not in self._guids:
            return
        with self._lock:
            # of many moves to one state a line is made: they may be more than lines
            if len(self._events) < MOST * MOST:
                self._events.append(event)
            else:
                self._left_out += 1
        self._come.set()

    def end(self) -> None:
        """Nobody follows any more; from any thread."""
        self._over.set()
        self._come.set()

    def wait(self) -> None:
        """Block until there is something, and until those that come with it are there."""
        self._come.wait()
        self._over.wait(PAUSE_S)

    def take(self) -> tuple[list[Event], int]:
        """What came since, and how many more."""
        with self._lock:
            events, self._events = self._events, []
            left_out, self._left_out = self._left_out, 0
            if not self.is_over:
                self._come.clear()
        self.count += len(events) + left_out
        return events, left_out


def _show(ctx: Context, events: list[Event], left_out: int) -> None:
    rows = _folded(events, ctx.name)
    shown, rest = rows[:MOST], left_out + len(rows[MOST:])
    if not shown:
        return
    records = Records(COLUMNS, shown, "events")
    ctx.emit(Shown(Drawing(records, lambda style: _draw(shown, rest, style))))


def _folded(events: list[Event], name: Callable[[int], str]) -> list[Row]:
    """Those that came to one state in one moment are one row, at the time of the last."""
    same: dict[tuple[ResourceState, str], list[StateChanged]] = {}
    rows: list[Row] = []
    for event in events:
        if isinstance(event, StateChanged):
            same.setdefault((event.new, event.reason), []).append(event)
        else:
            rows.append(_one(event, name))
    for (state, reason), moves in same.items():
        level = "error" if state is ResourceState.FAILED else "info"
        rows.append((_at(moves[-1]), level, fold([name(m.guid) for m in moves]), state, reason))
    return sorted(rows, key=lambda row: row[0])


def _one(event: Event, name: Callable[[int], str]) -> Row:
    match event:
        case Noted():
            who = name(event.guid) if event.guid else ""
            return _at(event), event.level, who, None, event.text
        case AttributeSet():
            what = f"{event.name} = {event.value}"
            return _at(event), "info", name(event.guid), None, what
        case RunAborted():
            what = "the run is aborted: nothing more will start"
            return _at(event), "error", name(event.guid), None, what
    return _at(event), "debug", "", None, type(event).__name__


def _at(event: Event) -> float:
    return round(event.at, 3)


def _draw(rows: list[Row], left_out: int, style: Style) -> str:
    lines = [_line(row, style) for row in rows]
    if left_out:
        dots = "…" if style.glyphs else "..."
        lines.append(style.paint(f"{dots} {left_out:,} more; 'log' has all states", "dim"))
    return "\n".join(lines)


def _line(row: Row, style: Style) -> str:
    at, level, who, state, text = row
    when = style.paint(f"{format_duration(at):>8}", "dim")
    parts = [f"{clean(who)}:"] if who else []
    if state is not None:
        colon = ":" if text else ""
        parts.append(f"{style.paint(style.state(state), state.name)}{colon}")
    elif level in ("warning", "error"):
        parts.insert(0, style.paint(f"{level}:", "STOPPED" if level == "warning" else "FAILED"))
    return " ".join([when, "", *parts, clean(text)]).rstrip()
