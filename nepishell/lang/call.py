"""A typed call: what a line means, and the line again.

`parse(format_call(call)) == call`: the journal, the recorder and `plan` write calls as lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nepishell.lang.credentials import hidden
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import quote, quote_always
from nepishell.lang.stages import STAGES
from nepishell.lang.syntax import AnyOrder, Arg, Choice, Maybe, Seq, Syntax, Word, bound
from nepishell.lang.types.verbs import NestedCommand
from nepishell.lang.view import View


class Redirect(NamedTuple):
    """`> path`, or `>> path`."""

    path: str
    append: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A command and its bound arguments; `stages` are the `| ...` after it.

    *args* has what was typed only: what was left out is for the function's defaults. *source*:
    the text it came from, not compared. *background*: nobody waits for it (`... &`).
    """

    command: str
    args: Mapping[str, object] = field(default_factory=dict)
    stages: "tuple[Call, ...]" = ()
    redirect: Redirect | None = None
    background: bool = False
    source: str = field(default="", compare=False)


class Writer:
    """Writes calls as canonical lines: guids as labels where a view is given.

    *hide*: secrets are masked (that needs a view): for what people read.
    """

    def __init__(self, grammar: Grammar, view: View | None = None, *, hide: bool = False) -> None:
        self._grammar = grammar
        self._view = view
        self._hide = hide

    def line(self, call: Call) -> str:
        """The canonical line of *call*."""
        words = self._words(self._grammar, call)
        for stage in call.stages:
            words += ["|", *self._words(STAGES, stage)]
        if call.redirect:
            words += [">>" if call.redirect.append else ">", quote(call.redirect.path)]
        if call.background:
            words.append("&")
        return " ".join(words)

    def _words(self, grammar: Grammar, call: Call) -> list[str]:
        command = grammar.commands[call.command]
        words = self._emit(grammar, command.syntax, call)
        # parse made the call from this very syntax, so every name it binds is there
        assert words is not None, call
        verbs = grammar.root.ways.words.get(words[0], ())
        if verbs and not any(edge.command is command for edge in verbs):
            # a label in the place of a verb, and another command has that verb
            words[0] = quote_always(words[0])
        return words

    def _emit(self, grammar: Grammar, tree: Syntax, call: Call) -> list[str] | None:
        """The words of *tree*, or None where *call* does not bind what it needs."""
        match tree:
            case Word(text):
                return [text]
            case Arg():
                return self._argument(grammar, tree, call)
            case Seq(parts):
                return self._sequence(grammar, parts, call)
            case Choice(options, name) if name:
                return [str(call.args[name])] if name in call.args else None
            case Choice(options):
                return self._choice(grammar, options, call)
            case Maybe(part):
                # an optional word that binds nothing says nothing
                wanted = bound(part) & call.args.keys()
                return (self._emit(grammar, part, call) or []) if wanted else []
            case AnyOrder(parts):
                lists = [self._emit(grammar, Maybe(part), call) or [] for part in parts]
                return [word for words in lists for word in words]

    def _sequence(
        self, grammar: Grammar, parts: tuple[Syntax, ...], call: Call
    ) -> list[str] | None:
        words: list[str] = []
        for part in parts:
            found = self._emit(grammar, part, call)
            if found is None:
                return None
            words += found
        return words

    def _choice(
        self, grammar: Grammar, options: tuple[Syntax, ...], call: Call
    ) -> list[str] | None:
        # the option that says most of what the call binds
        ranked = sorted(options, key=lambda option: -len(bound(option) & call.args.keys()))
        for option in ranked:
            words = self._emit(grammar, option, call)
            if words is not None:
                return words
        return None

    def _argument(self, grammar: Grammar, argument: Arg, call: Call) -> list[str] | None:
        if argument.name not in call.args:
            return None
        value = call.args[argument.name]
        kind = grammar.type_of(argument)
        if isinstance(kind, NestedCommand):
            assert isinstance(value, Call)  # the walk binds nothing else here
            return self._words(self._grammar, value)
        many = argument.many or getattr(kind, "takes_rest", False)
        values = value if many and isinstance(value, tuple) else (value,)
        verb = call.command.split()[0]
        keywords = grammar.keywords.get(verb, frozenset()) | grammar.keywords.get("", frozenset())
        words = []
        for each in values:
            text = kind.format(each, self._view, call.args)
            if self._hide and self._view is not None:
                text = hidden(kind, self._view, call.args, text)
            text = argument.prefix + text
            words.append(quote_always(text) if text in keywords else quote(text))
        return words


def format_call(grammar: Grammar, call: Call, view: View | None = None) -> str:
    """The canonical line of *call*: with *view* in labels and units, else in plain numbers."""
    return Writer(grammar, view).line(call)
