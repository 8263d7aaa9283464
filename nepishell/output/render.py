"""The formats by name. Each is loaded when it is first used: JSON need not pay for tables."""

from collections.abc import Callable
from importlib import import_module

from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.output.records import Record, Records, Result
from nepishell.output.style import PLAIN, Style

#: format -> module with a function render(result, style) -> str
FORMATS = {
    "table": "nepishell.output.table",
    "json": "nepishell.output.json_text",
    "csv": "nepishell.output.csv_text",
}
#: what a file may hold besides; it is not for a terminal
_ALL = {**FORMATS, "svg": "nepishell.output.svg_text"}


def render(result: Result, form: str = "table", style: Style = PLAIN) -> str:
    """*result* as text in the format *form*; raises UnknownName. No new line at the end."""
    if form not in _ALL:
        raise UnknownName(
            f"no format '{form}'; formats are {', '.join(FORMATS)}{did_you_mean(form, FORMATS)}"
        )
    renderer: Callable[[Result, Style], str] = import_module(_ALL[form]).render
    return renderer(result, style)


def marked(
    result: Record | Records,
    style: Style,
    is_marked: Callable[[int, str], bool],
    mark: Callable[[str], str],
) -> str:
    """A table in which some cells are marked; loaded when it is first used, as the others."""
    draw: Callable[..., str] = import_module(_ALL["table"]).marked
    return draw(result, style, is_marked, mark)
