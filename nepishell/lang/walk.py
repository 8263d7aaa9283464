"""One walk of the grammar along a line; completion, colours, validation, hint and `?` read it.

found = walk(grammar, "set web del", view)
found.tokens  found.candidates()  found.error  found.hint  found.expected()  found.call
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from nepishell.lang import complete, explain
from nepishell.lang.call import Call
from nepishell.lang.complete import Completion, Expected
from nepishell.lang.errors import LangError
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import Kind, Lexeme, Params, expanded, tokenize
from nepishell.lang.names import LIMIT
from nepishell.lang.reader import CommandReader, Failure, Token, plain_token
from nepishell.lang.registry import Command
from nepishell.lang.secrets import Span, masked, secret_parameters, secret_spans, without
from nepishell.lang.steps import begin
from nepishell.lang.types.plain import PathType
from nepishell.lang.view import View

_PATH = PathType()


class Walk:
    """What one walk found; made by walk().

    *tokens*: the whole line in pieces, with styles. *calls*: what it means, in order, as far as
    nothing is wrong: `;` may make several.
    """

    def __init__(
        self,
        grammar: Grammar,
        line: str,
        view: View,
        *,
        interactive: bool,
        params: Params | None,
        aliases: Mapping[str, str],
    ) -> None:
        self.line = line
        self.tokens: list[Token] = []
        self.calls: list[Call] = []
        self._grammar, self._view, self._interactive = grammar, view, interactive
        self._aliases = aliases
        self._failure: Failure | None = None
        self._unreadable: LangError | None = None
        self._readers: list[CommandReader] = []
        lexemes = self._lexemes(params)
        self._reader = self._read(expanded(lexemes, aliases) if aliases else lexemes)

    @property
    def call(self) -> Call | None:
        """The call, when the line is exactly one complete command."""
        return self.calls[0] if len(self.calls) == 1 and self.error is None else None

    @cached_property
    def error(self) -> LangError | None:
        """The first thing wrong or missing; None for a complete line and for an empty one."""
        if self._unreadable is not None or self._failure is None:
            return self._unreadable
        found = explain.error(self._failure, self.line)
        if self.secrets:
            found.text = masked(self.line, self.secrets, same_length=True)
            found.message = without(found.message, self.secret_words)
            found.args = (found.message,)
        return found

    @cached_property
    def secrets(self) -> list[Span]:
        """The parts of the line that must not be kept or repeated: (start, end)."""
        spans = [secret_spans(reader.taken, self._view) for reader in self._readers]
        return [span for some in spans for span in some]

    @property
    def secret_words(self) -> list[str]:
        """The text of those parts."""
        return [self.line[start:end] for start, end in self.secrets]

    @property
    def secret_parameters(self) -> set[str]:
        """The parameters whose values become secrets in the line."""
        return set().union(*(secret_parameters(each.taken, self._view) for each in self._readers))

    @property
    def hint(self) -> str:
        """The usage of what is still to come after the end of the line; '' when nothing is."""
        reader = self._reader
        if reader.wants_path:
            return "" if reader.word else "<file>"
        failure = reader.failure
        bad = failure is not None and not failure.missing
        return complete.hint(reader.before, reader.states, reader.word, bad=bad, view=self._view)

    def candidates(self, cursor: int | None = None, limit: int = LIMIT) -> list[Completion]:
        """What may stand at the cursor (default: the end of the line), best first."""
        if cursor is not None and cursor < len(self.line):
            head = walk(
                self._grammar, self.line[:cursor], self._view, interactive=self._interactive,
                aliases=self._aliases,
            )  # fmt: skip
            return head.candidates(limit=limit)
        if self.in_comment:
            return []
        reader, end = self._reader, len(self.line)
        if reader.wants_path:
            word = reader.word
            span = (word.start if word else end, end)
            text = word.value if word else ""
            found = _PATH.complete(self._view, {}, text, limit)
            return complete.completions(found, _PATH.style, span)
        typed = self.line[reader.word.start :] if reader.word is not None else ""
        if typed in self._aliases and reader.word is not None and reader.word.value != typed:
            # it is as it should be; what it stands for would take its place
            return [self._alias(typed, reader.word.start)]
        words = complete.candidates(reader.before, reader.word, end, self._view, limit)
        return [*self._aliases_here(), *words][:limit]

    def _aliases_here(self) -> Iterator[Completion]:
        """Aliases that begin as the word that the line ends with, where a verb stands."""
        word = self._reader.word
        if not self._aliases or self._reader.before != begin(self._grammar):
            return
        start, text = (word.start, word.value) if word is not None else (len(self.line), "")
        for name in self._aliases:
            if name.startswith(text):
                yield self._alias(name, start)

    def _alias(self, name: str, start: int) -> Completion:
        note = f"stands for '{self._aliases[name]}'"
        return Completion(name, start, len(self.line), name, note, "command")

    def expected(self) -> list[Expected]:
        """What may stand at the end of the line, with help and an example: for `?`."""
        if self._reader.wants_path:
            return [Expected("<file>", "a file to write to", "path", "results.json")]
        return complete.expected(self._reader.before, self._reader.word, self._view)

    @property
    def word(self) -> Lexeme | None:
        """The word that the line ends with; None after a blank."""
        return self._reader.word

    @property
    def in_quotes(self) -> bool:
        """Whether the line ends inside a quote."""
        return self.word is not None and self.word.open

    @property
    def commands(self) -> list[Command]:
        """The commands that the last part of the line may be, as far as it tells."""
        states = self._reader.states or self._reader.before
        found = [state.command for state in states if state.command is not None]
        if not found and self.word is not None:
            full = complete.edges_of(states, self.word.value)
            found = [edge.command for edge in full if edge.command is not None]
        return list(dict.fromkeys(found))

    @property
    def in_comment(self) -> bool:
        """Whether the line ends in a comment."""
        if not self.tokens or self.tokens[-1].style != "comment":
            return False
        return self.tokens[-1].end == len(self.line)

    def _lexemes(self, params: Params | None) -> list[Lexeme]:
        try:
            return tokenize(self.line, params)
        except LangError as problem:
            self._unreadable = problem
            return tokenize(self.line)

    def _read(self, lexemes: list[Lexeme]) -> CommandReader:
        reader = self._begin()
        for lexeme in lexemes:
            if lexeme.kind is Kind.END:
                self._finish(reader, lexeme.start)
                self.tokens.append(plain_token(lexeme))
                reader = self._begin()
            else:
                reader.take(lexeme)
        self._finish(reader, len(self.line))
        return reader

    def _begin(self) -> CommandReader:
        return CommandReader(self._grammar, self._view, self.line, interactive=self._interactive)

    def _finish(self, reader: CommandReader, at: int) -> None:
        reader.end(at)
        self._readers.append(reader)
        self.tokens += reader.tokens
        self._failure = self._failure or reader.failure
        call = reader.call
        if call is not None and self._failure is None:
            self.calls.append(call)


def walk(
    grammar: Grammar,
    line: str,
    view: View,
    *,
    interactive: bool = False,
    params: Params | None = None,
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> Walk:
    """Read *line* as far as it can be read; never raises for what a person typed.

    *interactive*: keywords may be shortened to a unique beginning. *params*: values for
    `${name}`; without them it is ordinary text. *aliases*: a verb -> what it stands for. All
    commands of a line with `;` are checked against the same view; to run them one after the other,
    walk each piece of lexer.split().
    """
    return Walk(grammar, line, view, interactive=interactive, params=params, aliases=aliases)


def parse(
    grammar: Grammar,
    line: str,
    view: View,
    *,
    interactive: bool = False,
    params: Params | None = None,
) -> list[Call]:
    """The calls of *line*, none for an empty one; raises LangError."""
    found = walk(grammar, line, view, interactive=interactive, params=params)
    if found.error is not None:
        raise found.error
    return found.calls
