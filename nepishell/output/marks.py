"""What has changed between two looks at the same listing: its cells, marked for a while."""

from collections.abc import Callable, Iterator

from nepishell.output.records import Message, Record, Records, Result
from nepishell.output.render import marked, render
from nepishell.output.style import Style

#: (what the row is about, name of the column); of a text the line and ''.
Key = tuple[object, str]


class Changes:
    """Sees one result after another. *now*: seconds of any clock that does not go back."""

    def __init__(self, now: Callable[[], float], lasting: float) -> None:
        self._now = now
        self._lasting = lasting
        self._seen: dict[Key, object] | None = None
        self._until: dict[Key, float] = {}

    @property
    def are_shown(self) -> bool:
        """Whether something is marked now, and will not be later."""
        return bool(self._until)

    def draw(self, result: Result, style: Style) -> str:
        """*result* as a table that fits, its changed cells marked. A drawing has no marks."""
        if not isinstance(result, Message | Record | Records):
            return render(result, "table", style)
        changed = self._changed(dict(_values(result)))
        if isinstance(result, Message):
            lines = render(result, "table", style).splitlines()
            return "\n".join(_mark(line) if (line, "") in changed else line for line in lines)
        keys = list(_keys(result))
        return marked(result, style, lambda row, column: (keys[row], column) in changed, _mark)

    def _changed(self, values: dict[Key, object]) -> set[Key]:
        now, before = self._now(), self._seen
        self._seen = values
        if before is not None:
            new = {key for key, value in values.items() if before.get(key, before) != value}
            self._until.update(dict.fromkeys(new, now + self._lasting))
        self._until = {key: at for key, at in self._until.items() if at > now and key in values}
        return set(self._until)


def _mark(text: str) -> str:
    """*text* in reverse: that is no colour, and is seen without any."""
    return f"\x1b[7m{text}\x1b[27m" if text else ""


def _keys(result: Record | Records) -> Iterator[object]:
    """What each row is about: its first cell where that tells rows apart, else its place."""
    if isinstance(result, Record):
        return iter(("",))
    rows = result.rows
    first = [str(row[0]) for row in rows if row]
    return iter(first if len(set(first)) == len(rows) else range(len(rows)))


def _values(result: Message | Record | Records) -> Iterator[tuple[Key, object]]:
    if isinstance(result, Message):
        for line in render(result, "table", Style()).splitlines():
            yield (line, ""), line
        return
    rows = [result.values] if isinstance(result, Record) else result.rows
    for key, row in zip(_keys(result), rows, strict=True):
        for column, value in zip(result.columns, row, strict=True):
            yield (key, column.name), value
