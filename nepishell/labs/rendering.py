"""Step texts in a terminal: Markdown as a person reads it, without its signs, folded to the width.

Headings, paragraphs, lists, code and emphasis: what steps are written in. Colours stay out, so that
the text reads the same everywhere; code stands apart by its indent.
"""

import re
import textwrap
from collections.abc import Iterator

WIDTH = 78
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(\s*)([-*+]|\d+[.)])\s+(.*)")
_FENCE = re.compile(r"\s*(```|~~~)")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_SOFT = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_CODE = re.compile(r"(`+)(.+?)\1")


def in_terminal(markdown: str, width: int = WIDTH) -> str:
    """*markdown* as lines of at most *width* characters; code is never folded."""
    return "\n".join(_lines(markdown.splitlines(), max(20, width))).strip("\n")


def _lines(source: list[str], width: int) -> Iterator[str]:
    paragraph: list[str] = []
    lead = ""
    fenced = False
    for line in [*source, ""]:
        is_fence = _FENCE.match(line) is not None
        heading, item = _HEADING.match(line), _ITEM.match(line)
        is_code = fenced or (line.startswith("    ") and not paragraph)
        if not is_fence and not is_code and line.strip() and not heading and not item:
            paragraph.append(line.strip())
            continue
        yield from _folded(paragraph, lead, width)
        paragraph, lead = [], ""
        if is_fence:
            fenced = not fenced
        elif is_code:
            yield line if line.startswith("    ") else f"    {line}".rstrip()
        elif heading:
            title = _inline(heading[2])
            yield from (title, ("=" if len(heading[1]) == 1 else "-") * len(title))
        elif item:
            sign = item[2] if item[2][0].isdigit() else "-"
            lead, paragraph = f"{item[1]}{sign} ", [item[3]]
        else:
            yield ""


def _folded(paragraph: list[str], lead: str, width: int) -> list[str]:
    return textwrap.wrap(
        _inline(" ".join(paragraph)), width, initial_indent=lead,
        subsequent_indent=" " * len(lead), break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _inline(text: str) -> str:
    """*text* without signs of emphasis; code keeps its quotes."""
    parts: list[str] = []
    at = 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[at : code.start()]), f"`{code[2]}`"]
        at = code.end()
    return "".join([*parts, _plain(text[at:])])


def _plain(text: str) -> str:
    text = _LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[1] != link[2] else link[1], text)
    return _SOFT.sub(r"\2", _STRONG.sub(r"\2", text))
