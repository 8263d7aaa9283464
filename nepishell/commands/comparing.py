"""`compare`: what is different between runs: their graphs, who came when, and their numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.bounds import show_number
from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.commands.unpacking import run_or_bundle
from nepishell.core.errors import NepishellError
from nepishell.formats.optional import load
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import wrapped
from nepishell.output.records import Drawing, Records
from nepishell.output.render import render
from nepishell.output.style import Style

if TYPE_CHECKING:
    from nepishell.commands.contrasts import Contrast, Facts, Moment

#: Loaded when runs are compared: statistics cost a tenth of a second.
_WORK = "nepishell.commands.contrasts"
COLUMNS = (
    "about", "name", "one", "other", "difference", "low", "high", "verdict", "runs",
)  # fmt: skip
#: Rows of moments that are shown, and seconds by which they must differ to be.
MOST, LEAST_S = 15, 0.02


@command(
    "compare <runs:run>...", effects=LOOK, group="journal", columns=names_of(COLUMNS)
)  # fmt: skip
def compare(ctx: Context, *, runs: tuple[str, ...]) -> Drawing:
    """What is different between runs: graph, order and times of events, numbers with intervals.

    Runs by id or experiment, or files that `export` wrote. Times count from the first deployment;
    an interval (95 %, Welch) that leaves out 0 tells a difference. Of more than two runs of two
    recipes, or of two sets of parameters, each run is one value; else all are compared with the
    first.

        compare 20261121072513 20261121081200
        compare slow.zip fast.zip
    """
    return compared(runs, ctx.ec.local_dir)


def compared(names: Sequence[str], local_dir: Path) -> Drawing:
    """As `compare` and `nepishell compare` show it; raises NepishellError."""
    if len(names) < 2:
        raise NepishellError("compare wants two runs at least; 'runs' lists those there are")
    facts_of: Callable[[Any], Facts] = load(f"{_WORK}:facts_of")
    with ExitStack() as stack:
        facts = [facts_of(stack.enter_context(run_or_bundle(name, local_dir))) for name in names]
    parts = [_Part(one, other) for one, other in load(f"{_WORK}:sides")(facts)]
    rows = [row for part in parts for row in part.rows()]
    return Drawing(
        Records(COLUMNS, rows, "differences"),
        lambda style: "\n\n".join(part.draw(style) for part in parts),
    )


class _Part:
    """One side beside another."""

    def __init__(self, one: "list[Facts]", other: "list[Facts]") -> None:
        self._runs = f"{_ids(one)} -> {_ids(other)}"
        self._graph = load(f"{_WORK}:graph")(one[0], other[0])
        self._moments: list[Moment] = load(f"{_WORK}:moments")(one[0], other[0])
        self._numbers: list[Contrast] = list(load(f"{_WORK}:numbers")(one, other))

    def rows(self) -> Iterator[tuple[object, ...]]:
        """All of it for programs: numbers in base units."""
        for found in self._graph:
            yield ("graph", f"{found.resource} {found.what}", found.before, found.after,
                   None, None, None, "different", self._runs)  # fmt: skip
        for moment in self._moments:
            by = _by(moment)
            yield ("event", moment.what, moment.one, moment.other, by, None, None,
                   moment.order, self._runs)  # fmt: skip
        for number in self._numbers:
            one, other = (None if s is None else s.mean for s in (number.one, number.other))
            by, low, high = (None,) * 3 if number.by is None else number.by[:3]
            yield ("number", number.name, one, other, by, _finite(low), _finite(high),
                   number.verdict, self._runs)  # fmt: skip

    def draw(self, style: Style) -> str:
        """All of it for people."""
        return "\n".join(
            [style.paint(self._runs, "bold"), "", *self._graph_lines(style), "",
             *self._moment_lines(style), "", *self._number_lines(style)]
        )  # fmt: skip

    def _graph_lines(self, style: Style) -> Iterator[str]:
        if not self._graph:
            yield "graph: the same"
            return
        rows = [tuple(found) for found in self._graph]
        yield render(Records(("resource", "what", "before", "after"), rows), "table", style)

    def _moment_lines(self, style: Style) -> Iterator[str]:
        moved = [m for m in self._moments if m.order]
        late = [m for m in self._moments if not m.order and abs(_by(m) or 0.0) >= LEAST_S]
        late.sort(key=lambda m: -abs(_by(m) or 0.0))
        shown = [*moved, *late][:MOST]
        order = "the same order" if not moved else f"{len(moved)} in another order or in one only"
        yield wrapped(f"events: {len(self._moments)}, {order}", "", style)
        if shown:
            rows = [(m.what, m.one, m.other, _signed(_by(m)), m.order) for m in shown]
            columns = ("event", "one:duration", "other:duration", "difference", "order")
            yield render(Records(columns, [_rounded(row) for row in rows]), "table", style)
            more = len(moved) + len(late) - len(shown)
            if more > 0:
                yield f"and {more} more; '| json' has all"
        else:
            yield f"times: no more than {show_number(LEAST_S, 'duration')} apart"

    def _number_lines(self, style: Style) -> Iterator[str]:
        if not self._numbers:
            yield "numbers: nothing was measured"
            return
        rows = [
            (n.name, _shown(n, n.one), _shown(n, n.other), _interval(n), n.verdict)
            for n in self._numbers
        ]
        yield render(
            Records(("number", "one", "other", "difference (95 %)", "verdict"), rows),
            "table",
            style,
        )


def _ids(facts: "Iterable[Facts]") -> str:
    return ",".join(each.run_id for each in facts)


def _by(moment: "Moment") -> float | None:
    if moment.one is None or moment.other is None:
        return None
    return round(moment.other - moment.one, 6)


def _signed(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{'+' if seconds >= 0 else '-'}{show_number(abs(seconds), 'duration')}"


def _rounded(row: tuple[Any, ...]) -> tuple[object, ...]:
    return tuple(round(cell, 3) if isinstance(cell, float) else cell for cell in row)


def _shown(number: "Contrast", side: Any) -> str:
    if side is None:
        return ""
    return show_number(side.mean, number.kind) + (f" ({side.n})" if side.n > 1 else "")


def _interval(number: "Contrast") -> str:
    by = number.by
    if by is None:
        return ""
    shown = show_number(by.mean, number.kind)
    if _finite(by.half_width) is None:
        return shown
    return f"{shown} ({show_number(by.low, number.kind)} .. {show_number(by.high, number.kind)})"


def _finite(value: float | None) -> float | None:
    return None if value is None or value in (float("inf"), float("-inf")) else value
