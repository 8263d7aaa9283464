"""How far a class is, from the journals of its runs: pure values, nothing is read here.

A journal is written by a student's program and believed as such: this is for help, not for grades.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from nepishell.labs.parts import Lab
from nepishell.output.records import Records

COLUMNS = ("student", "lab", "step", "done", "tries", "hints", "quiet:duration", "state", "last")
_MOST_TEXT = 80


class State(StrEnum):
    """How a student is getting on; in the order in which a teacher wants to read it."""

    STUCK = "stuck"
    WORKS = "works"
    DONE = "done"
    LEFT = "left"


@dataclass(slots=True)
class Desk:
    """One run of one student, as its journal tells line by line.

    *progress*: seconds since 1970 when something came to hold last, or a step began; *tries*:
    answers given since the step began; *failing*: check -> what was seen.
    """

    run: str
    began: float = 0.0
    student: str = ""
    lab: str = ""
    step: str = ""
    passed: list[str] = field(default_factory=list)
    hints: int = 0
    tries: int = 0
    progress: float = 0.0
    failing: dict[str, str] = field(default_factory=dict)
    has_ended: bool = False

    @property
    def is_lab(self) -> bool:
        """Whether a lab was begun in it."""
        return bool(self.lab)

    def take(self, line: bytes) -> bool:
        """Take a line of the journal; whether the desk looks different now."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return False
        if not isinstance(told, dict):
            return False
        match told.get("k"):
            case "journal":
                self.began = _seconds(told.get("wall")) - _number(told.get("t"))
            case "end":
                self.has_ended = True
            case "lab":
                self._lab(told, self.began + _number(told.get("t")))
            case _:
                return False
        return True

    def _lab(self, told: Mapping[str, Any], at: float) -> None:
        match told.get("what"):
            case "start":
                self.lab, self.student = _text(told, "lab"), _text(told, "student")
                self.progress = at
            case "step" | "goto":
                self.step = _text(told, "step")
                self._forward(at)
            case "reset":
                self.passed, self.step = [], ""
                self._forward(at)
            case "passed":
                self.passed.append(_text(told, "step"))
                self._forward(at)
            case "check":
                self._check(told, at)
            case "hint":
                self.hints += 1
            case "answer":
                self.tries += 1

    def _check(self, told: Mapping[str, Any], at: float) -> None:
        check = _text(told, "check")
        if told.get("ok") is True:
            self.failing.pop(check, None)
            self.progress = at
        else:
            self.failing[check] = _text(told, "seen")

    def _forward(self, at: float) -> None:
        self.progress, self.tries = at, 0
        self.failing.clear()

    def quiet(self, now: float) -> float:
        """Seconds since something came to hold; *now*: seconds since 1970."""
        return max(0.0, now - self.progress)

    def state(self, now: float, patience_s: float, steps: int) -> State:
        """How it is; *steps*: of the lab, 0 where that is not known."""
        if steps and len(set(self.passed)) >= steps:
            return State.DONE
        if self.has_ended:
            return State.LEFT
        return State.STUCK if self.quiet(now) >= patience_s else State.WORKS

    @property
    def last(self) -> str:
        """A check that does not hold, and what was seen."""
        if not self.failing:
            return ""
        check, seen = next(reversed(self.failing.items()))
        return f"{check}: {seen}"[:_MOST_TEXT]


def table(desks: Iterable[Desk], labs: Mapping[str, Lab], now: float, patience_s: float) -> Records:
    """The class as a table: who needs help first, then by name; the latest run of each student."""
    latest: dict[tuple[str, str, str], Desk] = {}
    for desk in sorted((desk for desk in desks if desk.is_lab), key=lambda desk: desk.began):
        # whoever gave no name is told apart by the run
        latest[(desk.student, desk.lab, "" if desk.student else desk.run)] = desk
    rows = []
    for desk in latest.values():
        lab = labs.get(desk.lab)
        steps = len(lab.steps) if lab else 0
        state = desk.state(now, patience_s, steps)
        done = f"{len(set(desk.passed))} of {steps}" if steps else str(len(set(desk.passed)))
        rows.append((state, desk.student or f"({desk.run[-6:]})", desk, done))
    order = list(State)
    rows.sort(key=lambda row: (order.index(row[0]), row[1]))
    return Records(
        COLUMNS,
        [
            (name, desk.lab, desk.step, done, desk.tries, desk.hints,
             float(int(desk.quiet(now))), str(state), desk.last)
            for state, name, desk, done in rows
        ],
        "students",
    )  # fmt: skip


def next_change(
    desks: Iterable[Desk], labs: Mapping[str, Lab], now: float, patience_s: float
) -> float | None:
    """Seconds until somebody becomes stuck who works now; None where nobody works."""
    left = [
        patience_s - desk.quiet(now)
        for desk in desks
        if desk.is_lab
        and desk.state(now, patience_s, len(labs[desk.lab].steps) if desk.lab in labs else 0)
        is State.WORKS
    ]
    return max(0.0, min(left)) if left else None


def _text(told: Mapping[str, Any], name: str) -> str:
    return str(told.get(name, ""))[:_MOST_TEXT]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e10 else 0.0


def _seconds(value: object) -> float:
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
