"""One submission done again: the lab built with the student's values, each deed, each check afresh.

Runs in a process of its own (`python -m nepishell.labs.regrading`), which is told what to do on its
standard input, since a student's seed is on no command line, and answers in JSON.
"""

import json
import re
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from nepishell.core.errors import NepishellError
from nepishell.labs.deeds import ANSWER, HELD, LINE, LONGEST_PAUSE_S, PAUSE, Deed
from nepishell.labs.guarding import Verdict, judge, strange
from nepishell.labs.measuring import is_measuring, pause
from nepishell.labs.parts import Lab
from nepishell.labs.playing import Stage
from nepishell.labs.results import CheckResult
from nepishell.labs.shelf import find_lab
from nepishell.labs.submission import Submission, read_submission
from nepishell.labs.variants import Variant
from nepishell.lang.errors import LangError

#: Seconds that a check has to hold again while programs run, since nobody waits for a measurement
#: as the student did; and while none does.
GRACE_S, SETTLING_S = 20.0, 1.0
_PLAIN = re.compile(r"[\w.:/%+-]{0,100}")


@dataclass(kw_only=True)
class Regraded:
    """What came of it. *refused*: why nothing counts; *left_out*: lines that were not done again.

    *troubles*: lines that went well for the student, and not here.
    """

    checks: dict[str, CheckResult] = field(default_factory=dict)
    restored: list[str] = field(default_factory=list)
    refused: str = ""
    left_out: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class _Refused(Exception):
    """The submission reaches out of its lab."""


def regrade(
    lab: Lab, submission: Submission, variant: Variant, *, grace_s: float = GRACE_S
) -> Regraded:
    """Do *submission* again; raises NepishellError where the lab itself does not begin."""
    found = Regraded()
    checks = {check.id: check for check in lab.checks}
    with (
        tempfile.TemporaryDirectory(prefix="nepishell-lab-") as folder,
        Stage(lab, variant, Path(folder)) as stage,
    ):
        stage.session.begin()
        try:
            for are_held, deeds in groupby(submission.deeds, lambda deed: deed.kind == HELD):
                if are_held:
                    again = [checks[deed.what] for deed in deeds if deed.what in checks]
                    least = grace_s if is_measuring(stage.ec) else SETTLING_S
                    results = stage.session.checker.settle(again, least=least)
                    found.checks.update((one.id, one) for one in results)
                    continue
                for deed in deeds:
                    _again(stage, deed, found)
        except _Refused as refused:
            found.refused = str(refused)
            return found
        # what never held for the student has its own time only
        left = [one for one in lab.checks if not _holds(found, one.id)]
        found.checks.update((one.id, one) for one in stage.session.checker.settle(left))
    return found


def _holds(found: Regraded, check: str) -> bool:
    return check in found.checks and found.checks[check].ok


def _again(stage: Stage, deed: Deed, found: Regraded) -> None:
    session = stage.session
    if deed.kind == LINE:
        _line(stage, deed.what, found)
    elif deed.kind == PAUSE:
        pause(stage.ec, min(_seconds(deed.what), LONGEST_PAUSE_S))
    elif deed.kind == ANSWER:
        session.checker.answers[deed.what] = deed.text
    elif deed.what in session.lab.solutions:
        session.restore(session.find(deed.what))
        found.restored.append(deed.what)
    else:
        found.troubles.append(f"no solution of step '{deed.what}' is there to be restored")


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0


def _line(stage: Stage, line: str, found: Regraded) -> None:
    try:
        judged = [judge(call) for call in stage.calls(line)]
        for verdict, why in judged:
            if verdict is Verdict.REFUSE:
                raise _Refused(f"'{line}': {why}")
            if verdict is Verdict.SKIP:
                found.left_out.append(f"'{line}': {why}")
                return
        before = set(stage.ec.resources)
        stage.do(line)
        for guid in set(stage.ec.resources) - before:
            why = strange(stage.ctx.rm(guid))
            if why:
                raise _Refused(f"'{line}': {why}")
    except LangError as problem:
        found.troubles.append(f"'{line}': {problem.message}")
    except NepishellError as problem:
        found.troubles.append(f"'{line}': {problem}")


def unverified(submission: Submission) -> Variant:
    """The values that a submission says it has; raises NepishellError for odd ones."""
    for name, value in submission.values.items():
        if not _PLAIN.fullmatch(value):
            raise NepishellError(f"{submission.file}: '{value}' is no value of '{name}'")
    return Variant(
        lab=submission.lab, version=submission.version, student=submission.student, seed="",
        values=dict(submission.values), practice=True,
    )  # fmt: skip


def main() -> int:
    """What standard input tells, done; a line of JSON on standard output."""
    told: dict[str, Any] = json.load(sys.stdin)
    try:
        lab = find_lab(told["lab"])
        submission = read_submission(Path(told["file"]))
        variant = Variant(**told["variant"])
        answer: dict[str, Any] = asdict(regrade(lab, submission, variant))
    except NepishellError as problem:
        answer = {"error": str(problem)}
    json.dump(answer, sys.stdout)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
