"""Teaching labs: ten checks that hold, the selftest's playing of a lab, and grading a class."""

import tempfile
import time
from pathlib import Path

from bench.figure import Figure
from nepishell.commands.journaling import open_journal
from nepishell.labs.grading import grade
from nepishell.labs.parts import Lab
from nepishell.labs.playing import Stage
from nepishell.labs.shelf import find_lab
from nepishell.labs.submission import submit
from nepishell.labs.variants import Variant, variants

LAB = "routes"
STUDENTS, AT_A_TIME, CHECKS = 30, 2, 10
KEY = b"of this bench only"


def measure() -> list[Figure]:
    """Seconds of the checks of one student, and of grading thirty, two at a time."""
    lab = find_lab(LAB)
    roster = [f"student-{number}" for number in range(1, STUDENTS + 1)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = variants(lab, KEY, roster)
        files, looked = [], []
        for student, variant in own.items():
            path, seconds = hand_in(lab, variant, folder / f"{student}.zip")
            files.append(path)
            looked.append(seconds)
        begun = time.monotonic()
        grades = grade(lab, files, key=KEY, roster=roster, jobs=AT_A_TIME)
        spent = time.monotonic() - begun
    wrong = [one.student for one in grades if one.points != one.most or one.flags]
    note = f"not as they should be: {', '.join(wrong)}" if wrong else "all have full points"
    middle = sorted(looked)[len(looked) // 2]
    return [
        Figure(name=f"lab check: {CHECKS} checks that hold", unit="s", ours=middle, at_most=1.0),
        Figure(name=f"lab grade: {STUDENTS} submissions of '{LAB}', {AT_A_TIME} at a time",
               unit="s", ours=spent, at_most=300.0, note=note),
    ]  # fmt: skip


def hand_in(lab: Lab, variant: Variant, path: Path) -> tuple[Path, float]:
    """What somebody hands in who does what the solution says; and the seconds of ten checks."""
    with Stage(lab, variant, path.parent / "runs") as stage:
        session = stage.session
        stage.ctx.journal = open_journal(stage.ec, print)
        session.begin()
        for step in lab.steps:
            for line in lab.solutions[step.id].splitlines():
                if line.strip() and not line.startswith("#"):
                    stage.do(line)
            for check in step.checks:
                if check.kind == "answer":
                    session.answer(check, session.checker.filled(check)["is"])
            session.check()
            session.next()
        begun = time.monotonic()
        results = session.checker.settle(lab.checks[:CHECKS])
        seconds = time.monotonic() - begun
        assert all(result.ok for result in results)
        submit(session, path)
    return path, seconds
