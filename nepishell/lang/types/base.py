"""An argument type is parse, complete, format, example, and a name: everything else follows.

`env` holds what earlier words of the line bound, so `attr(res)` sees the resource.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from nepishell.core.errors import NepishellError
from nepishell.lang.names import LIMIT, Fit, fits
from nepishell.lang.view import View

Env = Mapping[str, object]


#: What is shown beside an entry; a function of its text where it costs something to find out,
#: since a menu shows ten entries of two hundred.
Note = str | Callable[[str], str]


class Candidate(NamedTuple):
    """One entry of the menu: the whole word, and what is shown beside it.

    *more*: the word is not finished by it (`count=`), so no blank should follow.
    """

    text: str
    note: Note = ""
    more: bool = False


def behind(head: str, found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with *head* put before each of them."""
    skip = len(head)
    if not skip:
        return list(found)
    return [Candidate(head + text, _behind(note, skip), more) for text, note, more in found]


def _behind(note: Note, skip: int) -> Note:
    return note if isinstance(note, str) else lambda text: note(text[skip:])


class ArgType(Protocol):
    """What the walk asks of a type."""

    @property
    def name(self) -> str: ...
    @property
    def style(self) -> str:
        """How the word is painted: a name that the themes of the prompt know."""

    @property
    def help(self) -> str:
        """One line for `?`."""

    @property
    def rank(self) -> int:
        """Of two types that take a word, the one with the smaller rank wins."""

    def parse(self, view: View, env: Env, text: str) -> object:
        """The value of a word; raises NepishellError."""

    def partial(self, view: View, env: Env, text: str) -> bool:
        """Whether *text*, which parse() refuses, may be the beginning of a good word."""

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        """At most *limit* words that begin with *prefix*."""

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        """At most *limit* words that fit *text* but do not begin with it."""

    def format(self, value: object, view: View | None, env: Env) -> str:
        """The word that parses to *value*; with a view, in the words of the experiment."""

    def example(self, view: View, env: Env) -> str:
        """A word that parse() takes, for help and tests; '' when there is none now."""

    def about(self, view: View, env: Env) -> str:
        """One line for `?` about what may stand here."""

    def continues(self, text: str) -> bool:
        """Whether the next word belongs to the same argument (`>= 3`)."""

    def secret_from(self, view: View, env: Env, text: str) -> int | None:
        """Where in *text* a secret begins; None where there is none."""


#: Makes a type from what stands in its parentheses.
TypeFactory = Callable[[tuple[str, ...]], ArgType]


class BaseType:
    """The answers that most types share."""

    name = ""
    style = "value"
    help = ""
    rank = 50
    sample = ""

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        self.deps = deps

    def parse(self, view: View, env: Env, text: str) -> object:
        return text

    def partial(self, view: View, env: Env, text: str) -> bool:
        return any(True for _ in self.complete(view, env, text, 1))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return ()

    def kept(self, text: str) -> int:
        """How many letters of *text* stand before what is completed: 'delay=' of 'delay=5'."""
        return 0

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        at = self.kept(text)
        known = self.complete(view, env, text[:at], LIMIT)
        return [each for each in known if fits(fit, text[at:], each.text[at:])][:limit]

    def format(self, value: object, view: View | None, env: Env) -> str:
        return str(value)

    def example(self, view: View, env: Env) -> str:
        return self.sample

    def about(self, view: View, env: Env) -> str:
        return self.help

    def continues(self, text: str) -> bool:
        return False

    def secret_from(self, view: View, env: Env, text: str) -> int | None:
        return None


def accepts(kind: ArgType, view: View, env: Env, text: str) -> bool:
    """Whether parse() takes *text*."""
    try:
        kind.parse(view, env, text)
    except NepishellError:
        return False
    return True
