"""What the page shows, as values: the lab as it was read, and how a student stands now.

The first does not change while a page is open; the second is sent whole whenever it did.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How it is with a check or a step."""

    HOLDS = "holds"
    FAILS = "fails"
    #: not looked at yet, or not open yet
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    """A step to be read. *html*: its text, safe to be shown."""

    id: str
    title: str
    html: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabText:
    """The lab, with this student's values in its texts."""

    title: str
    summary: str
    student: str
    steps: tuple[StepText, ...]

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCheck:
    """A check of the current step: what was expected, seen, and the command that looked."""

    id: str
    title: str
    standing: Standing = Standing.WAITS
    expected: str = ""
    seen: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHint:
    """A hint that was taken (*html*), or can be (*html* ''); *cost* in points."""

    html: str = ""
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """How it stands. *step*: the id of the current one; *standings*: step id -> how it is.

    *picture*: hosts and links, see `picture.scene`.
    """

    step: str
    points: float
    most: float
    standings: Mapping[str, Standing]
    checks: tuple[ShownCheck, ...] = ()
    hints: tuple[ShownHint, ...] = ()
    picture: Mapping[str, Any] | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return asdict(self)
