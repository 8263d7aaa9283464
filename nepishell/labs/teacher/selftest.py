"""Whether a lab does what it promises, played for real with the values of several students.

The solution gets full points, the untouched start passes no step, and each mutant, which is a
wrong solution, fails the check that it is listed for.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from nepishell.core.errors import NepishellError
from nepishell.labs.parts import Check, Lab, Mutant, Step
from nepishell.labs.playing import Stage
from nepishell.labs.results import CheckResult
from nepishell.labs.variants import Variant, practice_variant

#: Of a solution, of the untouched start, of a mutant.
START, SOLUTION, MUTANT = "start", "solution", "mutant"
#: Mutants that are played side by side.
_AT_ONCE = 3
#: What is right may need its time to come about; what is wrong is not waited for that long.
_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one play of a lab came to. *seed*: from 1; *problem*: '' where it is as promised."""

    seed: int
    what: str
    name: str
    problem: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it is as promised."""
        return not self.problem


def selftest(lab: Lab, seeds: int = 3) -> Iterator[Proof]:
    """Play *lab* with the values of so many students; each proof as soon as it is there.

    Raises NepishellError for a lab without solutions, as students have it.
    """
    missing = [step.id for step in lab.steps if step.id not in lab.solutions]
    if missing:
        raise NepishellError(
            f"{lab.file} has no solution/{missing[0]}.nepi: a selftest needs one for each step"
        )
    for seed in range(1, seeds + 1):
        variant = practice_variant(lab, f"seed-{seed}")
        # alone: what it measures is to be right. Mutants only have to be wrong
        yield from _timed(seed, _solved, lab, variant)
        with ThreadPoolExecutor(_AT_ONCE, "nepishell-mutant") as pool:
            played = [
                pool.submit(_timed, seed, _mutated(mutant), lab, variant) for mutant in lab.mutants
            ]
            for each in played:
                yield from each.result()


def needed(lab: Lab, step: Step) -> list[Step]:
    """The steps that *step* builds on, in their order."""
    wanted = set(step.needs)
    for earlier in reversed(lab.steps):
        if earlier.id in wanted:
            wanted.update(earlier.needs)
    return [earlier for earlier in lab.steps if earlier.id in wanted]


_Found = tuple[str, str, str]


def _timed(
    seed: int, play: Callable[[Stage], Iterator[_Found]], lab: Lab, variant: Variant
) -> list[Proof]:
    begun = monotonic()
    with (
        TemporaryDirectory(prefix="nepishell-lab-") as folder,
        Stage(lab, variant, Path(folder)) as stage,
    ):
        found = list(play(stage))
    seconds = monotonic() - begun
    return [
        Proof(seed=seed, what=what, name=name, problem=problem, seconds=seconds)
        for what, name, problem in found
    ]


def _solved(stage: Stage) -> Iterator[_Found]:
    """The start and, in the same run, the solution of one step after the other."""
    session = stage.session
    try:
        session.begin()
    except NepishellError as problem:
        yield START, "start.nepi", f"cannot be played: {problem}"
        return
    holding = {one.id for one in session.checker.look(session.lab.checks) if one.ok}
    early = [step.id for step in session.lab.steps if _are_all_in(step.checks, holding)]
    told = f"passes step '{early[0]}' before anything was done" if early else ""
    yield START, "start.nepi", told
    for step in session.lab.steps:
        try:
            session.restore(step)
        except NepishellError as problem:
            yield SOLUTION, step.id, f"cannot be played: {problem}"
            return
        results = [session.results[check.id] for check in step.checks]
        yield SOLUTION, step.id, "; ".join(map(_told, _wrong(results)))
    now = session.snapshot()
    if now.points != now.most:
        yield SOLUTION, "all steps", f"{now.points:g} of {now.most:g} points"


def _are_all_in(checks: Iterable[Check], holding: set[str]) -> bool:
    wanted = {check.id for check in checks}
    return bool(wanted) and wanted <= holding


def _mutated(mutant: Mutant) -> Callable[[Stage], Iterator[_Found]]:
    def play(stage: Stage) -> Iterator[_Found]:
        session, lab = stage.session, stage.session.lab
        step = lab.step(mutant.step)
        try:
            session.begin()
            for earlier in needed(lab, step):
                session.play(lab.solutions[earlier.id], f"{earlier.id}.nepi")
            session.step = step.id
            session.play(mutant.text, mutant.file)
        except NepishellError as problem:
            yield MUTANT, mutant.name, f"cannot be played: {problem}"
            return
        (check,) = (check for check in step.checks if check.id == mutant.fails)
        impatient = replace(check, within=min(check.within, _PATIENCE_S))
        (result,) = session.checker.settle([impatient])
        told = f"check '{check.id}' holds all the same: {result.seen}" if result.ok else ""
        yield MUTANT, mutant.name, told

    return play


def _wrong(results: Iterable[CheckResult]) -> list[CheckResult]:
    return [one for one in results if not one.ok]


def _told(result: CheckResult) -> str:
    return f"check '{result.id}' does not hold: expected {result.expected}, seen {result.seen}"
