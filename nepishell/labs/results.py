"""What came of a check, as a value."""

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
