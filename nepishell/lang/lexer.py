"""A line into words: quotes, escapes, comments, `;`, `|`, `>`, `&` and `${name}`.

1. 'Single quotes' keep everything but \\' and \\\\; "double quotes" know \\n \\t \\r \\xHH \\" \\$
   \\\\ and `${name}`. Any other backslash stays. Quotes may stand inside a word: name='a b'.
2. `#` and `>` mean something only where a word begins (so `a#b`, `rtt>3` and `>=` are words).
3. `;` and a new line end a command, `|` begins a stage; both end a word. A word `&` that is the
   last of its command sends it into the background.
   After `param`, one between two letters parts choices instead: `param cc=reno reno|cubic`.
4. `${name}` is replaced inside the word, which it never splits; positions stay those of the line.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from nepishell.core.errors import did_you_mean
from nepishell.lang.errors import LangError


class Kind(Enum):
    """What a lexeme is."""

    WORD = "word"
    PIPE = "|"
    REDIRECT = ">"
    END = ";"
    BACKGROUND = "&"
    COMMENT = "#"


class Lexeme(NamedTuple):
    """A piece of the line: as typed (*text*), as meant (*value*), and where."""

    text: str
    value: str
    start: int
    end: int
    kind: Kind = Kind.WORD
    open: bool = False  # a quote was not closed

    @property
    def quoted(self) -> bool:
        """Whether it begins with a quote: such a word is never a keyword."""
        return self.text[:1] in "'\"" and self.kind is Kind.WORD


_PLAIN = re.compile(r"[^\s'\"\\;|$]+")
#: A word in which nothing means anything else, as most are, with the blanks before it.
_SIMPLE = re.compile(r"[^\S\n]*([^\s'\"\\;|$#>&][^\s'\"\\;|$]*)(?![^\s;|])")
_BLANK = re.compile(r"[^\S\n]+")
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*)('|\\?\Z)", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)("|\\?\Z)', re.DOTALL)
_PARAM = re.compile(r"\$\{([A-Za-z_][\w.-]*)\}")
_IN_DOUBLE = re.compile(r"\\(x[0-9a-fA-F]{2}|.)|" + _PARAM.pattern, re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
_SAFE = re.compile(r"(?!&\Z)[^\s'\"\\;|$#>][^\s'\"\\;|$]*")
_NOTHING = re.compile(r"[^\S\n]*(?:[;\n#]|\Z)")
_ASSIGNED = re.compile(r"[A-Za-z_][\w.-]*=")
#: The verb after which a `|` may part choices.
_CHOOSES = "param"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Params = Mapping[str, str]


def tokenize(line: str, params: Params | None = None) -> list[Lexeme]:
    """The lexemes of *line*. Without *params* `${name}` stays as it is.

    Raises LangError only for a `${name}` that *params* does not have.
    """
    found: list[Lexeme] = []
    at = 0
    while at < len(line):
        simple = _SIMPLE.match(line, at)
        if simple:
            text = simple[1]
            at = simple.end()
            found.append(Lexeme(text, text, at - len(text), at))
            continue
        blank = _BLANK.match(line, at)
        if blank:
            at = blank.end()
            continue
        lexeme = _mark(line, at) or _word(line, at, params)
        found.append(lexeme)
        at = lexeme.end
    return _with_choices(found, line) if "|" in line and _CHOOSES in line else found


def _with_choices(lexemes: list[Lexeme], line: str) -> list[Lexeme]:
    """`a|b|c` after the verb `param` as one word."""
    found: list[Lexeme] = []
    verb: Lexeme | None = None
    for lexeme in lexemes:
        verb = verb or lexeme
        last = found[-1] if found else verb
        if last.kind is Kind.WORD and last is not verb and verb.text == _CHOOSES:
            parts = lexeme.kind is Kind.PIPE and line[lexeme.end : lexeme.end + 1].strip()
            if last.end == lexeme.start and (parts or lexeme.kind is Kind.WORD):
                found.pop()
                text, value = last.text + lexeme.text, last.value + lexeme.value
                lexeme = Lexeme(text, value, last.start, lexeme.end, Kind.WORD, lexeme.open)
        found.append(lexeme)
        verb = None if lexeme.kind is Kind.END else verb
    return found


def _mark(line: str, at: int) -> Lexeme | None:
    char = line[at]
    if char in ";\n":
        return Lexeme(char, ";", at, at + 1, Kind.END)
    if char == "|":
        return Lexeme(char, char, at, at + 1, Kind.PIPE)
    if char == "&" and _NOTHING.match(line, at + 1):
        return Lexeme(char, char, at, at + 1, Kind.BACKGROUND)
    if char == "#":
        end = line.find("\n", at)
        end = len(line) if end < 0 else end
        return Lexeme(line[at:end], "", at, end, Kind.COMMENT)
    if char == ">" and not line.startswith(">=", at):
        end = at + 2 if line.startswith(">>", at) else at + 1
        return Lexeme(line[at:end], line[at:end], at, end, Kind.REDIRECT)
    return None


def _word(line: str, start: int, params: Params | None) -> Lexeme:
    parts: list[str] = []
    at, is_open = start, False
    while at < len(line):
        plain = _PLAIN.match(line, at)
        if plain:
            parts.append(plain.group())
            at = plain.end()
            continue
        char = line[at]
        if char.isspace() or char in ";|":
            break
        if char in "'\"":
            value, at, is_open = _quoted(line, at, params)
        else:
            value, at = _special(line, at, params)
        parts.append(value)
    return Lexeme(line[start:at], "".join(parts), start, at, Kind.WORD, is_open)


def _quoted(line: str, at: int, params: Params | None) -> tuple[str, int, bool]:
    found = (_SINGLE if line[at] == "'" else _DOUBLE).match(line, at)
    assert found is not None  # both patterns end at the end of the line at the latest
    if line[at] == "'":
        value = re.sub(r"\\(['\\])", r"\1", found[1])
    else:
        value = _IN_DOUBLE.sub(lambda hit: _unescape(hit, at + 1, line, params), found[1])
    return value, found.end(), found[2] not in ("'", '"')


def _unescape(hit: re.Match[str], base: int, line: str, params: Params | None) -> str:
    if hit[2] is not None:
        return _param(hit[2], line, base + hit.start(), params, hit.group())
    code = hit[1]
    if len(code) == 3:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, hit.group())


def _special(line: str, at: int, params: Params | None) -> tuple[str, int]:
    if line[at] == "$":
        found = _PARAM.match(line, at)
        if found:
            return _param(found[1], line, at, params, found.group()), found.end()
        return "$", at + 1
    following = line[at + 1 : at + 2]
    if following and (following.isspace() or following in "'\"\\;|$#>"):
        return following, at + 2
    return "\\", at + 1


def _param(name: str, line: str, at: int, params: Params | None, text: str) -> str:
    if params is None:
        return text
    if name not in params:
        message = f"no parameter '{name}'{did_you_mean(name, params)}"
        raise LangError(message, at, len(text), text=line)
    return params[name]


def expanded(lexemes: Iterable[Lexeme], aliases: Mapping[str, str]) -> list[Lexeme]:
    """*lexemes* with each verb that is an alias replaced by what it stands for, at its place.

    Once: an alias in the text of another is a plain word, so none is endless.
    """
    found: list[Lexeme] = []
    is_verb = True
    for lexeme in lexemes:
        text = aliases.get(lexeme.value) if is_verb and not lexeme.quoted else None
        if text is None:
            found.append(lexeme)
        else:
            found += [each._replace(start=lexeme.start, end=lexeme.end) for each in tokenize(text)]
        is_verb = lexeme.kind is Kind.END
    return found


def unquote(text: str) -> str:
    """What one word means, quotes and escapes taken away; the inverse of quote()."""
    return "".join(lexeme.value for lexeme in tokenize(text))


def quote(text: str) -> str:
    """*text* as one word of a line; as it is when it needs no quotes."""
    # the first question is a fifth of the second, and a menu asks two hundred times
    if text.isalnum() or _SAFE.fullmatch(text):
        return text
    assigned = _ASSIGNED.match(text)
    if assigned:
        return assigned.group() + quote_always(text[assigned.end() :])
    return quote_always(text)


def quote_always(text: str) -> str:
    """*text* in quotes: a word that is never read as a keyword."""
    if not _CONTROL.search(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    body = re.sub(r'[\\"$]', r"\\\g<0>", text)
    body = body.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    # higher control characters are kept: between quotes they end nothing
    body = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda hit: f"\\x{ord(hit.group()):02x}", body)
    return f'"{body}"'


def split(line: str) -> list[str]:
    """The commands of *line*, each padded on the left so that columns stay those of *line*.

    For running them one after the other: each is walked when those before it have been done.
    """
    commands: list[str] = []
    start = 0
    for lexeme in [*tokenize(line), Lexeme(";", ";", len(line), len(line), Kind.END)]:
        if lexeme.kind is Kind.END:
            text = line[start : lexeme.start]
            if text.strip():
                commands.append(" " * start + text)
            start = lexeme.end
    return commands
