"""What the words that only a text can have stand for: `for`, `on-fail`, `end`, and places.

Found by the first word of a statement, without the grammar: most statements are none of these,
and must not pay for it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nepishell.lang.errors import Bad, LangError
from nepishell.lang.folding import MOST, unfold
from nepishell.lang.lexer import Kind, Lexeme, Params, tokenize
from nepishell.lang.selection import Empty
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import RecipeError, locate

FOR, ON_FAIL, END, INCLUDE, LABEL = "for", "on-fail", "end", "include", "label"
#: Those that a later `end` belongs to.
OPENERS = frozenset({FOR, ON_FAIL})
#: What statements begin with that may be for us.
_FIRST = (FOR, ON_FAIL, END, INCLUDE)
_VERB = re.compile(r"[^\s;|>&]+")
_RANGE = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
_PLACE = re.compile(r"label\s+([\w.-]+):\s*(?:#.*)?")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_USE = "write it as in 'for x in web[1-8]' or 'for d in 1ms,5ms', and ${x} stands for each"


def verb_of(statement: Statement) -> str:
    """Which of our words *statement* begins with; '' for any other."""
    text = statement.text
    if not text.startswith(_FIRST):
        return ""
    found = _VERB.match(text)
    verb = found.group() if found else ""
    return verb if verb in _FIRST else ""


def place_name(statement: Statement) -> str:
    """NAME where *statement* is `label NAME:`; '' for any other."""
    if not statement.text.startswith(LABEL):
        return ""
    found = _PLACE.fullmatch(statement.text)
    return found[1] if found else ""


def depth_of(statements: Sequence[Statement]) -> int:
    """How many blocks are open after *statements*; 0 also where there is an `end` too many."""
    depth = 0
    for statement in statements:
        verb = verb_of(statement)
        depth = max(0, depth + (verb in OPENERS) - (verb == END))
    return depth


def body_of(opener: Statement, rest: Iterator[Statement]) -> list[Statement]:
    """What *rest* has up to the `end` of *opener*, which is taken too; raises RecipeError."""
    body: list[Statement] = []
    depth = 1
    for statement in rest:
        verb = verb_of(statement)
        depth += (verb in OPENERS) - (verb == END)
        if not depth:
            words_of(statement, None, most=1)
            return body
        body.append(statement)
    verb = verb_of(opener)
    message = f"'{verb}' is never ended; write 'end' on a line of its own where it ends"
    raise locate(opener, message, 0, len(verb))


class Loop(NamedTuple):
    """`for NAME in VALUES`."""

    name: str
    values: list[str]


#: The names of the resources in a set.
Members = Callable[[str], list[str]]


def loop_of(statement: Statement, params: Params, members: Members) -> Loop:
    """What `for NAME in VALUES` repeats its block for; raises RecipeError."""
    words = words_of(statement, params)
    if len(words) < 3 or words[2].value != "in":
        raise locate(statement, _USE)
    name = words[1].value
    if not _NAME.fullmatch(name):
        message = f"'{name}' is not a name for what changes; use letters and digits"
        raise _at(statement, words[1], message)
    if len(words) == 3:
        raise locate(statement, f"no values to repeat it for; {_USE}")
    values: list[str] = []
    for word in words[3:]:
        try:
            values += _values(word.value, members)
        except Empty:
            continue
        except Bad as problem:
            raise _at(statement, word, str(problem)) from None
    return Loop(name, values)


def _values(word: str, members: Members) -> Iterator[str]:
    for part in _parts(word):
        numbers = _RANGE.fullmatch(part)
        if not part:
            raise Bad(f"'{word}': a value is missing")
        if "[" in part or "]" in part:
            yield from unfold(part)
        elif numbers:
            yield from unfold(f"[{part}]")
        elif "*" in part or "?" in part or part.startswith("@"):
            yield from members(part)
        else:
            yield part


def _parts(word: str) -> list[str]:
    """Split at commas outside brackets."""
    parts, depth = [""], 0
    for char in word:
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    if len(parts) > MOST:
        raise Bad(f"more than {MOST} values")
    return parts


def words_of(statement: Statement, params: Params | None, most: int = 0) -> list[Lexeme]:
    """The words of one of our statements; raises RecipeError where it has more than words.

    *most*: how many there may be, 0 for any number. `${name}` is filled in from *params*.
    """
    try:
        lexemes = tokenize(statement.text, params)
    except LangError as problem:
        raise locate(statement, problem.message, problem.column, problem.length) from None
    words = [each for each in lexemes if each.kind is not Kind.COMMENT]
    for number, each in enumerate(words, start=1):
        if each.kind is not Kind.WORD or (most and number > most):
            raise _at(statement, each, f"'{each.text}' does not belong behind '{words[0].value}'")
    return words


def _at(statement: Statement, word: Lexeme, message: str) -> RecipeError:
    return locate(statement, message, word.start, word.end - word.start)
