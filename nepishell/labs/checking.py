"""Checks of a lab against the live experiment, now or over the time of the run.

A checker remembers when each check was first and last seen to hold, and which states resources
moved to: `ever`, `before` and `after` are about those. Safe from any thread.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from threading import Lock

from nepishell.commands.context import Context
from nepishell.core.events import Event, StateChanged
from nepishell.core.states import ResourceState
from nepishell.labs.answers import is_answer
from nepishell.labs.parts import Check, When
from nepishell.labs.readers import expectation, look
from nepishell.labs.results import CheckResult, Seen
from nepishell.labs.texts import fill
from nepishell.labs.variants import Variant

#: Checks that are looked at side by side: most of their time is that of packets on their way.
_SIDE_BY_SIDE = 8
#: Seconds between two looks at what does not hold yet: at first, and at most.
_GAP_S, _LONGEST_GAP_S = 0.1, 1.0

Span = tuple[float, float]


class Checker:
    """Looks at the checks of one student. *answers*: check id -> what was answered."""

    def __init__(self, ctx: Context, variant: Variant) -> None:
        self._ctx = ctx
        self._values = variant.values
        self.answers: dict[str, str] = {}
        #: check id -> when it was first and last seen to hold
        self.held: dict[str, Span] = {}
        self._moves: dict[tuple[str, str], Span] = {}
        self._lock = Lock()
        self._news = Signal()
        self._unsubscribe = ctx.ec.bus.subscribe(self._see)

    def close(self) -> None:
        """Hear nothing more; whoever waits for something to hold gives up."""
        self._unsubscribe()
        self._news.set()

    def forget(self) -> None:
        """Begin anew: nothing was seen, nothing answered."""
        with self._lock:
            self.held.clear()
            self._moves.clear()
            self.answers.clear()

    def filled(self, check: Check) -> dict[str, str]:
        """The fields of a check with this student's values."""
        return {name: fill(text, self._values) for name, text in check.wanted.items()}

    def look(self, checks: Sequence[Check]) -> list[CheckResult]:
        """Look at *checks* once, side by side."""
        with ThreadPoolExecutor(_SIDE_BY_SIDE, "nepishell-check") as pool:
            return list(pool.map(self._one, checks))

    def settle(
        self, checks: Sequence[Check], *, least: float = 0.0, stopped: Signal | None = None
    ) -> list[CheckResult]:
        """Look at *checks* until each holds, or its `within` (or *least* seconds) has passed.

        Looks again when something happened, or after a while. *stopped*: give up.
        """
        clock = self._ctx.ec.clock
        begun, gap = clock.now(), _GAP_S
        found: dict[str, CheckResult] = {}
        pending = list(checks)
        while pending:
            self._news.clear()
            found.update((result.id, result) for result in self.look(pending))
            left = clock.now() - begun
            pending = [
                check for check in pending
                if not found[check.id].ok and left < max(check.within, least)
            ]  # fmt: skip
            # time on a virtual clock does not pass while we look
            if clock.virtual or (stopped is not None and stopped.is_set()):
                break
            if pending:
                self._news.wait(gap)
                gap = min(2 * gap, _LONGEST_GAP_S)
        return [found[check.id] for check in checks]

    def _one(self, check: Check) -> CheckResult:
        seen = self._answer(check) if check.kind == "answer" else self._look(check)
        at = self._ctx.ec.clock.now()
        with self._lock:
            if seen.ok:
                first, _ = self.held.get(check.id, (at, at))
                self.held[check.id] = (first, at)
            seen = self._in_time(check, seen)
        return CheckResult(
            id=check.id, ok=seen.ok, expected=seen.expected, seen=seen.seen, command=seen.command,
            points=check.points if seen.ok else 0.0, at=at,
        )  # fmt: skip

    def _look(self, check: Check) -> Seen:
        return look(self._ctx, check.kind, self.filled(check))

    def _answer(self, check: Check) -> Seen:
        wanted = self.filled(check)
        expected = f"the answer to '{wanted['question']}'"
        command = f"lab answer {check.id} TEXT"
        answer = self.answers.get(check.id)
        if answer is None:
            return Seen(False, expected, "no answer yet", command)
        ok = is_answer(answer, text=wanted.get("is", ""), hashed=wanted.get("hash", ""))
        return Seen(ok, expected, f"'{answer}'", command)

    # -- over time -------------------------------------------------------------------------

    def _in_time(self, check: Check, seen: Seen) -> Seen:
        """What is seen now, judged by the moment that the check is for."""
        moment = check.moment
        if moment.when is When.NOW:
            return seen
        expected = f"{seen.expected}, {fill(str(moment), self._values)}"
        held = self._held(check)
        other = self._when(fill(moment.what, self._values))
        match moment.when:
            case When.EVER:
                ok = held is not None
            case When.BEFORE:
                ok = held is not None and (other is None or held[0] < other)
            case When.AFTER:
                ok = held is not None and other is not None and held[1] >= other
        if held is None:
            return Seen(ok, expected, f"never so far; now {seen.seen}", seen.command)
        times = f"from {held[0]:.1f}s" + (f" to {held[1]:.1f}s" if held[1] > held[0] else "")
        against = "" if other is None else f"; {moment.what} at {other:.1f}s"
        return Seen(ok, expected, f"held {times}{against}", seen.command)

    def _held(self, check: Check) -> Span | None:
        """When a check held first and last, as far as was seen; states are seen always."""
        spans = [self.held[check.id]] if check.id in self.held else []
        if check.kind == "state":
            wanted = self.filled(check)
            moves = self._moves.get((wanted["of"], wanted["is"].upper()))
            spans += [moves] if moves else []
        return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None

    def _when(self, what: str) -> float | None:
        """When a check held first, or a resource reached a state first; None for never."""
        label, _, state = what.partition(" ")
        span = self._moves.get((label, state.upper())) if state else self.held.get(what)
        return span[0] if span else None

    def _see(self, event: Event) -> None:
        match event:
            case StateChanged(at=at, guid=guid, new=new) if guid in self._ctx.ec.managers:
                key = (self._ctx.ec.label(guid), new.name)
                with self._lock:
                    first, _ = self._moves.get(key, (at, at))
                    self._moves[key] = (first, at)
                if new is not ResourceState.RELEASED:
                    self._news.set()

    def expectation(self, check: Check) -> str:
        """What a check expects, in words; its title where it has one."""
        if check.title:
            return fill(check.title, self._values)
        if check.kind == "answer":
            return f"the answer to '{self.filled(check)['question']}'"
        expected = expectation(check.kind, self.filled(check))
        return f"{expected}, {check.moment}" if str(check.moment) else expected


def points_of(checks: Iterable[Check], results: Mapping[str, CheckResult]) -> float:
    """The points that the results give."""
    return sum(results[check.id].points for check in checks if check.id in results)
