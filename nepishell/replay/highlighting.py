"""Colours of recipes for Pygments, from the grammar: `pygmentize -l nepi star.nepi`.

No experiment is asked, so names are names whether they exist or not; verbs, the keywords that each
of them has, states and types are those of this very version.
"""

import re
from collections.abc import Iterator

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from nepishell.commands.declared import our_grammar
from nepishell.core.states import ResourceState
from nepishell.lang import syntax
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import Kind, Lexeme
from nepishell.lang.stages import STAGES
from nepishell.replay.reader import Unfinished, read_together

_SIGNS = {
    Kind.COMMENT: Comment.Single,
    Kind.PIPE: Operator,
    Kind.REDIRECT: Operator,
    Kind.BACKGROUND: Operator,
    Kind.END: Punctuation,
}
_STATES = frozenset(state.name for state in ResourceState)
_NUMBER = re.compile(r"[+-]?\d[\d.]*[A-Za-z%]*(?:(?:\.\.|\+-)\d[\d.]*[A-Za-z%]*)?")
_ASSIGNED = re.compile(r"([A-Za-z_][\w.-]*)(=)(.*)", re.DOTALL)
_PARAMETER = re.compile(r"(\$\{[A-Za-z_][\w.-]*\})")

Piece = tuple[int, _TokenType, str]


class RecipeLexer(Lexer):
    """Recipes of nepishell."""

    name = "nepishell recipe"
    aliases = ("nepi", "nepishell")
    filenames = ("*.nepi",)
    mimetypes = ("text/x-nepishell",)

    def get_tokens_unprocessed(self, text: str) -> Iterator[Piece]:
        """(where, kind, text) of each piece; together they are *text*."""
        lines = text.split("\n")
        begin, number = 0, 0
        try:
            for together in read_together(lines, ""):
                source = "\n".join(lines[number : number + len(together.lines)])
                yield from _statement_pieces(source, together.lexemes, begin)
                number += len(together.lines)
                begin += len(source)
                if begin < len(text):
                    yield begin, Whitespace, "\n"
                    begin += 1
        except Unfinished:
            yield begin, Error, text[begin:]


def _statement_pieces(source: str, lexemes: tuple[Lexeme, ...], begin: int) -> Iterator[Piece]:
    at = 0
    words = _Words(our_grammar())
    for lexeme in lexemes:
        if lexeme.start > at:
            yield begin + at, Whitespace, source[at : lexeme.start]
        place = begin + lexeme.start
        # of what was joined by a backslash the text is the one in the file
        shown = source[lexeme.start : lexeme.end]
        for kind, piece in words.pieces(lexeme, shown):
            yield place, kind, piece
            place += len(piece)
        at = lexeme.end
    if at < len(source):
        yield begin + at, Whitespace, source[at:]


class _Words:
    """What each word of a command is, from those before it."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._begin(grammar)

    def _begin(self, grammar: Grammar) -> None:
        self._of = grammar
        self._keywords: frozenset[str] | set[str] = frozenset()
        self._wants_verb = True
        self._may_nest = False

    def pieces(self, lexeme: Lexeme, text: str) -> Iterator[tuple[_TokenType, str]]:
        """*text* in parts with their kinds."""
        if lexeme.kind is not Kind.WORD:
            if lexeme.kind is Kind.END:
                self._begin(self._grammar)
            elif lexeme.kind is Kind.PIPE:
                self._begin(STAGES)
            yield _SIGNS[lexeme.kind], text
        elif lexeme.quoted:
            self._wants_verb = False
            yield from _strings(text)
        elif self._is_verb(text):
            yield Keyword, text
        elif text in self._keywords:
            yield Keyword.Pseudo, text
        else:
            yield from _value(text)

    def _is_verb(self, text: str) -> bool:
        wanted, self._wants_verb = self._wants_verb, False
        edges = self._of.root.ways.words.get(text, ())
        if not edges or not (wanted or (self._may_nest and text not in self._keywords)):
            return False
        self._keywords = self._of.keywords.get(text, frozenset())
        self._may_nest = any(
            argument.type == "command"
            for edge in edges
            if edge.command is not None
            for argument in syntax.arguments(edge.command.syntax)
        )
        return True


def _value(text: str) -> Iterator[tuple[_TokenType, str]]:
    assigned = _ASSIGNED.fullmatch(text)
    if assigned is not None:
        yield Name.Attribute, assigned[1]
        yield Operator, assigned[2]
        text = assigned[3]
    if text[:1] in ("'", '"'):
        yield from _strings(text)
        return
    for number, part in enumerate(_PARAMETER.split(text)):
        if not part:
            continue
        if number % 2:
            yield Name.Variable, part
        elif part in _STATES:
            yield Name.Constant, part
        elif "::" in part:
            yield Name.Class, part
        elif _NUMBER.fullmatch(part):
            yield Number, part
        else:
            yield Name, part


def _strings(text: str) -> Iterator[tuple[_TokenType, str]]:
    """A word in quotes; what is filled in shows in double ones only."""
    if text[0] == "'":
        yield String.Single, text
        return
    for number, part in enumerate(_PARAMETER.split(text)):
        if part:
            yield (String.Interpol if number % 2 else String.Double), part
