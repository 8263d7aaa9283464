"""What came of a check, and how a student stands, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Seen(NamedTuple):
    """What a reader of the experiment found. *command*: what a person can type to see it."""

    ok: bool
    expected: str
    seen: str
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What came of a check. *at*: seconds of the run's clock; *points*: given for it, or 0."""

    id: str
    ok: bool
    expected: str
    seen: str
    command: str
    points: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How a student stands. *hints*: (step, number from 1) of those taken.

    *restored*: steps whose reference solution was played, by `goto`.
    """

    step: str
    points: float
    most: float
    passed: tuple[str, ...]
    results: Mapping[str, CheckResult]
    fails: Mapping[str, int]
    hints: tuple[tuple[str, int], ...]
    restored: tuple[str, ...]
    answers: Mapping[str, str]
