"""What was typed, in this session and in others; `history` lists what it did in this one."""

from datetime import datetime

from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.core.errors import NepishellError
from nepishell.lang.registry import LOOK, command
from nepishell.output.records import Records

COLUMNS = ("when", "experiment", "result", "line")
#: Lines that are shown where nobody says how many.
SHOWN = 50


@command(
    "history lines [<part:text>] [last <count:int(1)>]",
    effects=LOOK,
    group="look",
    columns=names_of(COLUMNS),
    name="history lines",
)
def history_lines(ctx: Context, *, part: str = "", count: int = SHOWN) -> Records:
    """Lines typed in all sessions, oldest first, and how they ended; those with a part in them.

    history lines deploy last 20
    """
    if ctx.typed is None:
        raise NepishellError("nothing is remembered here: lines are kept for the prompt")
    rows = [
        (
            datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            experiment,
            result,
            line,
        )
        for line, at, experiment, result in ctx.typed(part)[-count:]
    ]
    return Records(COLUMNS, rows, "lines")
