"""One command of a line, read word by word: head, `| stages`, `> file`.

Keeps what the prompt wants to know at the end of the line: the readings before the word that is
being typed (for completion) and after it (for the hint).
"""

from collections.abc import Sequence
from typing import NamedTuple

from nepishell.lang.call import Call, Redirect
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import Kind, Lexeme
from nepishell.lang.stages import STAGES
from nepishell.lang.steps import (
    Problem,
    State,
    Step,
    begin,
    finish,
    may_begin,
    passed,
    step,
    takes_redirect,
)
from nepishell.lang.types.stages import COLUMNS
from nepishell.lang.view import View


class Token(NamedTuple):
    """A piece of the line with its style; *valid* is false for what can not stand there."""

    text: str
    start: int
    end: int
    style: str
    valid: bool = True


class Taken(NamedTuple):
    """A word and the readings before it; *fits*: it may stand there, or begins what may."""

    lexeme: Lexeme
    states: Sequence[State]
    fits: bool


class Failure(NamedTuple):
    """Why a command cannot be read: at *lexeme*, after *states*.

    *text*: the message, when it needs no looking for. *incomplete*: nothing wrong so far.
    *missing*: the command ended too early.
    """

    lexeme: Lexeme
    states: Sequence[State] = ()
    problems: Sequence[Problem] = ()
    text: str = ""
    incomplete: bool = False
    missing: bool = False
    #: of *problems*, those after which the next word could have stood
    followed: Sequence[Problem] = ()


_STYLES = {
    Kind.PIPE: "pipe",
    Kind.REDIRECT: "redirect",
    Kind.END: "separator",
    Kind.BACKGROUND: "separator",
    Kind.COMMENT: "comment",
    Kind.WORD: "unknown",
}


def plain_token(lexeme: Lexeme) -> Token:
    """A token painted by what the lexer alone knows."""
    return Token(lexeme.text, lexeme.start, lexeme.end, _STYLES[lexeme.kind])


