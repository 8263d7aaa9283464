"""Grading what a class handed in: each submission done again, its journal as evidence, flags.

Flags inform whoever grades; no points are ever taken for one. Submissions are done again in
processes of their own, some at a time, so that none disturbs another.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nepishell.core.errors import NepishellError
from nepishell.labs.deeds import LINE
from nepishell.labs.evidence import Evidence, evidence
from nepishell.labs.parts import Lab, Step
from nepishell.labs.regrading import unverified
from nepishell.labs.submission import Submission, read_submission
from nepishell.labs.variants import Variant, practice_variant, variants

#: Seconds that doing a submission again may take, and lines from which sameness is told.
PATIENCE_S, TELLING = 300.0, 3


@dataclass(kw_only=True)
class Grade:
    """What came of one submission.

    *checks*: each as a CheckResult's fields; *steps*: step -> points; *hints*: those taken.
    *refused*: why it was not graded, ''. *flags*: what whoever grades should know.
    """

    file: str
    student: str = ""
    points: float = 0.0
    most: float = 0.0
    refused: str = ""
    flags: list[str] = field(default_factory=list)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    first_held: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Work:
    """A submission that was read, and what is known of it before it is done again."""

    submission: Submission
    evidence: Evidence
    variant: Variant
    grade: Grade


def grade(
    lab: Lab,
    files: Sequence[Path],
    *,
    key: bytes | None = None,
    roster: Sequence[str] = (),
    jobs: int = 2,
    told: Callable[[Grade], None] = lambda grade: None,
) -> list[Grade]:
    """Grades in the order of *files*; *told* as each is ready, on any thread."""
    expected = variants(lab, key, roster) if key is not None and roster else {}
    works = [_begin(lab, path, key, expected, roster) for path in files]
    _flag_same([work for work in works if isinstance(work, _Work)])

    def one(work: _Work | Grade) -> Grade:
        found = _finish(lab, work) if isinstance(work, _Work) else work
        told(found)
        return found

    with ThreadPoolExecutor(max(1, jobs), "nepishell-grade") as pool:
        return list(pool.map(one, works))


def _begin(
    lab: Lab, path: Path, key: bytes | None, expected: Mapping[str, Variant], roster: Sequence[str]
) -> _Work | Grade:
    found = Grade(file=str(path), most=lab.points)
    try:
        submission = read_submission(path)
        found.student = submission.student
        _check_lab(lab, submission)
        variant = _variant_of(lab, submission, key, expected, roster, found)
    except NepishellError as problem:
        found.refused = str(problem).removeprefix(f"{path}: ")
        return found
    told = evidence(submission.journal)
    _flag_journal(found, submission, told)
    if submission.version != lab.version:
        found.flags.append(f"of version {submission.version}, this is {lab.version}")
    return _Work(submission, told, variant, found)


def _check_lab(lab: Lab, submission: Submission) -> None:
    if submission.lab != lab.id:
        raise NepishellError(f"it is of lab '{submission.lab}', not of '{lab.id}'")


def _variant_of(
    lab: Lab, submission: Submission, key: bytes | None, expected: Mapping[str, Variant],
    roster: Sequence[str], found: Grade,
) -> Variant:  # fmt: skip
    """The values to grade with: those the student should have had, where that is known."""
    student = submission.student
    if roster and student not in roster:
        found.flags.append(f"'{student}' is not in the roster")
    own = expected.get(student)
    if own is None and key is not None and student:
        own = variants(lab, key, [student])[student]
    if own is None:
        if not submission.practice:
            found.flags.append("values were not verified: grade with the course key")
            return unverified(submission)
        own = practice_variant(lab, student)
    if submission.variant != own.id or submission.values != own.values:
        kind = "values for practice" if submission.practice else "values of somebody else"
        found.flags.append(f"foreign variant: it was done with {kind}")
    return own


def _flag_journal(found: Grade, submission: Submission, told: Evidence) -> None:
    if told.fault:
        found.flags.append(f"broken journal: {told.fault}")
        return
    if told.variants != {submission.variant}:
        found.flags.append("broken journal: it is of another variant")
    unknown = [
        deed.what for deed in submission.deeds
        if deed.kind == LINE and deed.what not in told.lines
    ]  # fmt: skip
    if unknown:
        found.flags.append(f"broken journal: it does not have the line '{unknown[0]}'")


def _flag_same(works: Sequence[_Work]) -> None:
    runs: dict[str, _Work] = {}
    lines: dict[tuple[str, ...], _Work] = {}
    for work in works:
        said = tuple(deed.what for deed in work.submission.deeds if deed.kind == LINE)
        first = runs.setdefault(work.evidence.head, work) if work.evidence.head else work
        if first is not work:
            _flag_both(first, work, "identical journal")
            continue
        if len(said) < TELLING or not _tells(work, said):
            continue
        other = lines.setdefault(said, work)
        if other is not work:
            _flag_both(other, work, "identical lines")


def _tells(work: _Work, said: tuple[str, ...]) -> bool:
    """Whether lines have values of the student's own in them: else all are the same honestly."""
    values = [value for value in work.variant.values.values() if len(value) > 1]
    return not values or any(value in line for line in said for value in values)


def _flag_both(one: _Work, other: _Work, what: str) -> None:
    for work, twin in ((one, other), (other, one)):
        name = twin.submission.student or Path(twin.grade.file).name
        work.grade.flags.append(f"{what} as {name}")


# -- done again --------------------------------------------------------------------------------


def _finish(lab: Lab, work: _Work) -> Grade:
    found = work.grade
    answer = _in_process(lab, work)
    found.refused = answer.get("refused", "") or answer.get("error", "")
    found.flags += [f"not done again: {line}" for line in answer.get("left_out", ())]
    found.flags += [f"went otherwise here: {line}" for line in answer.get("troubles", ())]
    found.first_held = dict(work.evidence.held)
    found.seconds = dict(work.evidence.steps)
    hints = {*work.submission.hints, *work.evidence.hints}
    found.hints = [f"{step} {number}" for step, number in sorted(hints)]
    restored = sorted({*answer.get("restored", ()), *work.evidence.restored})
    if restored:
        found.flags.append(f"restored by 'lab goto': {', '.join(restored)}")
    if found.refused:
        return found
    found.checks = answer["checks"]
    for step in lab.steps:
        earned = sum(found.checks[one.id]["points"] for one in step.checks)
        found.steps[step.id] = max(0.0, earned - _cost(step, hints))
    found.points = round(sum(found.steps.values()), 6)
    return found


def _cost(step: Step, hints: set[tuple[str, int]]) -> float:
    return sum(
        hint.cost for number, hint in enumerate(step.hints, start=1) if (step.id, number) in hints
    )


def _in_process(lab: Lab, work: _Work) -> dict[str, Any]:
    """What a process of its own says of a submission."""
    told = {
        "lab": lab.file,
        "file": str(work.submission.file),
        "variant": {**asdict(work.variant), "values": dict(work.variant.values)},
    }
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "nepishell.labs.regrading"],
                input=json.dumps(told), capture_output=True, text=True, check=False,
                # what one that is killed leaves goes with the folder
                timeout=PATIENCE_S, env={**os.environ, "XDG_STATE_HOME": folder, "TMPDIR": folder},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"refused": f"it did not end within {PATIENCE_S:g} s"}
    try:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        return {"refused": f"it could not be done again: {last[0]}"}
    return answer
