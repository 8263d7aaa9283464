"""When a number is as it should be, or should not be: `when probe.rtt.p95 > 500ms for 3s ...`."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from nepishell.commands.argument_types import WantedType
from nepishell.commands.bounds import Wanted, show_number
from nepishell.commands.context import Context
from nepishell.commands.journaling import planned
from nepishell.commands.later import is_refused
from nepishell.commands.measures import is_statistic, kind_of
from nepishell.commands.meters import meter
from nepishell.commands.notes import Note, note
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event, ResourceRemoved, StateChanged
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.lang.call import Call
from nepishell.lang.errors import Bad
from nepishell.lang.registry import RUN, command, commands
from nepishell.lang.types.base import Env
from nepishell.lang.types.resources import Metric
from nepishell.lang.view import View


class ThresholdType(WantedType):
    """What a number must be: `threshold(what)` sees which number."""

    name, sample, needs = "threshold", "> 500ms", 1
    help = "what the number must be, as in > 500ms, 1mbit.., 0%"

    def parse(self, view: View, env: Env, text: str) -> Any:
        wanted = super().parse(view, env, text)
        if wanted.bound is None:
            raise Bad(
                f"'{text}' is no threshold; write one as in > 500ms, <= 3, 1mbit..", weak=True
            )
        what = env.get(self.deps[0])
        if not isinstance(what, Metric):
            return wanted
        kind = _kind(what.path)
        if kind != "number" and wanted.bound.kind not in ("number", kind):
            raise Bad(f"{what.path} is a {kind}: '{text}' cannot be compared with it")
        return wanted


def _kind(path: str) -> str:
    trace, _, rest = path.partition(".")
    column, _, name = rest.rpartition(".")
    if name == "count":
        return "number"
    return kind_of(column or trace) if is_statistic(name) else kind_of(path)


commands.add_type(ThresholdType.name, ThresholdType)


@command(
    "when <what:measure> <wanted:threshold(what)> [for <hold:duration>] <line:command>",
    effects=RUN,
    group="time",
    name="when metric",
)
def when_metric(
    ctx: Context, *, what: Metric, wanted: Wanted, line: Call, hold: float = 0.0
) -> Note:
    """Run a command once a number is as wanted, or has been so for some time.

    Looked at whenever it is measured, while it is measured. A statistic (avg, p95, ...) is one of
    the last hundred numbers.

    when probe.rtt.p95 > 500ms for 3s set wire queue 10
    when probe.loss > 5% mark losing packets
    """
    name = f"{ctx.name(what.guid)}.{what.path}"
    lasting = f" for {format_duration(hold)}" if hold else ""
    condition = f"{name} {wanted}{lasting}"
    spelt = ctx.spell(line)
    if is_refused(ctx, line, f"when {condition}: {spelt}"):
        return note("nothing is planned")
    threshold = Threshold(ctx, what, wanted, hold)
    job = ctx.jobs.upon(spelt, ctx.later(line), threshold.listen, threshold.told)
    job.about = (what.guid, *_targets(line))
    planned(ctx, job, {"when": condition})
    return note(f"when {condition}: {job.line} (task %{job.number})", task=job.number)


def _targets(line: Call) -> tuple[int, ...]:
    found = line.args.get("targets", ())
    return found if isinstance(found, tuple) else ()


class Threshold:
    """A number, and since when it has been as wanted."""

    def __init__(self, ctx: Context, what: Metric, wanted: Wanted, hold: float) -> None:
        self._ec = ctx.ec
        self._rm = ctx.rm(what.guid)
        self._name = f"{ctx.name(what.guid)}.{what.path}"
        self._wanted, self._hold = wanted, hold
        self._lock = Lock()
        self._seen = ""
        self._since: float | None = None
        self._timer: int | None = None
        self._begin: Callable[[], None] = lambda: None
        self._end: Callable[[], object] = lambda: None
        self._meter = meter(ctx.ec, self._rm, what.path, self._take)

    def listen(self, begin: Callable[[], None], end: Callable[[], object]) -> Callable[[], None]:
        """Call *begin* once it has been as wanted long enough, *end* when that cannot come."""
        self._begin, self._end = begin, end
        unsubscribe = self._ec.bus.subscribe(self._see)
        self._meter.start()

        def stop() -> None:
            unsubscribe()
            self._meter.stop()
            with self._lock:
                self._disarm()

        return stop

    def told(self) -> str:
        """What is waited for, and how it is now."""
        now, since = self._ec.clock.now(), self._since
        lasting = f" for {format_duration(self._hold)}" if self._hold else ""
        seen = f"it is {self._seen}" if self._seen else f"{self._rm.name} has not told it yet"
        held = f", since {format_duration(round(now - since, 1))}" if since is not None else ""
        return f"{self._name} {self._wanted}{lasting}: {seen}{held}"

    def _see(self, event: Event) -> None:
        match event:
            case StateChanged(guid=self._rm.guid, new=ResourceState.RELEASED):
                self._end()
            case ResourceRemoved(guid=self._rm.guid):
                self._end()

    def _take(self, value: float, kind: str) -> None:
        """A new number; from any thread."""
        try:
            holds = self._wanted.holds(self._name, value, kind)
        except NepishellError:
            # a number of which nothing says what it is about: compared as it is
            holds = self._wanted.bound is not None and self._wanted.bound.holds(value)
        with self._lock:
            self._seen = show_number(value, kind)
            if not holds:
                self._since = None
                self._disarm()
                return
            if self._since is not None:
                return
            self._since = self._ec.clock.now()
            if self._hold:
                self._timer = self._ec.schedule(self._hold, self._held)
                return
        self._begin()

    def _held(self) -> None:
        """It may have been as wanted long enough."""
        with self._lock:
            since, self._timer = self._since, None
            # another period of it may have begun while this was on its way
            if since is None or self._ec.clock.now() - since < self._hold - 1e-9:
                return
        self._begin()

    def _disarm(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            self._ec.cancel(timer)
