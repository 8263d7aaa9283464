"""When a point has runs enough: the interval of its mean is narrow, or there were too many.

Student's t for the interval (NEPI took twice the standard error, which is too narrow for few runs).
Asked only when all runs of the point are in, so that quick runs do not count more than slow ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nepishell.campaigns.definition import Stop
from nepishell.campaigns.manifest import Planned
from nepishell.core.intervals import mean_interval


def is_enough(stop: Stop, samples: Sequence[float], runs: int) -> bool:
    """Whether *samples*, of so many *runs*, tell the mean as well as *stop* asks."""
    if runs >= stop.most:
        return True
    if runs < stop.least or len(samples) < 2:
        return False
    found = mean_interval(samples, stop.level)
    return found.half_width <= stop.within * abs(found.mean)


class Samples:
    """The numbers of each point so far. Without a *stop* nothing is ever wanted."""

    def __init__(self, stop: Stop | None) -> None:
        self._stop = stop
        self._last: dict[int, Planned] = {}
        self._expected: defaultdict[int, set[str]] = defaultdict(set)
        self._values: defaultdict[int, dict[str, float]] = defaultdict(dict)
        self._over: defaultdict[int, set[str]] = defaultdict(set)

    def expect(self, run: Planned) -> None:
        """This run is done, or will be."""
        self._expected[run.point].add(run.key)
        last = self._last.get(run.point)
        if last is None or last.repetition < run.repetition:
            self._last[run.point] = run

    def add(self, run: Planned, row: Mapping[str, Any]) -> None:
        """This run is over; without the number it counts as a run all the same."""
        self._over[run.point].add(run.key)
        if self._stop is None:
            return
        value = row.get("metrics", {}).get(self._stop.metric)
        if isinstance(value, int | float):
            self._values[run.point][run.key] = float(value)

    def wanted(self, point: int | None = None) -> Iterator[Planned]:
        """The last run of each point, or of *point*, that needs one more."""
        if self._stop is None:
            return
        for number in list(self._expected) if point is None else [point]:
            over = self._over[number]
            if over >= self._expected[number] and not is_enough(
                self._stop, list(self._values[number].values()), len(over)
            ):
                yield self._last[number]
