"""What came of a campaign as one table: a row for each run, or one for each point with intervals.

A number counts whatever the verdict of its run was: leaving out runs whose expectation did not hold
would make every mean look better than it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nepishell.campaigns.manifest import ENDS, FAILED, LOST, SUSPECT, Manifest, Planned
from nepishell.campaigns.numbers import kind_of_metric
from nepishell.commands.bounds import show_number
from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.core.intervals import mean_interval
from nepishell.output.records import Column, Records

#: What a table says of each run besides parameters and metrics: name -> kind
_FACTS = {
    "verdict": "text", "reason": "text", "lasted": "duration", "jobs": "int", "beside": "int",
    "load": "number", "cpus": "int", "tries": "int", "seed": "int", "machine": "text",
    "doubts": "text", "run": "text", "key": "text", "files": "text",
}  # fmt: skip
Row = Mapping[str, Any]


@dataclass(slots=True)
class PointResult:
    """What is known of one point: how many of its runs are in which state, and its numbers."""

    parameters: Mapping[str, str]
    states: Counter[str] = field(default_factory=Counter)
    values: dict[str, list[float]] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Count the numbers of a run."""
        for name, value in row.get("metrics", {}).items():
            self.values.setdefault(name, []).append(float(value))

    def trouble(self) -> str:
        """How many of its runs did not go well: `1 failed, 2 suspect`."""
        return ", ".join(f"{self.states[end]} {end}" for end in (FAILED, SUSPECT, LOST)
                         if self.states[end])  # fmt: skip

    @property
    def over(self) -> int:
        """Runs that are over, lost ones too."""
        return sum(self.states[end] for end in ENDS)


class Results:
    """All runs of a campaign as they are on disk now."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        #: what there was to run; raises NepishellError where there is no campaign
        self.definition = manifest.definition
        self.runs: list[Planned] = manifest.runs()
        self.states = {run.key: manifest.state(run.key) for run in self.runs}
        found = {key: manifest.row(key) for key, state in self.states.items() if state in ENDS}
        self.rows: dict[str, Row] = {key: row for key, row in found.items() if row is not None}

    @property
    def parameters(self) -> list[str]:
        """The parameters that are varied."""
        return list(dict.fromkeys(name for run in self.runs for name in run.parameters))

    @property
    def metrics(self) -> list[str]:
        """All numbers that any run gave, those first that the recipe expects."""
        rows = self.rows.values()
        expected = (name for row in rows for name in row.get("expected", ()))
        found = dict.fromkeys(name for row in rows for name in row["metrics"])
        # what has a unit is what most people look for
        others = sorted(found, key=lambda name: kind_of_metric(name) == "number")
        return list(dict.fromkeys([*expected, *others]))

    def metric(self, name: str) -> str:
        """*name* when there is such a number; raises UnknownName."""
        known = self.metrics
        if name not in known:
            hint = did_you_mean(name, known) or (
                f"; there are {', '.join(known[:8])}"
                if known
                else "; no run has given a number yet"
            )
            raise UnknownName(f"no metric '{name}'{hint}")
        return name

    def points(self) -> list[PointResult]:
        """One for each point, in order."""
        found: dict[int, PointResult] = {}
        for run in self.runs:
            point = found.setdefault(run.point, PointResult(run.parameters))
            point.states[self.states[run.key]] += 1
            if run.key in self.rows:
                point.take(self.rows[run.key])
        return list(found.values())

    def count(self) -> Counter[str]:
        """How many runs are in which state."""
        return Counter(self.states.values())

    # -- tables ---------------------------------------------------------------------------------

    def per_run(self) -> Records:
        """One row per run that is over."""
        columns = [
            *map(Column, self.parameters), Column("repetition", "int"),
            *(Column(name, kind_of_metric(name)) for name in self.metrics),
            *(Column(name, kind) for name, kind in _FACTS.items()),
        ]  # fmt: skip
        rows = [self._line(run) for run in self.runs if run.key in self.rows]
        return Records(columns, rows, "runs")

    def _line(self, run: Planned) -> tuple[object, ...]:
        row = self.rows[run.key]
        facts = {**row, "load": (row.get("load") or [None])[-1],
                 "doubts": "; ".join(row.get("doubts", ()))}  # fmt: skip
        return (
            *(run.parameters.get(name) for name in self.parameters), run.repetition,
            *(row["metrics"].get(name) for name in self.metrics),
            *(facts.get(name) for name in _FACTS),
        )  # fmt: skip

    def per_point(self, metrics: Iterable[str] | None = None, level: float = 0.95) -> Records:
        """One row per point: how its runs ended, and the interval of each number."""
        chosen = list(self.metrics if metrics is None else metrics)
        columns = [*map(Column, self.parameters), Column("runs", "int"),
                   *(Column(name, "int") for name in ENDS)]  # fmt: skip
        for name in chosen:
            kind = kind_of_metric(name)
            columns += [Column(name, kind), Column(f"{name}.low", kind),
                        Column(f"{name}.high", kind), Column(f"{name}.n", "int")]  # fmt: skip
        return Records(
            columns, [self._point_line(p, chosen, level) for p in self.points()], "points"
        )

    def _point_line(
        self, point: PointResult, chosen: list[str], level: float
    ) -> tuple[object, ...]:
        cells: list[object] = [point.parameters.get(name) for name in self.parameters]
        cells += [sum(point.states.values()), *(point.states[e] for e in ENDS)]
        for name in chosen:
            cells += _interval(point.values.get(name, ()), level)
        return tuple(cells)


def _interval(values: Sequence[float], level: float) -> list[object]:
    if not values:
        return [None, None, None, 0]
    found = mean_interval(values, level)
    if found.n == 1:
        return [found.mean, None, None, 1]
    return [found.mean, found.low, found.high, found.n]


def mean_text(values: Sequence[float], metric: str) -> str:
    """`40.5ms ±0.3ms` for people, or the one number there is, or ''."""
    if not values:
        return ""
    found, kind = mean_interval(values), kind_of_metric(metric)
    mean = show_number(found.mean, kind)
    if found.n == 1:
        return mean
    return f"{mean} ±{show_number(float(f'{found.half_width:.2g}'), kind)}"
