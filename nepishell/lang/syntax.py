"""The notation in which a command is declared, read into a tree.

word             itself
<name:type>      an argument; <state> is <state:state>; value(res,attr) sees those two
<name:type>...   one or more of them, bound as a tuple
+<name:type>     one word that begins with '+'
[x]              x or nothing              (x|y)         one of them
(name:a|b)       a or b, and name is bound to the word; also [name:a|b]
{x|y|z}          any of them, in any order, each at most once
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from nepishell.lang.errors import GrammarError


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword."""

    text: str


@dataclass(frozen=True, slots=True)
class Arg:
    """A typed argument; *deps* are what stands in the type's parentheses."""

    name: str
    type: str
    deps: tuple[str, ...] = ()
    prefix: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Seq:
    """One after the other."""

    parts: "tuple[Syntax, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them; *name*, if any, is bound to the word that was chosen."""

    options: "tuple[Syntax, ...]"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Maybe:
    """It, or nothing."""

    part: "Syntax"


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """Any of them, in any order, each at most once."""

    parts: "tuple[Syntax, ...]"


Syntax = Word | Arg | Seq | Choice | Maybe | AnyOrder

_PIECE = re.compile(
    r"\s*(?:(?P<prefix>[^\s<>\[\](){}|]*)<(?P<name>\w+)(?::(?P<type>\w+)"
    r"(?:\((?P<deps>[^)]*)\))?)?>(?P<many>\.\.\.)?"
    r"|(?P<open>[\[({])(?:(?P<bind>\w+):(?=[^\s:]))?"
    r"|(?P<close>[\])}])|(?P<bar>\|)|(?P<word>[^\s<>\[\](){}|]+))"
)
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def read(pattern: str) -> Syntax:
    """The tree of *pattern*; raises GrammarError."""
    pieces = list(_pieces(pattern))
    syntax, at = _sequence(pieces, 0, pattern)
    if at < len(pieces) and pieces[at]["bar"]:
        raise GrammarError(f"'{pattern}': put alternatives in parentheses")
    if at < len(pieces):
        raise GrammarError(f"'{pattern}': '{pieces[at].group().strip()}' closes nothing")
    twice = _bound_twice(syntax)
    if twice:
        raise GrammarError(f"'{pattern}': '{twice}' is bound twice")
    return syntax


def _pieces(pattern: str) -> Iterator[re.Match[str]]:
    at = 0
    while pattern[at:].strip():
        piece = _PIECE.match(pattern, at)
        if piece is None:
            raise GrammarError(f"'{pattern}': cannot read '{pattern[at:].strip()}'")
        yield piece
        at = piece.end()


def _alternatives(pieces: list[re.Match[str]], at: int, pattern: str) -> tuple[Syntax, int]:
    options: list[Syntax] = []
    while True:
        option, at = _sequence(pieces, at, pattern)
        options.append(option)
        if at == len(pieces) or pieces[at]["bar"] is None:
            break
        at += 1
    return (options[0] if len(options) == 1 else Choice(tuple(options))), at


def _sequence(pieces: list[re.Match[str]], at: int, pattern: str) -> tuple[Syntax, int]:
    parts: list[Syntax] = []
    while at < len(pieces) and not pieces[at]["bar"] and not pieces[at]["close"]:
        piece = pieces[at]
        if piece["open"]:
            part, at = _group(pieces, at, pattern)
            parts.append(part)
        else:
            parts.append(Word(piece["word"]) if piece["word"] else _argument(piece))
            at += 1
    if not parts:
        raise GrammarError(f"'{pattern}': an empty alternative")
    return (parts[0] if len(parts) == 1 else Seq(tuple(parts))), at


def _argument(piece: re.Match[str]) -> Arg:
    deps = tuple(dep.strip() for dep in (piece["deps"] or "").split(",") if dep.strip())
    kind = piece["type"] or piece["name"]
    return Arg(piece["name"], kind, deps, piece["prefix"], bool(piece["many"]))


