"""Text measured in the cells of a terminal: how wide it is, cut to fit, wrapped to fit."""

import unicodedata
from collections.abc import Iterable
from textwrap import wrap

from nepishell.core.states import ResourceState
from nepishell.output.kinds import clean
from nepishell.output.style import Style

#: The least that anything is cut to.
LEAST = 4
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def width(text: str) -> int:
    """How many cells *text* takes; wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def cut(text: str, most: int, ellipsis: str = "…") -> str:
    """*text* in at most *most* cells."""
    if width(text) <= most:
        return text
    kept, used = "", width(ellipsis)
    for char in text:
        used += width(char)
        if used > most:
            break
        kept += char
    return kept + ellipsis if most >= width(ellipsis) else ""


def wrapped(text: str, indent: str, style: Style) -> str:
    """*text* in as many lines as it takes to fit, each after *indent*; harmless to a terminal."""
    room = (style.width or 0) - len(indent)
    lines = wrap(clean(text), room, break_on_hyphens=False) if room > LEAST else [clean(text)]
    return "\n".join(indent + line for line in lines)


def hung(text: str, most: int) -> str:
    """*text* with each line that is wider than *most* wrapped, below where its text begins.

    Where two blanks part a line into columns, the text is the last of them.
    """
    return "\n".join(_hung(line, most) for line in text.split("\n"))


def rejoined(text: str, most: int) -> str:
    """*text* with sentences that span lines in one line each, where any line is wider than *most*.

    Lines belong together that begin in one column, after one that begins as a sentence does.
    """
    if all(width(line) <= most for line in text.split("\n")):
        return text
    lines: list[str] = []
    is_sentence = False
    margin = ""
    for line in text.split("\n"):
        body = line.lstrip()
        lead = line[: len(line) - len(body)]
        goes_on = is_sentence and bool(body) and lead == margin and "  " not in body
        if goes_on:
            lines[-1] = f"{lines[-1].rstrip()} {body}"
        else:
            lines.append(line)
            is_sentence = body[:1].isupper() and "  " not in body
            margin = lead
    return "\n".join(lines)


def _hung(line: str, most: int) -> str:
    if width(line) <= most:
        return line
    at = line.rstrip().rfind("  ") + 2 if "  " in line.strip() else len(line) - len(line.lstrip())
    if at > most // 2:
        at = most // 4
    return "\n".join(
        wrap(line, most, subsequent_indent=" " * at, break_on_hyphens=False, drop_whitespace=True)
    )


def legend(marks: Iterable[tuple[str, ResourceState]], style: Style) -> str:
    """What the marks of states mean, in as many lines as it takes to fit."""
    lines: list[str] = []
    used = 0
    for mark, state in marks:
        size = width(mark) + 1 + len(state.name)
        text = f"{style.paint(mark, state.name)} {state.name}"
        if lines and not (style.width and used + 2 + size > style.width):
            lines[-1] += f"  {text}"
            used += 2 + size
        else:
            lines.append(text)
            used = size
    return "\n".join(lines)


def for_svg(text: str) -> str:
    """*text* as it stands between two tags."""
    # html.escape would cost a millisecond of every start
    return text.translate(_XML)
