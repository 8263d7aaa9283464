"""Markdown of steps as HTML: headings, paragraphs, lists, code, emphasis, links; nothing else.

All text is escaped first, so whatever stands in a lab, it is text; HTML in it is shown as written.
"""

import re
from collections.abc import Iterator
from html import escape

_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_ITEM = re.compile(r"\s{0,3}([-*]|\d{1,3}\.)\s+(.*)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_INDENT = "    "
# code first: what stands in it is not looked at again
_INLINE = re.compile(
    r"(?P<code>`[^`]+`)"
    r"|(?P<strong>\*\*[^*]+\*\*)"
    r"|(?P<em>(?<![\w*])\*[^*\s][^*]*\*(?![\w*]))"
    r"|\[(?P<text>[^\]]+)\]\((?P<url>https?://[^\s)]+)\)"
)


def html(text: str) -> str:
    """*text* as HTML; its first heading is of the second level, below that of the page."""
    return "\n".join(_blocks(text.expandtabs(4).splitlines()))


def inline(text: str) -> str:
    """One paragraph's text with its emphasis, code and links."""
    parts, at = [], 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(_marked(match))
        at = match.end()
    return "".join([*parts, escape(text[at:])])


def _marked(match: re.Match[str]) -> str:
    if match["code"]:
        return f"<code>{escape(match['code'][1:-1])}</code>"
    if match["strong"]:
        return f"<strong>{inline(match['strong'][2:-2])}</strong>"
    if match["em"]:
        return f"<em>{inline(match['em'][1:-1])}</em>"
    # a page that follows an experiment should not tell anybody where it was opened
    return (
        f'<a href="{escape(match["url"])}" target="_blank" rel="noopener noreferrer">'
        f"{inline(match['text'])}</a>"
    )


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        heading = _HEADING.fullmatch(line)
        if not line.strip():
            at += 1
        elif heading:
            level = len(heading[1]) + 1
            yield f"<h{level}>{inline(heading[2])}</h{level}>"
            at += 1
        elif _FENCE.match(line):
            at, block = _fenced(lines, at)
            yield block
        elif line.startswith(_INDENT):
            at, block = _indented(lines, at)
            yield block
        elif _ITEM.fullmatch(line):
            at, block = _list(lines, at)
            yield block
        else:
            end = _end(lines, at)
            yield f"<p>{inline(' '.join(part.strip() for part in lines[at:end]))}</p>"
            at = end


def _end(lines: list[str], at: int) -> int:
    """Where the paragraph that begins at *at* ends."""
    for end in range(at + 1, len(lines)):
        line = lines[end]
        if not line.strip() or _HEADING.fullmatch(line) or _FENCE.match(line):
            return end
        if _ITEM.fullmatch(line):
            return end
    return len(lines)


def _code(lines: list[str]) -> str:
    return f"<pre><code>{escape(chr(10).join(lines))}</code></pre>"


def _fenced(lines: list[str], at: int) -> tuple[int, str]:
    mark = lines[at].strip()[:3]
    end = at + 1
    while end < len(lines) and not lines[end].strip().startswith(mark):
        end += 1
    return end + 1, _code(lines[at + 1 : end])


def _indented(lines: list[str], at: int) -> tuple[int, str]:
    end = at
    while end < len(lines) and (lines[end].startswith(_INDENT) or not lines[end].strip()):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end, _code([line[len(_INDENT) :] for line in lines[at:end]])


def _list(lines: list[str], at: int) -> tuple[int, str]:
    items: list[str] = []
    first = _ITEM.fullmatch(lines[at])
    name = "ol" if first and first[1][0].isdigit() else "ul"
    while at < len(lines) and lines[at].strip():
        item = _ITEM.fullmatch(lines[at])
        if item:
            items.append(item[2])
        else:
            # a line without a mark goes on with the item above
            items[-1] += f" {lines[at].strip()}"
        at += 1
    return at, f"<{name}>{''.join(f'<li>{inline(item)}</li>' for item in items)}</{name}>"
