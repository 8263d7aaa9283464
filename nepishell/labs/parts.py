"""What a lab consists of: plain values, as they stand in its folder, nothing filled in yet.

`${name}` in texts and checks stands for a value of the student's own (see `variants`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: A value of a parameter that is one of several.
Scalar = str | int | float


class ParameterKind(StrEnum):
    """How the value of a parameter is found."""

    CHOICE = "choice"
    RANGE = "range"
    CIDR = "cidr_from"
    HASH = "hash"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value that is different for each student.

    *choices*: of CHOICE. *low high step*: of RANGE, both ends included. *inside*, *prefix*: of
    CIDR, a network of that length inside another one. *digits*: of HASH, hexadecimal. *formula*:
    of FORMULA, what is computed from parameters before it (see `formulas`). *unit* is written
    behind a number. *unique*: no two students of a roster have the same.
    """

    name: str
    kind: ParameterKind
    choices: tuple[Scalar, ...] = ()
    low: float = 0
    high: float = 0
    step: float = 1
    inside: str = ""
    prefix: int = 0
    digits: int = 0
    formula: str = ""
    unit: str = ""
    unique: bool = False


class When(StrEnum):
    """At which moment a check must hold."""

    NOW = ""
    EVER = "ever"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Holds now, held once, or held before or after *what*: a check's id, or `LABEL STATE`."""

    when: When = When.NOW
    what: str = ""

    def __str__(self) -> str:
        return f"{self.when} {self.what}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that must hold. *wanted*: the fields of its kind, as text (see `kinds`).

    *id*: unique in the lab. *title*: what people read, '' to have it derived. *within*: seconds in
    which it may still come to hold. *points*: its part of those of its step. *line*: in lab.toml.
    """

    id: str
    kind: str
    step: str
    wanted: Mapping[str, str]
    title: str = ""
    within: float = 0.0
    points: float = 0.0
    moment: Moment = field(default_factory=Moment)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Help with a step: free or for *cost* points, offered after so many failed checks.

    *reveal*: "solution" shows the reference of the step instead of a text.
    """

    text: str = ""
    after_fails: int = 0
    cost: float = 0.0
    reveal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. *text*: Markdown. *needs*: the ids of steps that come before it."""

    id: str
    title: str
    text: str
    points: float
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    hints: tuple[Hint, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A wrong solution of a step, played in place of the right one: *fails* must not hold then."""

    name: str
    step: str
    fails: str
    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A lab as it was read. *start*: the recipe to begin with.

    *solutions*: step id -> recipe of what is to be done in that step; empty in a copy for students,
    as *mutants*. *file*: where it was read. *files*: name -> text of what students may have.
    """

    id: str
    version: str
    title: str
    summary: str
    minutes: float
    parameters: Mapping[str, Parameter]
    steps: tuple[Step, ...]
    start: str
    file: str
    solutions: Mapping[str, str] = field(default_factory=dict)
    mutants: tuple[Mutant, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The most that can be reached."""
        return sum(step.points for step in self.steps)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Those of all steps, in order."""
        return tuple(check for step in self.steps for check in step.checks)

    def step(self, id_: str) -> Step:
        """The step of that id; raises KeyError."""
        for step in self.steps:
            if step.id == id_:
                return step
        raise KeyError(id_)
