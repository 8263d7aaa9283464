"""Drawings as SVG, for files. Other pictures are made of it elsewhere."""

from nepishell.core.errors import BadValue
from nepishell.output.records import Drawing, Result
from nepishell.output.style import Style


def render(result: Result, style: Style) -> str:
    """*result* as SVG; raises BadValue when it is no picture. *style* does not matter."""
    if not isinstance(result, Drawing) or result.svg is None:
        raise BadValue("there is no picture of this: only 'timeline' and 'plot' draw one")
    return result.svg()
