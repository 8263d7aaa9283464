"""What a command returns: many records, one record, a sentence, or a drawing. It never prints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.output.kinds import KINDS, kind_of
from nepishell.output.style import Style


class Column(NamedTuple):
    """A column: its name and the kind of its values (a name in kinds.KINDS)."""

    name: str
    kind: str = "text"


#: How a column may be declared: 'label', 'rtt:duration', or a Column.
ColumnLike = str | Column


def column(declared: ColumnLike) -> Column:
    """A Column from 'name' or 'name:kind'; raises UnknownName for a kind there is not."""
    if isinstance(declared, Column):
        return declared
    name, _, kind = declared.partition(":")
    if kind and kind not in KINDS:
        raise UnknownName(f"column '{name}' has no kind '{kind}'{did_you_mean(kind, KINDS)}")
    return Column(name, kind or "text")


class Records:
    """A listing: columns, and rows as tuples in the order of the columns."""

    __slots__ = ("columns", "rows", "title")

    def __init__(
        self,
        columns: Iterable[ColumnLike],
        rows: Iterable[Sequence[object] | Mapping[str, object]],
        title: str = "",
    ) -> None:
        """*rows*: tuples, or mappings from which missing columns are None.

        A column that declares no kind takes it from its first value.
        """
        self.title = title
        given = list(columns)
        names = [column(each) for each in given]
        self.rows = [
            tuple(row.get(each.name) for each in names) if isinstance(row, Mapping) else tuple(row)
            for row in rows
        ]
        self.columns = tuple(
            each._replace(kind=self._kind(index)) if isinstance(like, str) and ":" not in like
            else each
            for index, (like, each) in enumerate(zip(given, names, strict=True))
        )  # fmt: skip

    def _kind(self, index: int) -> str:
        return next((kind_of(row[index]) for row in self.rows if row[index] is not None), "text")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return (self.columns, self.rows) == (other.columns, other.rows)

    __hash__ = None  # type: ignore[assignment]  # rows is a list

    def __repr__(self) -> str:
        return f"Records({[each.name for each in self.columns]}, {len(self.rows)} rows)"

    def with_rows(self, rows: list[tuple[object, ...]]) -> "Records":
        """The same columns over other rows."""
        return Records(self.columns, rows, self.title)

    def position(self, name: str) -> int:
        """Where the column stands; raises UnknownName."""
        names = [each.name for each in self.columns]
        if name not in names:
            near = did_you_mean(name, names) or f"; columns are {', '.join(names)}"
            raise UnknownName(f"no column '{name}'{near}")
        return names.index(name)


class Record:
    """One object: names and values."""

    __slots__ = ("columns", "title", "values")

    def __init__(
        self, values: Mapping[str, object], kinds: Mapping[str, str] | None = None, title: str = ""
    ) -> None:
        """*kinds*: of the values where their Python type does not tell (durations, rates)."""
        kinds = kinds or {}
        self.values = tuple(values.values())
        self.columns = tuple(
            Column(name, kinds.get(name) or kind_of(value)) for name, value in values.items()
        )
        self.title = title

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return (self.columns, self.values) == (other.columns, other.values)

    def __hash__(self) -> int:
        return hash(self.columns)

    def __repr__(self) -> str:
        return f"Record({dict(zip((c.name for c in self.columns), self.values, strict=True))})"

    def as_records(self) -> Records:
        """A listing of one row."""
        return Records(self.columns, [self.values], self.title)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence, or several lines of text; *prose*: of words, which may go on in another line."""

    text: str
    prose: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Text that is made to measure where it is shown; *records*: the same for programs.

    *svg*: the picture for a file, None where there is none. *files*: other forms for a file.
    """

    records: Records
    draw: Callable[[Style], str]
    svg: Callable[[], str] | None = None
    files: Mapping[str, Callable[[], str]] = field(default_factory=dict)


Result = Records | Record | Message | Drawing
