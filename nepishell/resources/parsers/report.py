"""What a parser found: numbers by name, in base units, and tables that become CSV traces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns and rows; seconds, bit/s, bytes and percent are the units everywhere."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def csv(self) -> str:
        """One line of names, then one line a row; nothing here needs quotes."""
        lines = [",".join(self.columns)]
        lines.extend(",".join(map(_text, row)) for row in self.rows)
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """*problem* is what the tool itself gave as the reason of its failure, or ''."""

    metrics: dict[str, float] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    problem: str = ""


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """name.min, .avg, .max and .mdev (standard deviation, as ping has it); {} for no values."""
    if not values:
        return {}
    mean = sum(values) / len(values)
    deviation = max(0.0, sum(v * v for v in values) / len(values) - mean * mean) ** 0.5
    found = (min(values), mean, max(values), deviation)
    return {
        f"{name}.{part}": v for part, v in zip(("min", "avg", "max", "mdev"), found, strict=True)
    }


def table(columns: str, rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A table from the names of its columns, separated by spaces."""
    return Table(columns=tuple(columns.split()), rows=list(rows))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.9g}" if isinstance(cell, float) else str(cell)
