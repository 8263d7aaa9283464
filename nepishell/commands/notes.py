"""What a command says that did something: a sentence for people, facts for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nepishell.output.records import Message, Record, Records, Result


@dataclass(frozen=True, slots=True)
class Note(Message):
    """Shown at the prompt; in a recipe only where it is *asked* for, or with --json."""

    facts: Mapping[str, object] = field(default_factory=dict)
    asked: bool = False

    def as_record(self) -> Record:
        """The sentence and the facts as one object."""
        return Record({"message": self.text, **self.facts})


def note(text: str, **facts: object) -> Note:
    """A Note."""
    return Note(text, facts)


def tell(text: str, **facts: object) -> Note:
    """A Note that is the very answer to what was asked."""
    return Note(text, facts, asked=True)


@dataclass(frozen=True, slots=True)
class Output(Message):
    """What programs wrote, and what was wrong in the end ('' for nothing): shown before it counts.

    *records*: the same for programs.
    """

    records: Records
    error: str = ""


class Shown(NamedTuple):
    """A result and the format that the line asked for ('' when it did not say)."""

    result: Result
    form: str = ""


def names_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The names of declared columns: 'next:duration' -> 'next'."""
    return tuple(name.partition(":")[0] for name in columns)
