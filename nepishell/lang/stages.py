"""What may stand after `|`, declared in the same notation as commands.

The functions do nothing: a stage is data (a Call) that the room of output applies to records.
"""

from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import LOOK, Registry

stages = Registry()


@stages.command("where <conditions:condition>...", effects=LOOK)
def where(_: object, *, conditions: object) -> None:
    """Keep the rows that meet all conditions."""


@stages.command("cols <columns:columns>", effects=LOOK)
def cols(_: object, *, columns: object) -> None:
    """Show these columns, in this order."""


@stages.command("sort <keys:sortkey>...", effects=LOOK)
def sort(_: object, *, keys: object) -> None:
    """Sort by columns; -column for the largest first."""


@stages.command("head [<count:int(0)>]", effects=LOOK)
def head(_: object, *, count: int = 10) -> None:
    """Keep the first rows."""


@stages.command("tail [<count:int(0)>]", effects=LOOK)
def tail(_: object, *, count: int = 10) -> None:
    """Keep the last rows."""


@stages.command("count", effects=LOOK)
def count_(_: object) -> None:
    """Only how many rows there are."""


@stages.command("json", effects=LOOK)
def json(_: object) -> None:
    """Write JSON: an array, or one object."""


@stages.command("csv", effects=LOOK)
def csv(_: object) -> None:
    """Write CSV with a line of column names."""


@stages.command("table", effects=LOOK)
def table(_: object) -> None:
    """Write a table."""


STAGES: Grammar = compile_grammar(stages)
