"""Lines that go where others went are read along their tracks: what a walk found is not looked for.

Which places of the grammar a line is at depends on its keywords and on which arguments took the
others, not on the values: each such step is found once. Only what is wholly right and plain is
read so; everything else is None here, and for walk() to read, to explain and to colour.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.lang.call import Call
from nepishell.lang.errors import LangError
from nepishell.lang.grammar import Edge, Grammar, Node
from nepishell.lang.lexer import Kind, Params, tokenize
from nepishell.lang.registry import Command
from nepishell.lang.types.base import ArgType, BaseType, Env
from nepishell.lang.view import View

#: Longer lines are rare, and each of another length would be a track of its own.
MOST_WORDS = 24


class _At(NamedTuple):
    """One reading of a line so far, without what it bound."""

    node: Node
    command: Command | None = None
    rank: tuple[int, ...] = ()
    used: frozenset[int] = frozenset()

    def along(self, edge: Edge, rank: int) -> "_At":
        used = self.used | {edge.once} if edge.once else self.used
        return _At(edge.target, edge.command or self.command, (*self.rank, rank), used)


class _Argument(NamedTuple):
    """What may take the next word: of the reading with this number, this edge."""

    reading: int
    edge: Edge
    kind: ArgType
    #: whether it may take several words, or be a secret: asked of few types
    is_greedy: bool
    is_secretive: bool


class _Track:
    """All readings of a line after some words, and where the next word leads."""

    def __init__(self, readings: Sequence[_At]) -> None:
        self.readings = readings
        self.words: dict[str, list[tuple[int, Edge]]] = {}
        self.typed: list[_Argument] = []
        for number, at in enumerate(readings):
            for word, edges in at.node.ways.words.items():
                left = [edge for edge in edges if not edge.once or edge.once not in at.used]
                if left:
                    self.words.setdefault(word, []).extend((number, edge) for edge in left)
            for edge in at.node.ways.typed:
                if edge.type is not None and (not edge.once or edge.once not in at.used):
                    self.typed.append(_argument(number, edge, edge.type))
        self.is_secretive = any(each.is_secretive for each in self.typed)
        self.has_command_inside = any(at.node.ways.nested for at in readings)
        ends = [
            number
            for number, at in enumerate(readings)
            if at.node.ways.accepts and at.command is not None
        ]
        self.end = min(ends, key=lambda number: readings[number].rank, default=-1)
        self.after_word: dict[str, _Track] = {}
        self.after_types: dict[tuple[int, ...], _Track] = {}

    def by_word(self, word: str) -> "_Track":
        """The track after a keyword."""
        found = self.after_word.get(word)
        if found is None:
            moves = self.words[word]
            found = _Track([self.readings[number].along(edge, 0) for number, edge in moves])
            self.after_word[word] = found
        return found

    def by_types(self, taken: tuple[int, ...]) -> "_Track":
        """The track after a word that these of *typed* took."""
        found = self.after_types.get(taken)
        if found is None:
            chosen = [self.typed[number] for number in taken]
            found = _Track(
                [self.readings[each.reading].along(each.edge, 2 + each.kind.rank)
                 for each in chosen]
            )  # fmt: skip
            self.after_types[taken] = found
        return found


def _argument(number: int, edge: Edge, kind: ArgType) -> _Argument:
    own = type(kind)
    # types that say nothing of their own are not asked
    return _Argument(
        number, edge, kind,
        is_greedy=getattr(own, "continues", None) is not BaseType.continues,
        is_secretive=getattr(own, "secret_from", None) is not BaseType.secret_from,
    )  # fmt: skip


class Tracks:
    """The tracks of one grammar; any thread may use them."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._start = _Track([_At(grammar.root)])

    def read(self, line: str, view: View, params: Params) -> Call | None:
        """The call of *line*: what walk() finds; None for what is to be walked.

        That is what is wrong, several commands, pipes, secrets, and commands in commands.
        """
        words, source = _words(line, params)
        if not words or len(words) > MOST_WORDS:
            return None
        track, envs = self._start, [_NOTHING]
        for word, is_quoted in words:
            if track.is_secretive and _has_secret(track, envs, word, view):
                return None
            moves = track.words.get(word)
            if moves is not None and not is_quoted:
                envs = [
                    {**envs[number], edge.name: word} if edge.name else envs[number]
                    for number, edge in moves
                ]
                track = track.by_word(word)
            else:
                taken, envs = _taken(track, envs, word, view)
                if not taken:
                    return None
                track = track.by_types(taken)
            if track.has_command_inside:
                return None
        if track.end < 0:
            return None
        command = track.readings[track.end].command
        assert command is not None  # where a line may end
        return Call(command.name, envs[track.end], source=source)


def _words(line: str, params: Params) -> tuple[Sequence[tuple[str, bool]], str]:
    """What the words of *line* mean and whether each is quoted, and the text without a comment.

    No words where it is no plain line.
    """
    if not _SIGNS.search(line):
        if "$" not in line:
            return [(word, False) for word in line.split()], line.strip()
        try:
            found = [_PARAM.sub(lambda hit: params[hit[1]], word) for word in line.split()]
        except KeyError:
            return (), ""
        return [(word, False) for word in found], line.strip()
    try:
        lexemes = tokenize(line, params)
    except LangError:
        return (), ""
    if lexemes and lexemes[-1].kind is Kind.COMMENT:
        lexemes.pop()
    if not lexemes or any(each.kind is not Kind.WORD or each.open for each in lexemes):
        return (), ""
    source = line[lexemes[0].start : lexemes[-1].end]
    return [(each.value, each.quoted) for each in lexemes], source


#: What the lexer knows more about than where a word ends.
_SIGNS = re.compile(r"""['"\\;|>#&\n]""")
_PARAM = re.compile(r"\$\{([A-Za-z_][\w.-]*)\}")
_NOTHING: Env = {}


def _has_secret(track: _Track, envs: Sequence[Env], word: str, view: View) -> bool:
    return any(
        each.kind.secret_from(view, envs[each.reading], word.removeprefix(each.edge.prefix))
        is not None
        for each in track.typed
        if each.is_secretive
    )


def _taken(
    track: _Track, envs: Sequence[Env], word: str, view: View
) -> tuple[tuple[int, ...], list[Env]]:
    """Which arguments take *word*, and what is bound then; nothing where it may go on."""
    taken: list[int] = []
    found: list[Env] = []
    # readings that are alike so far ask the same of the same type: once is enough
    last: tuple[ArgType, Env, str] | None = None
    outcome: Env | None = None
    for number, (reading, edge, kind, is_greedy, _) in enumerate(track.typed):
        if edge.prefix and not word.startswith(edge.prefix):
            continue
        text = word[len(edge.prefix) :]
        if is_greedy and kind.continues(text):
            return (), []
        env = envs[reading]
        if last is None or last[0] is not kind or last[1] is not env or last[2] != edge.name:
            last = (kind, env, edge.name)
            outcome = _bound(edge, kind, env, text, view)
        if outcome is not None:
            taken.append(number)
            found.append(outcome)
    return tuple(taken), found


def _bound(edge: Edge, kind: ArgType, env: Env, text: str, view: View) -> Env | None:
    try:
        value = kind.parse(view, env, text)
    except NepishellError:
        return None
    before = env.get(edge.name, ()) if edge.many else None
    return {**env, edge.name: (*before, value) if isinstance(before, tuple) else value}
