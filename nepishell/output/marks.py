"""What has changed between two looks at the same listing: its cells, marked for a while."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from nepishell.output.records import Message, Record, Records, Result
from nepishell.output.render import marked, render
from nepishell.output.style import Style

#: (what the row is about, name of the column); of a text the line and ''.
Key = tuple[object, str]
Row = tuple[object, ...]


class Changes:
    """Sees one result after another. *now*: seconds of any clock that does not go back."""

    def __init__(self, now: Callable[[], float], lasting: float) -> None:
        self._now = now
        self._lasting = lasting
        self._seen: Mapping[object, Row] | None = None
        self._until: dict[Key, float] = {}

    @property
    def are_shown(self) -> bool:
        """Whether something is marked now, and will not be later."""
        return bool(self._until)

    def draw(self, result: Result, style: Style, part: slice = slice(None)) -> str:
        """*result* as a table that fits, its changed cells marked. A drawing has no marks.

        Of a listing only the rows of *part* are drawn; changes of all are seen.
        """
        if not isinstance(result, Message | Record | Records):
            return render(result, "table", style)
        names, found = _rows(result)
        changed = self._changed(names, found)
        if isinstance(result, Message):
            lines = render(result, "table", style).splitlines()
            return "\n".join(_mark(line) if (line, "") in changed else line for line in lines)
        keys = list(found)
        if isinstance(result, Records):
            keys, result = keys[part], result.with_rows(result.rows[part])
        return marked(result, style, lambda row, column: (keys[row], column) in changed, _mark)

    def _changed(self, names: Sequence[str], rows: Mapping[object, Row]) -> set[Key]:
        now, before = self._now(), self._seen
        self._seen = rows
        if before is not None:
            until = now + self._lasting
            for about, row in rows.items():
                old = before.get(about)
                # most rows are as they were: they cost one comparison
                if row != old:
                    self._until.update(dict.fromkeys(_differing(names, about, row, old), until))
        self._until = {key: at for key, at in self._until.items() if at > now and key[0] in rows}
        return set(self._until)


def _differing(names: Sequence[str], about: object, row: Row, old: Row | None) -> Iterator[Key]:
    """The cells of *row* that are not those of *old*; all of a row that is new."""
    for place, name in enumerate(names):
        if old is None or len(old) != len(row) or old[place] != row[place]:
            yield about, name


def _mark(text: str) -> str:
    """*text* in reverse: that is no colour, and is seen without any."""
    return f"\x1b[7m{text}\x1b[27m" if text else ""


def _rows(result: Message | Record | Records) -> tuple[Sequence[str], dict[object, Row]]:
    """The names of the columns, and the rows by what each is about."""
    if isinstance(result, Message):
        lines = render(result, "table", Style()).splitlines()
        return ("",), {line: (line,) for line in lines}
    names = [each.name for each in result.columns]
    if isinstance(result, Record):
        return names, {"": result.values}
    # its first cell tells what a row is about, where that tells rows apart; else its place
    first: dict[object, Row] = {
        row[0] if isinstance(row[0], int | str) else str(row[0]): row for row in result.rows
    }
    return names, first if len(first) == len(result.rows) else dict(enumerate(result.rows))
