"""Drawings as SVG, for files. Other pictures are made of it by programs that know how."""

from nepishell.core.errors import BadValue
from nepishell.output.records import Drawing, Result
from nepishell.output.style import Style

#: Kinds of pictures that people ask for and that we leave to others.
OTHERS = (".png", ".pdf", ".jpg", ".jpeg", ".gif")


def render(result: Result, style: Style) -> str:
    """*result* as SVG; raises BadValue when it is no picture. *style* does not matter."""
    if not isinstance(result, Drawing) or result.svg is None:
        raise BadValue("there is no picture of this: only 'timeline' and 'plot' draw one")
    return result.svg()


def form_of(name: str, result: Result) -> str:
    """The format that the name of a file asks for, '' for none; raises BadValue."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in OTHERS and isinstance(result, Drawing):
        base = name[: -len(ending)]
        raise BadValue(
            f"'{name}': pictures are written as SVG; write {base}.svg and convert it: "
            f"rsvg-convert -o {name} {base}.svg"
        )
    return "svg" if ending == ".svg" else ""
