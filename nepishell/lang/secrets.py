"""Which parts of a line are secret: values of attributes that are credentials.

The walk knows what each word is, also in a line that is wrong; where it lost its way, a word
behind one that is called like a secret is taken for one. Such parts are never stored or repeated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from nepishell.lang.credentials import MASK
from nepishell.lang.lexer import Lexeme
from nepishell.lang.reader import Taken
from nepishell.lang.steps import State, typed
from nepishell.lang.view import View

#: Names that a secret may have where nothing says what is one.
_CALLED = re.compile(r"pass|secret|token|credential|(^|[_-])key$", re.IGNORECASE)
_PARAMETER = re.compile(r"\$\{([A-Za-z_][\w.-]*)\}")
#: A value that is kept elsewhere: its name is no secret.
_REFERENCE = re.compile(r"[\w.-]*=?\"?\$\{[A-Za-z_][\w.-]*\}\"?")

Span = tuple[int, int]


def secret_spans(taken: Iterable[Taken], view: View) -> list[Span]:
    """The secret parts of a command from its words."""
    return [
        (lexeme.start + at, lexeme.end)
        for lexeme, at in _secret_words(taken, view)
        if not _REFERENCE.fullmatch(lexeme.text)
    ]


def secret_parameters(taken: Iterable[Taken], view: View) -> set[str]:
    """The parameters whose values become secrets in a command."""
    words = (lexeme.text for lexeme, _ in _secret_words(taken, view))
    return {name for word in words for name in _PARAMETER.findall(word)}


def is_called_secret(name: str) -> bool:
    """Whether something of this name is taken for a secret."""
    return _CALLED.search(name) is not None


def _secret_words(taken: Iterable[Taken], view: View) -> Iterator[tuple[Lexeme, int]]:
    """The words with a secret in them, and where in the word it begins."""
    before: Lexeme | None = None
    end = -1
    for lexeme, states, fits in taken:
        was_secret = before is not None and end == before.end
        at = _by_reading(states, lexeme, view)
        if at is None and not fits:
            at = _by_name(lexeme, before, was_secret=was_secret)
        if at is not None and at < len(lexeme.text):
            if not _REFERENCE.fullmatch(lexeme.text):
                end = lexeme.end
            yield lexeme, at
        before = lexeme


def _by_reading(states: Sequence[State], lexeme: Lexeme, view: View) -> int | None:
    for state in states:
        for edge in typed(state):
            assert edge.type is not None  # typed() gives no keywords
            value = lexeme.value.removeprefix(edge.prefix)
            at = edge.type.secret_from(view, state.env, value)
            if at is not None:
                head = edge.prefix + value[:at]
                # behind quotes and escapes places are not the same: then all of the word
                return len(head) if lexeme.text.startswith(head) else 0
    return None


def _by_name(lexeme: Lexeme, before: Lexeme | None, *, was_secret: bool) -> int | None:
    """Where the readings do not say it: a secret with a blank in it may be typed without quotes."""
    if was_secret or (before is not None and _CALLED.search(before.value)):
        return 0
    name, equals, _ = lexeme.text.partition("=")
    return len(name) + 1 if equals and _CALLED.search(name) else None


def masked(line: str, spans: Iterable[Span], *, same_length: bool = False) -> str:
    """*line* with its secret parts replaced; *same_length*: so that columns stay."""
    for start, end in sorted(spans, reverse=True):
        mask = "*" * (end - start) if same_length else MASK
        line = f"{line[:start]}{mask}{line[end:]}"
    return line


def hide(line: str, secrets: Iterable[str]) -> str:
    """*line* with stars for each of *secrets*; its columns stay."""
    for secret in secrets:
        line = line.replace(secret, "*" * len(secret))
    return line


def without(message: str, secrets: Iterable[str]) -> str:
    """*message* with what it quotes of *secrets* replaced."""
    for secret in secrets:
        bare = secret.strip("'\"")
        for text in (secret, bare):
            message = message.replace(f"'{text}'", f"'{MASK}'")
        if len(bare) > 3:
            message = message.replace(bare, MASK)
    return message
