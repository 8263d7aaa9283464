"""Conducting a campaign: what is missing is handed to an engine, what comes back is entered.

Everything that is known is on disk, so there is nothing to save: whoever begins again reads what is
missing there.
"""

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nepishell.campaigns.axes import points, seed_of
from nepishell.campaigns.carrying import Errand, Row, clean, end_of
from nepishell.campaigns.definition import Definition
from nepishell.campaigns.engines import Engine, Gone, Said
from nepishell.campaigns.manifest import (
    ENDS,
    LOST,
    RUNS,
    TODO,
    TRIES,
    Manifest,
    Planned,
    me,
    planned,
)
from nepishell.campaigns.stopping import Samples

#: Verdicts of runs that were asked to end and did not listen: their rows are as good as others.
_WHOLE = frozenset({"ok", "suspect"})


class Watch(Protocol):
    """Whoever wants to see how it goes."""

    def begins(self, states: dict[str, str], runs: Iterable[Planned], slots: int) -> None:
        """What is there already, and what is to be done."""

    def planned(self, run: Planned) -> None:
        """One more run is to be done."""

    def started(self, run: Planned) -> None:
        """A run was handed to the engine."""

    def recalled(self, run: Planned, row: Row) -> None:
        """What came of a run that was over before."""

    def ended(self, run: Planned, row: Row, end: str) -> None:
        """A run is over; *end*: '' when it is begun once more."""

    def say(self, text: str) -> None:
        """A line for people."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a campaign stands when nobody works on it any more."""

    counts: Counter[str] = field(default_factory=Counter)
    is_stopped: bool = False
    problem: str = ""

    @property
    def total(self) -> int:
        """All runs there are to be, as far as is known."""
        return sum(self.counts.values())

    @property
    def missing(self) -> int:
        """Runs without a result."""
        return self.total - sum(self.counts[end] for end in ENDS if end != LOST)


class Conductor:
    """Works on one campaign until nothing is missing. The caller holds the manifest."""

    def __init__(
        self, manifest: Manifest, definition: Definition, engine: Engine, said: Said, watch: Watch
    ) -> None:
        self._manifest = manifest
        self._definition = definition
        self._engine = engine
        self._said = said
        self._watch = watch
        self._me = me()
        self._text = definition.recipe.read_text()
        self._runs: dict[str, Planned] = {}
        self._todo: list[Planned] = []
        self._away: dict[str, Path] = {}
        self._losses: Counter[str] = Counter()
        self._samples = Samples(definition.stop)
        self._asked = 0
        self._problem = ""

    def conduct(self) -> Outcome:
        """Have everything done that is missing; returns when it is, or when it was stopped."""
        self._prepare()
        self._feed()
        while self._away:
            said = self._said.get()
            if said is None:
                self._stop()
            elif isinstance(said, Gone):
                self._lose(said)
            else:
                self._take(said.result() if isinstance(said, Future) else said)
            self._feed()
        return Outcome(
            counts=self._manifest.count(), is_stopped=self._asked > 0, problem=self._problem
        )

    # -- what there is to do --------------------------------------------------------------------

    def _prepare(self) -> None:
        definition, manifest = self._definition, self._manifest
        repeat = definition.stop.least if definition.stop else definition.repeat
        all_points = points(definition.axes, definition.seed)
        manifest.add(
            planned(definition, point, number, repetition)
            for number, point in enumerate(all_points)
            for repetition in range(1, repeat + 1)
        )
        swept = manifest.sweep()
        if swept:
            self._watch.say(f"{len(swept)} runs were going on when this was ended: begun again")
        self._runs = {run.key: run for run in manifest.runs()}
        states = {key: manifest.state(key) for key in self._runs}
        for key, state in states.items():
            if state == TODO:
                self._clean(key)
        self._todo = [run for run in self._order() if states[run.key] == TODO]
        self._watch.begins(states, self._runs.values(), self._engine.slots)
        self._recall(states)

    def _order(self) -> list[Planned]:
        """All runs, the next one last. Shuffled, so that what drifts with time is not taken for an
        effect of a parameter."""
        runs = list(self._runs.values())
        if self._definition.order == "shuffled":
            random.Random(self._definition.seed).shuffle(runs)
        return runs[::-1]

    def _recall(self, states: dict[str, str]) -> None:
        """Learn the samples of the runs that are over; a point may need more since."""
        for key, run in self._runs.items():
            self._samples.expect(run)
            row = self._manifest.row(key) if states[key] in ENDS else None
            if row is not None:
                self._samples.add(run, row)
                self._watch.recalled(run, row)
        for run in list(self._samples.wanted()):
            self._plan(run)

    def _plan(self, run: Planned) -> None:
        more = planned(self._definition, run.parameters, run.point, run.repetition + 1)
        self._manifest.add([more])
        if more.key not in self._runs:
            self._runs[more.key] = more
            self._samples.expect(more)
            self._todo.insert(0, more)
            self._watch.planned(more)

    def _clean(self, key: str) -> None:
        for folder in self._manifest.tries(key):
            self._tidy(folder)

    def _tidy(self, folder: Path) -> None:
        said = clean(folder)
        if said:
            self._watch.say(said)

    # -- doing it -------------------------------------------------------------------------------

    def _feed(self) -> None:
        while self._todo and not self._asked and len(self._away) < self._engine.slots:
            run = self._todo.pop()
            if not self._manifest.claim(run.key, self._me):
                continue
            folder = self._manifest.next_try(run.key)
            self._away[run.key] = folder
            self._watch.started(run)
            self._engine.submit(self._errand(run, folder), folder)

    def _errand(self, run: Planned, folder: Path) -> Errand:
        definition = self._definition
        return Errand(
            key=run.key,
            recipe=str(definition.recipe),
            parameters=run.parameters,
            repetition=run.repetition,
            seed=seed_of(definition.seed, run.key),
            text=self._text,
            metrics=definition.metrics,
            timeout_s=definition.timeout_s,
            yes=definition.yes,
            jobs=self._engine.jobs,
            more={
                "point": run.point,
                "tries": self._losses[run.key] + 1,
                "files": f"{RUNS}/{run.key}/{TRIES}/{folder.name}",
            },
        )

    def _take(self, row: Row) -> None:
        key = str(row["key"])
        folder = self._away.pop(key, None)
        if folder is None:
            return
        run, end = self._runs[key], end_of(row)
        if self._asked and row["verdict"] not in _WHOLE:
            self._tidy(folder)
            self._manifest.give_back(key, self._me)
            return
        again = end == LOST and self._lost(key, folder)
        if not again:
            self._manifest.finish(key, self._me, end, row)
            self._samples.add(run, row)
        self._watch.ended(run, row, "" if again else end)
        for needed in list(self._samples.wanted(run.point)):
            self._plan(needed)

    def _lost(self, key: str, folder: Path) -> bool:
        """A process or machine was lost; whether the run is begun again."""
        self._tidy(folder)
        self._losses[key] += 1
        if self._losses[key] >= self._definition.tries:
            return False
        self._manifest.give_back(key, self._me)
        self._todo.insert(0, self._runs[key])
        return True

    def _stop(self) -> None:
        self._asked += 1
        if self._asked == 1:
            self._watch.say("stopping: what runs is released; Ctrl-C again kills it")
        self._engine.stop(now=self._asked > 1)

    def _lose(self, gone: Gone) -> None:
        """The engine is lost: nothing that is away comes back."""
        self._problem, self._asked = gone.reason, self._asked + 1
        for key in self._away:
            self._manifest.give_back(key, self._me)
        self._away.clear()
