"""A host that cannot be reached for a while: who waits for it, and when it is given up.

Losing a connection is not losing what runs at its other end. Whoever needs the host meanwhile
leaves a callback; it is told True once the host is back, False when nobody waits any longer.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Flags, Types
from nepishell.core.errors import HostError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.hosts.base import Reach
from nepishell.resources.linux.application import Application
from nepishell.resources.node import AbstractNode

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

#: Told whether the host is back.
Then = Callable[[bool], None]


class WaitingRoom:
    """Those who wait for one host. Safe from any thread; callbacks are called without the lock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Then] = []
        #: why it was given up; '' while there is hope
        self.given_up = ""

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, then: Then) -> None:
        """Wait; told at once when the host was given up."""
        with self._lock:
            if not self.given_up:
                self._waiting.append(then)
                return
        then(False)

    def call(self, back: bool) -> None:
        """Tell all who wait."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(back)

    def give_up(self, why: str) -> None:
        """Nobody waits any longer."""
        with self._lock:
            self.given_up = why
        self.call(False)


class Reachable(AbstractNode):
    """The part of a node that loses its host and finds it again."""

    lost_after = Attribute(
        Types.Duration, default=300.0, help="how long it may be unreachable before it has failed"
    )

    suspect = Attribute(
        bool, flags=Flags.NoWrite, default=False, help="whether it cannot be reached now"
    )
    unreachable = Attribute(flags=Flags.NoWrite, help="since when it cannot be reached, and why")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._room = WaitingRoom()
        self._stop_watching: Callable[[], None] | None = None

    @property
    def concern(self) -> str:
        """Since when and why it cannot be reached; '' when it can, or was given up."""
        return self.unreachable or "" if self.suspect else ""

    def watch_reach(self) -> None:
        """From now on it is told when its connection is lost."""
        self._stop_watching = self.host.on_reach(self._reach_changed)

    def unwatch_reach(self) -> None:
        """It is no longer told."""
        watching, self._stop_watching = self._stop_watching, None
        if watching is not None:
            watching()

    def when_back(self, then: Then) -> None:
        """Call *then* once it can be reached again, or was given up."""
        self._room.enter(then)
        reach = self.host.reach
        if reach.up:
            self._room.call(True)
        else:
            self._expect(reach)

    def mind_reach(self) -> None:
        """Look again when the time of a host that is away is over."""
        reach = self.host.reach
        if not reach.up:
            self._expect(reach)

    def patiently(self, step: Callable[[], object]) -> None:
        """Do *step*; when the host cannot be reached now, again once it is back."""
        try:
            step()
        except Unreachable as problem:
            why = str(problem)
            self.when_back(lambda back: self.later(self._again, back, step, why))

    def _again(self, back: bool, step: Callable[[], object], why: str) -> None:
        if self.releasing or self.state >= ResourceState.FAILED:
            return
        if not back:
            raise HostError(why)
        self.patiently(step)

    def _reach_changed(self, reach: Reach) -> None:
        """From the host's thread."""
        self.later(self._note_reach, reach)

    def _note_reach(self, reach: Reach) -> None:
        if self._stop_watching is None or self._room.given_up or reach.up is not self.suspect:
            return
        if reach.up:
            self.set("suspect", False)
            self.set("unreachable", None)
            self.info(f"{self.name} can be reached again")
            self._room.call(True)
            return
        since = self.ec.clock.date(self.ec.clock.now()) - timedelta(seconds=_age(reach))
        self.set("suspect", True)
        self.set("unreachable", f"unreachable since {since:%H:%M:%S}: {reach.why}")
        limit = format_duration(self.lost_after)
        self.warning(f"{self.name} is {self.unreachable}; what runs there runs on, for {limit}")
        self._expect(reach)

    def _expect(self, reach: Reach) -> None:
        """Look again when its time is over. At a release earlier timers may have been dropped."""
        left = max(0.0, self.lost_after - _age(reach))
        self.ec.schedule(left + 0.01, lambda: self.later(self._look_again))

    def _look_again(self) -> None:
        reach = self.host.reach
        if reach.up or self._stop_watching is None or self._room.given_up:
            return
        if _age(reach) < self.lost_after:
            return
        limit = format_duration(self.lost_after)
        why = f"{self.name} was unreachable for {limit}: {reach.why}"
        self._room.give_up(why)
        # it is certain now
        self.set("suspect", False)
        for other in self.get_connected():
            if isinstance(other, Application):
                other.later(other.host_lost, why)
        if not self.releasing and self.state < ResourceState.FAILED:
            self.fail(why)


def _age(reach: Reach) -> float:
    """Seconds since it is as it is."""
    return monotonic() - reach.since
