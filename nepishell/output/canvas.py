"""A sheet of characters to draw on: text, boxes, and lines that join where they meet."""

from collections.abc import Iterator
from itertools import groupby

from nepishell.output.cells import width
from nepishell.output.style import Style

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_LINES = {
    5: "┘", 9: "└", 6: "┐", 10: "┌", 12: "─", 3: "│", 7: "┤", 11: "├", 13: "┴", 14: "┬", 15: "┼",
    1: "│", 2: "│", 4: "─", 8: "─",
}  # fmt: skip
_PLAIN = {12: "-", 4: "-", 8: "-", 3: "|", 1: "|", 2: "|"}


class Canvas:
    """Cells by (row, column); *glyphs*: whether lines may be more than -, | and +."""

    def __init__(self, *, glyphs: bool) -> None:
        self._glyphs = glyphs
        self._text: dict[tuple[int, int], tuple[str, str]] = {}
        self._lines: dict[tuple[int, int], tuple[int, str]] = {}

    def text(self, row: int, column: int, text: str, what: str = "") -> None:
        """Write *text* in the colour of *what*; over lines."""
        for char in text:
            self._text[row, column] = (char, what)
            column += width(char) or 1

    def line(self, row: int, column: int, arms: int, what: str = "") -> None:
        """Add arms of a line to a cell."""
        before, _ = self._lines.get((row, column), (0, ""))
        self._lines[row, column] = (before | arms, what)

    def across(self, row: int, first: int, last: int, what: str = "") -> None:
        """A line from cell *first* to cell *last*, both inside; nothing when they are the same."""
        for column in range(first, last + 1):
            arms = (LEFT if column > first else 0) | (RIGHT if column < last else 0)
            if arms:
                self.line(row, column, arms, what)

    def down(self, column: int, first: int, last: int, what: str = "") -> None:
        """A line from row *first* to row *last*, in any order."""
        first, last = min(first, last), max(first, last)
        for row in range(first, last + 1):
            arms = (UP if row > first else 0) | (DOWN if row < last else 0)
            if arms:
                self.line(row, column, arms, what)

    def box(self, row: int, column: int, wide: int, high: int, what: str = "") -> None:
        """A border, *wide* and *high* with it."""
        right, bottom = column + wide - 1, row + high - 1
        self.across(row, column, right, what)
        self.across(bottom, column, right, what)
        self.down(column, row, bottom, what)
        self.down(right, row, bottom, what)

    def rows(self) -> Iterator[list[tuple[str, str]]]:
        """Each row as (character, what) cells without blanks at its end."""
        table = _LINES if self._glyphs else _PLAIN
        cells = {at: (table.get(arms, "+"), what) for at, (arms, what) in self._lines.items()}
        cells.update(self._text)
        most: dict[int, int] = {}
        for row, column in cells:
            most[row] = max(most.get(row, 0), column)
        for row in range(max(most, default=-1) + 1):
            yield self._row(cells, row, most.get(row, -1))

    @staticmethod
    def _row(
        cells: dict[tuple[int, int], tuple[str, str]], row: int, last: int
    ) -> list[tuple[str, str]]:
        found, column = [], 0
        while column <= last:
            cell = cells.get((row, column), (" ", ""))
            found.append(cell)
            column += max(1, width(cell[0]))
        return found

    @property
    def width(self) -> int:
        """Cells that the widest row takes."""
        return max((sum(width(char) for char, _ in row) for row in self.rows()), default=0)

    def draw(self, style: Style) -> str:
        """As text."""
        return "\n".join(
            "".join(
                style.paint("".join(char for char, _ in run), what)
                for what, run in groupby(row, lambda cell: cell[1])
            )
            for row in self.rows()
        )