class CommandReader:
    """Reads the lexemes of one command; *end* is where the line ends."""

    def __init__(self, grammar: Grammar, view: View, line: str, *, interactive: bool) -> None:
        self.tokens: list[Token] = []
        self.failure: Failure | None = None
        self.before = self.states = begin(grammar)
        self.word: Lexeme | None = None
        self.wants_path = False
        self._grammar, self._view, self._line = grammar, view, line
        self._interactive = interactive
        self._calls: list[Call] = []
        self._words: list[int] = []  # tokens of the part that is being read
        #: the words, in order
        self.taken: list[Taken] = []
        self._columns: tuple[str, ...] = ()
        self._redirect: Redirect | None = None
        self._background = False
        self._start, self._stop = -1, 0

    @property
    def call(self) -> Call | None:
        """The call, once end() found nothing missing."""
        if self.failure is not None or not self._calls:
            return None
        head, *stages = self._calls
        source = self._line[self._start : self._stop]
        return Call(
            head.command, head.args, tuple(stages), self._redirect, self._background, source
        )

    def take(self, lexeme: Lexeme) -> None:
        """The next lexeme; never an END."""
        self.tokens.append(plain_token(lexeme))
        if lexeme.kind is Kind.COMMENT:
            return
        if lexeme.kind is Kind.BACKGROUND and self._start >= 0:
            self._background, self.word, self.before = True, None, []
            return
        self._start = lexeme.start if self._start < 0 else self._start
        self._stop = lexeme.end
        self.word = None
        if self.failure is not None:
            self._follow(self.failure, lexeme)
        elif lexeme.kind is Kind.PIPE:
            self._pipe(lexeme)
        elif lexeme.kind is Kind.REDIRECT and not takes_redirect(self.states, lexeme):
            self._begin_redirect(lexeme)
        elif self._redirect is not None:
            self._take_path(lexeme)
        else:
            self._take_word(lexeme)

    def end(self, at: int) -> None:
        """Nothing follows; *at*: where the command ends."""
        if self.word is not None and self.word.end < at:
            # behind a word that cannot stand there, nothing can
            self.word, self.before = None, self.states if self.failure is None else []
        if self.failure is not None:
            self._paint(self.failure.states)
        elif self._redirect is not None:
            if not self._redirect.path:
                self._fail(self._nothing(), text="incomplete: expected <file>", incomplete=True)
        elif self._start >= 0:
            self._close(self._nothing(), incomplete=True)

    def _follow(self, failure: Failure, lexeme: Lexeme) -> None:
        """A word after the one that failed: it may tell what that was meant to be."""
        after = [passed(problem) for problem in failure.problems] if self.states else []
        self.taken.append(Taken(lexeme, after, fits=False))
        if self.states and failure.problems and lexeme.kind is Kind.WORD:
            followed = [
                problem
                for problem in failure.problems
                if self._step([passed(problem)], lexeme).states
            ]
            self.failure = failure._replace(followed=followed)
        self.before = self.states = []

    def _step(self, states: Sequence[State], lexeme: Lexeme) -> Step:
        grammar = STAGES if self._calls else self._grammar
        return step(grammar, states, lexeme, self._view, interactive=self._interactive)

    def _take_word(self, lexeme: Lexeme) -> None:
        self.word, self.before = lexeme, self.states
        self._words.append(len(self.tokens) - 1)
        found = self._step(self.states, lexeme)
        self.taken.append(Taken(lexeme, self.states, fits=bool(found.states)))
        if lexeme.open:
            self._fail(lexeme, text="a quote is not closed", incomplete=True)
        elif found.states:
            self.states = found.states
        else:
            last = lexeme.end == len(self._line)
            begun = last and may_begin(self.states, lexeme, self._view)
            self._fail(lexeme, problems=found.problems, incomplete=begun)
            self.taken[-1] = Taken(lexeme, self.states, fits=begun)

    def _pipe(self, lexeme: Lexeme) -> None:
        if self._redirect is not None:
            self._fail(lexeme, text="nothing may follow the file of '>'")
        elif self._close(lexeme):
            self.before = self.states = begin(STAGES, {COLUMNS: self._columns})

    def _begin_redirect(self, lexeme: Lexeme) -> None:
        if self._redirect is not None:
            self._fail(lexeme, text="nothing may follow the file of '>'")
        elif self._close(lexeme):
            self._redirect = Redirect("", append=lexeme.value == ">>")
            self.wants_path, self.before, self.states = True, [], []

    def _take_path(self, lexeme: Lexeme) -> None:
        assert self._redirect is not None  # that is why it is a path
        if self._redirect.path:
            self._fail(lexeme, text="nothing may follow the file of '>'")
            return
        self.word = lexeme
        self.tokens[-1] = self.tokens[-1]._replace(style="path")
        self.wants_path = lexeme.end == len(self._line)
        if lexeme.open or not lexeme.value:
            self._fail(lexeme, text="expected <file>", incomplete=lexeme.open)
        self._redirect = self._redirect._replace(path=lexeme.value)

    def _close(self, lexeme: Lexeme, *, incomplete: bool = False) -> bool:
        """End the head or a stage before *lexeme*; false when something is missing."""
        done = finish(self.states)
        if done is None:
            self._paint(self.states)
            self._fail(lexeme, incomplete=incomplete, missing=True)
            return False
        call, state = done
        self._paint([state])
        self._words = []
        if not self._calls:
            self._columns = self._grammar.commands[call.command].columns
        elif isinstance(chosen := call.args.get("columns"), tuple):
            self._columns = chosen
        self._calls.append(call)
        return True

    def _nothing(self) -> Lexeme:
        """The empty place after the last word."""
        at = self._stop if self.word is not None else self._stop + 1
        return Lexeme("", "", at, at + 1)

    def _paint(self, states: Sequence[State]) -> None:
        """Give the words of this part the styles of the best reading."""
        if not states:
            return
        styles = min(states, key=lambda state: state.rank).styles
        # the reading of a word that failed, or is not finished, has no style for it
        for index, style in zip(self._words, styles, strict=False):
            self.tokens[index] = self.tokens[index]._replace(style=style)

    def _fail(
        self,
        lexeme: Lexeme,
        *,
        text: str = "",
        problems: Sequence[Problem] = (),
        incomplete: bool = False,
        missing: bool = False,
    ) -> None:
        self.failure = Failure(lexeme, self.states, problems, text, incomplete, missing)
        if not missing and not incomplete:
            self.tokens[-1] = self.tokens[-1]._replace(style="error", valid=False)