def _group(pieces: list[re.Match[str]], at: int, pattern: str) -> tuple[Syntax, int]:
    opened = pieces[at]
    inner, at = _alternatives(pieces, at + 1, pattern)
    if at == len(pieces) or pieces[at]["close"] != _CLOSES[opened["open"]]:
        raise GrammarError(f"'{pattern}': '{opened['open']}' is not closed")
    if opened["bind"]:
        options = inner.options if isinstance(inner, Choice) else (inner,)
        if not all(isinstance(option, Word) for option in options):
            raise GrammarError(f"'{pattern}': only words can be bound to '{opened['bind']}'")
        inner = Choice(options, opened["bind"])
    if opened["open"] == "[":
        inner = Maybe(inner)
    elif opened["open"] == "{":
        inner = AnyOrder(inner.options if isinstance(inner, Choice) else (inner,))
        if any(is_nullable(part) for part in inner.parts):
            raise GrammarError(f"'{pattern}': what stands in braces is optional already")
    return inner, at + 1


def is_nullable(syntax: Syntax) -> bool:
    """Whether it may match no word at all."""
    match syntax:
        case Word() | Arg():
            return False
        case Seq(parts):
            return all(is_nullable(part) for part in parts)
        case Choice(options):
            return any(is_nullable(option) for option in options)
        case _:
            return True


def _bound_twice(syntax: Syntax) -> str:
    """A name that one line could bind twice, or ''."""
    match syntax:
        case Seq(parts) | AnyOrder(parts):
            names = [name for part in parts for name in bound(part)]
            again = next((name for name in names if names.count(name) > 1), "")
            return again or next(filter(None, map(_bound_twice, parts)), "")
        case Choice(options):
            return next(filter(None, map(_bound_twice, options)), "")
        case Maybe(part):
            return _bound_twice(part)
        case _:
            return ""


def arguments(syntax: Syntax) -> Iterator[Arg]:
    """Its typed arguments, from left to right."""
    match syntax:
        case Arg():
            yield syntax
        case Seq(parts) | Choice(parts) | AnyOrder(parts):
            for part in parts:
                yield from arguments(part)
        case Maybe(part):
            yield from arguments(part)


def words(syntax: Syntax) -> Iterator[str]:
    """Its keywords, from left to right."""
    match syntax:
        case Word(text):
            yield text
        case Seq(parts) | Choice(parts) | AnyOrder(parts):
            for part in parts:
                yield from words(part)
        case Maybe(part):
            yield from words(part)


def bound(syntax: Syntax) -> frozenset[str]:
    """Names that some line binds."""
    match syntax:
        case Arg(name):
            return frozenset({name})
        case Seq(parts) | AnyOrder(parts):
            return frozenset().union(*map(bound, parts))
        case Choice(options, name):
            return frozenset({name} - {""}).union(*map(bound, options))
        case Maybe(part):
            return bound(part)
        case _:
            return frozenset()


def always_bound(syntax: Syntax) -> frozenset[str]:
    """Names that every line binds."""
    match syntax:
        case Arg(name):
            return frozenset({name})
        case Seq(parts):
            return frozenset().union(*map(always_bound, parts))
        case Choice(options, name):
            common = reduce(frozenset.intersection, map(always_bound, options))
            return common | ({name} - {""})
        case _:
            return frozenset()


def usage(syntax: Syntax) -> str:
    """The tree as a person reads it: types left out."""
    match syntax:
        case Word(text):
            return text
        case Arg(name, prefix=prefix, many=many):
            return f"{prefix}<{name}>{'...' if many else ''}"
        case Seq(parts):
            return " ".join(map(usage, parts))
        case Choice(options):
            return f"({'|'.join(map(usage, options))})"
        case Maybe(Choice(options)):
            return f"[{'|'.join(map(usage, options))}]"
        case Maybe(part):
            return f"[{usage(part)}]"
        case AnyOrder(parts):
            return " ".join(usage(Maybe(part)) for part in parts)
