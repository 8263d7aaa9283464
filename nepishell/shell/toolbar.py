"""The line at the bottom: which experiment, how many resources in which state, what goes on.

It is made of what the controller and the tasks count anyway, so it costs the same at any size.
What does not fit is left out, the least important first. Events ask for a new one; only the clock
is moved by time.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import NamedTuple

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.utils import get_cwidth

from nepishell.commands.context import Context
from nepishell.commands.job import Job
from nepishell.core.events import AttributeSet, Event, Noted, ResourceRemoved
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.output.style import GLYPHS
from nepishell.shell.guard import Guard

_CLASSES = {ResourceState.FAILED: ".failed", ResourceState.STARTED: ".started"}
#: Tasks that are named, cells of a task's name, and events that change nothing here.
_NAMED, _NAME_CELLS, _SILENT = 2, 24, (Noted,)
#: Cells of the bar of a deployment's progress.
_BAR_CELLS = 8


class Part(NamedTuple):
    """Something to show; of a line that is too long, the parts of the highest *rank* go first."""

    rank: int
    style: str
    text: str


class Toolbar:
    """Call it for the fragments of the line. *redraw*: asked for, from any thread, by events."""

    def __init__(self, ctx: Context, guard: Guard, *, glyphs: bool = True) -> None:
        self._ctx = ctx
        self._guard = guard.part("the toolbar")
        self.glyphs = glyphs
        #: called on the bus's thread when what is shown may have changed
        self.redraw: Callable[[], None] = lambda: None
        self._lock = Lock()
        self._suspects: set[int] = set()
        self._unsubscribe = ctx.ec.bus.subscribe(self.see)

    @property
    def is_off(self) -> bool:
        """Whether it failed too often to be shown."""
        return self._guard.is_off

    def close(self) -> None:
        """Hear of no more events; idempotent."""
        self._unsubscribe()

    def see(self, event: Event) -> None:
        """Take note of an event; on the bus's thread."""
        match event:
            case AttributeSet(name="suspect"):
                with self._lock:
                    change = self._suspects.add if event.value == "true" else self._suspects.discard
                    change(event.guid)
            case ResourceRemoved():
                with self._lock:
                    self._suspects.discard(event.guid)
        if not isinstance(event, _SILENT):
            self.redraw()

    def __call__(self, width: int = 0) -> StyleAndTextTuples:
        """The fragments of a line of at most *width* cells; 0: of any width."""
        with self._guard:
            return fitted(self._parts(), width)
        return []

    def _parts(self) -> list[Part]:
        ec = self._ctx.ec
        running = self._ctx.jobs.running()
        return [
            Part(2, ".name", f" {ec.exp_id} "),
            Part(8, "", f"{ec.run_id} "),
            *self._driver(),
            *self._states(),
            *self._doubts(),
            *self._deployment(running),
            *self._tasks(running),
            Part(7, "", f" {_clock(ec.clock.now())} "),
        ]

    def _driver(self) -> list[Part]:
        """Of a run that several share: who changes it."""
        seat = self._ctx.seat
        if seat is None or not seat.name:
            return []
        driver = seat.driver
        text = "you drive" if driver == seat.name else f"{driver or 'nobody'} drives, you watch"
        return [Part(1, "" if driver == seat.name else ".suspect", f" {text} ")]

    def _states(self) -> list[Part]:
        counts = self._ctx.ec.counts()
        if not any(counts.values()):
            return [Part(4, "", " nothing described yet: try 'help' or 'types' ")]
        shown = []
        for state in ResourceState:
            if counts[state]:
                failed = state is ResourceState.FAILED
                rank = 0 if failed else 1 if state is ResourceState.STARTED else 3
                glyph = f"{GLYPHS[state]} " if self.glyphs else ""
                text = f" {glyph}{counts[state]} {state.name} "
                shown.append(Part(rank, _CLASSES.get(state, ""), text))
        return shown

    def _doubts(self) -> list[Part]:
        shown = []
        if self._ctx.ec.abort:
            shown.append(Part(1, ".failed", " aborted: a critical resource failed "))
        with self._lock:
            suspects = [g for g in self._suspects if self._ctx.ec.get_resource(g) is not None]
        if suspects:
            mark = "⚠ " if self.glyphs else ""
            named = self._ctx.name(suspects[0]) if len(suspects) == 1 else str(len(suspects))
            shown.append(Part(1, ".suspect", f" {mark}{named} suspect "))
        if self._ctx.ec.fidelity.doubts:
            shown.append(Part(1, ".suspect", f" {'⚠ ' if self.glyphs else ''}run suspect "))
        return shown

    def _deployment(self, running: Iterable[Job]) -> list[Part]:
        """How far the newest deployment is, and when it ends if it goes on as it went so far."""
        job = max((job for job in running if job.left), key=lambda job: job.number, default=None)
        # it may shrink between two looks
        left = len(job.left) if job is not None else 0
        if job is None or not left:
            return []
        whole = max(job.size, left)
        done = whole - left
        text = f" {done}/{whole}"
        if self.glyphs:
            full = done * _BAR_CELLS // whole
            text = f" {'█' * full}{'░' * (_BAR_CELLS - full)}{text}"
        passed = self._ctx.ec.clock.now() - job.began
        if done and passed > 0:
            text += f" ~{_rough(passed * left / done)}"
        return [Part(4, "", f"{text} ")]

    def _tasks(self, running: list[Job]) -> list[Part]:
        if not running:
            return []
        named = [f"%{job.number} {_short(job.line)}" for job in running[:_NAMED]]
        more = f" +{len(running) - _NAMED}" if len(running) > _NAMED else ""
        plural = "s" if len(running) > 1 else ""
        return [
            Part(6, "", f" {', '.join(named)}{more} "),
            Part(5, "", f" {len(running)} task{plural} "),
        ]


def fitted(parts: list[Part], width: int) -> StyleAndTextTuples:
    """*parts* as fragments, without those that make them wider than *width* (0: no limit)."""
    kept = list(parts)
    over = sum(get_cwidth(part.text) for part in kept) - width if width else 0
    while over > 0 and len(kept) > 1:
        # of equals the last goes
        place = max(range(len(kept)), key=lambda at: (kept[at].rank, at))
        over -= get_cwidth(kept.pop(place).text)
    if over > 0:
        kept[0] = kept[0]._replace(text=kept[0].text.strip()[:width])
    return [(f"class:bottom-toolbar{part.style}", part.text) for part in kept]


def _short(line: str) -> str:
    return line if len(line) <= _NAME_CELLS else f"{line[: _NAME_CELLS - 3]}..."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"t+{hours}:{minutes:02}:{rest:02}" if hours else f"t+{minutes}:{rest:02}"


def _rough(seconds: float) -> str:
    """A time nobody knows exactly: one digit below ten seconds."""
    return format_duration(round(seconds, 1 if seconds < 10 else 0))
