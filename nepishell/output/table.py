"""Records as a table that fits: the widest columns give way, ending in an ellipsis."""

from collections.abc import Callable, Sequence
from textwrap import wrap

from tabulate import tabulate

from nepishell.core.states import ResourceState
from nepishell.output.cells import LEAST, cut, rejoined, width
from nepishell.output.kinds import KINDS, clean, written
from nepishell.output.records import Column, Drawing, Message, Record, Records, Result
from nepishell.output.style import Style

#: Cells between two columns.
GAP = 2


#: (row, name of a column) -> whether it is marked; a painted text -> the same marked
IsMarked = Callable[[int, str], bool]
Mark = Callable[[str], str]


def _no_marks(row: int, column: str) -> bool:
    return False


def render(result: Result, style: Style) -> str:
    """*result* as text for people, no new line at its end."""
    match result:
        case Message(text, prose=True) if style.width:
            whole = rejoined(clean(text, lines=True), style.width)
            return "\n".join(_wrapped(line, style.width) for line in whole.split("\n"))
        case Message(text):
            return clean(text, lines=True)
        case Record():
            return _record(result, style)
        case Records():
            return _records(result, style)
        case Drawing():
            return result.draw(style)


def _wrapped(line: str, room: int) -> str:
    """*line* in as many as it takes, those after the first as far in as its own text and more."""
    indent = len(line) - len(line.lstrip())
    if width(line) <= room or room - indent <= LEAST:
        return line
    deeper = min(indent + 2, room - LEAST) if indent else 0
    return "\n".join(
        wrap(line.strip(), room, initial_indent=" " * indent, subsequent_indent=" " * deeper,
             break_on_hyphens=False)
    )  # fmt: skip


def marked(result: Record | Records, style: Style, is_marked: IsMarked, mark: Mark) -> str:
    """As render(), with some cells marked."""
    if isinstance(result, Record):
        return _record(result, style, is_marked, mark)
    return _records(result, style, is_marked, mark)


def fit(widths: Sequence[int], room: int) -> list[int]:
    """Widths of columns that together take *room*; the widest are cut first, none below LEAST."""
    fitted = list(widths)
    excess = sum(fitted) - room
    while excess > 0:
        top = max(fitted)
        if top <= LEAST:
            break
        widest = [index for index, size in enumerate(fitted) if size == top]
        below = max([size for size in fitted if size < top], default=LEAST)
        # bring the widest down together, to the next width or as far as needed
        drop = min(top - max(below, LEAST), -(-excess // len(widest)))
        for index in widest:
            fitted[index] -= max(1, drop)
        excess = sum(fitted) - room
    return fitted


def _records(
    records: Records, style: Style, is_marked: IsMarked = _no_marks, mark: Mark = str
) -> str:
    if not records.rows:
        return style.paint(f"no {clean(records.title) or 'rows'}", "dim")
    header = [clean(each.name) for each in records.columns]
    cells = [
        [_cell(value, each, style) for value, each in zip(row, records.columns, strict=True)]
        for row in records.rows
    ]
    kept, left_out = _that_fit(header, cells, style.width)
    shown = Records(
        [records.columns[at] for at in kept], [[row[at] for at in kept] for row in records.rows]
    )
    header, *cells = ([texts[at] for at in kept] for texts in (header, *cells))
    text = _layout(header, cells, shown, style, is_marked, mark)
    if not left_out:
        return text
    names = ", ".join(left_out)
    more = cut(f"too narrow to show: {names}", style.width or 0, "…" if style.glyphs else "~")
    return f"{text}\n{style.paint(more, 'dim')}"


def _that_fit(
    header: list[str], cells: list[list[str]], room: int | None
) -> tuple[list[int], list[str]]:
    """The places of the columns that are shown, and the titles of those that would not fit.

    Where it is narrow, columns without any value go first, then the last ones.
    """
    places = list(range(len(header)))
    sizes = [max(map(width, texts)) for texts in zip(header, *cells, strict=True)]
    if not room or sum(sizes) + GAP * (len(sizes) - 1) <= room:
        return places, []
    kept = [at for at in places if any(row[at] for row in cells)] or places[:1]
    left_out: list[str] = []
    while len(kept) > 1 and (
        sum(min(sizes[at], LEAST) for at in kept) + GAP * (len(kept) - 1) > room
    ):
        left_out.insert(0, header[kept.pop()])
    return kept, left_out


def _layout(
    header: list[str],
    cells: list[list[str]],
    records: Records,
    style: Style,
    is_marked: IsMarked,
    mark: Mark,
) -> str:
    columns = records.columns
    widths = [max(width(text) for text in texts) for texts in zip(header, *cells, strict=True)]
    if style.width:
        widths = fit(widths, style.width - GAP * (len(widths) - 1))
    ellipsis = "…" if style.glyphs else "~"
    painted = [
        [
            _paint(cut(text, most, ellipsis), value, each, style)
            for text, most, value, each in zip(texts, widths, row, columns, strict=True)
        ]
        for texts, row in zip(cells, records.rows, strict=True)
    ]
    for row, texts in enumerate(painted):
        for place, each in enumerate(columns):
            if is_marked(row, each.name):
                texts[place] = mark(texts[place])
    titles = [style.paint(cut(text, most, ellipsis), "header")
              for text, most in zip(header, widths, strict=True)]  # fmt: skip
    # titles as the first row: as headers, tabulate would pad them
    text = tabulate(
        [titles, *painted],
        tablefmt="plain",
        disable_numparse=True,
        colalign=["right" if KINDS[each.kind].right else "left" for each in columns],
    )
    return "\n".join(line.rstrip() for line in text.splitlines())


def _cell(value: object, column: Column, style: Style) -> str:
    if column.kind == "state" and isinstance(value, ResourceState):
        return style.state(value)
    return written(value, column.kind)


def _paint(text: str, value: object, column: Column, style: Style) -> str:
    if column.kind == "state" and isinstance(value, ResourceState):
        return style.paint(text, value.name)
    return text


def _record(record: Record, style: Style, is_marked: IsMarked = _no_marks, mark: Mark = str) -> str:
    if not record.columns:
        return ""
    most = max(width(each.name) for each in record.columns)
    lines = []
    for value, each in zip(record.values, record.columns, strict=True):
        text = _cell(value, each, style)
        if style.width:
            text = cut(text, max(LEAST, style.width - most - GAP), "…" if style.glyphs else "~")
        name = clean(each.name)
        label = style.paint(name, "header") + " " * (most - width(name) + GAP)
        shown = _paint(text, value, each, style)
        lines.append(f"{label}{mark(shown) if is_marked(0, each.name) else shown}".rstrip())
    return "\n".join(lines)
