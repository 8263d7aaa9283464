"""One word further along the graph: all places a line may be at, and what could not go on.

Several readings of a line live side by side until its words decide. A keyword typed in full ends
all other readings of that word; otherwise the smallest rank wins at the end: a shortened keyword
before a typed argument, a specific type before a general one.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.lang.call import Call
from nepishell.lang.grammar import Edge, Grammar, Node
from nepishell.lang.lexer import Kind, Lexeme
from nepishell.lang.registry import Command
from nepishell.lang.types.base import Env
from nepishell.lang.types.stages import COLUMNS
from nepishell.lang.view import View


class State(NamedTuple):
    """One reading of the line so far."""

    node: Node
    env: Env = {}
    command: Command | None = None
    rank: tuple[int, ...] = ()
    styles: tuple[str, ...] = ()
    used: frozenset[int] = frozenset()
    #: an argument that goes on in the next word (`>= 3`), and its text so far
    pending: Edge | None = None
    text: str = ""
    #: the commands this one stands in: (command, what it bound, the name to bind)
    frames: tuple[tuple[Command, Env, str], ...] = ()

    @property
    def accepts(self) -> bool:
        """Whether the line may end here."""
        return self.pending is None and self.node.ways.accepts


class Problem(NamedTuple):
    """An argument that refused a word."""

    edge: Edge
    state: State
    error: NepishellError


class Step(NamedTuple):
    """Where a word leads, and who refused it."""

    states: list[State]
    problems: list[Problem]


def begin(grammar: Grammar, env: Env | None = None) -> list[State]:
    """The one place where a command begins."""
    return [State(grammar.root, env or {})]


def typed(state: State) -> Sequence[Edge]:
    """Arguments that may come next."""
    if state.pending is not None:
        return (state.pending,)
    return [edge for edge in state.node.ways.typed if edge.once not in state.used or not edge.once]


def keywords(state: State) -> Iterator[tuple[str, list[Edge]]]:
    """Keywords that may come next."""
    if state.pending is not None:
        return
    for word, edges in state.node.ways.words.items():
        left = [edge for edge in edges if edge.once not in state.used or not edge.once]
        if left:
            yield word, left


def step(
    grammar: Grammar, states: Sequence[State], lexeme: Lexeme, view: View, *, interactive: bool
) -> Step:
    """All readings of *lexeme* after *states*."""
    found: list[State] = []
    problems: list[Problem] = []
    if not lexeme.quoted:
        found = _by_keyword(states, lexeme.value, 0)
    if not found:
        if interactive and not lexeme.quoted:
            full = completions_of(states, lexeme.value)
            found = _by_keyword(states, full[0], 1) if len(full) == 1 else []
        for state in states:
            for edge in typed(state):
                found += _by_argument(state, edge, lexeme.value, view, problems)
    return Step([*found, *_nested(grammar, found)], problems)


def completions_of(states: Sequence[State], beginning: str) -> list[str]:
    """Keywords that begin so."""
    words = {word for state in states for word, _ in keywords(state)}
    return sorted(word for word in words if word.startswith(beginning)) if beginning else []


def _by_keyword(states: Sequence[State], word: str, rank: int) -> list[State]:
    found: list[State] = []
    for state in states:
        if state.pending is not None:
            continue
        for edge in state.node.ways.words.get(word, ()):
            if edge.once and edge.once in state.used:
                continue
            env = {**state.env, edge.name: word} if edge.name else state.env
            style = "command" if edge.command else "keyword"
            found.append(_moved(state, edge, env, rank, style))
    return found


def _by_argument(
    state: State, edge: Edge, word: str, view: View, problems: list[Problem]
) -> list[State]:
    kind = edge.type
    assert kind is not None  # an edge without a type is a keyword
    if state.pending is None:
        if not word.startswith(edge.prefix):
            return []
        text = word[len(edge.prefix) :]
    else:
        text = f"{state.text} {word}"
    if kind.continues(text):
        styles = (*state.styles, kind.style)
        return [state._replace(pending=edge, text=text, styles=styles)]
    try:
        value = kind.parse(view, state.env, text)
    except NepishellError as error:
        problems.append(Problem(edge, state, error))
        return []
    before = state.env.get(edge.name, ()) if edge.many else None
    bound = (*before, value) if isinstance(before, tuple) else value
    env = {**state.env, edge.name: bound}
    return [_moved(state, edge, env, 2 + kind.rank, kind.style)]


def passed(problem: Problem) -> State:
    """Where the line would be had the word not been refused."""
    edge, state, _ = problem
    return _moved(state, edge, {**state.env, edge.name: None}, 0, "")


def _moved(state: State, edge: Edge, env: Env, rank: int, style: str) -> State:
    return State(
        edge.target,
        env,
        edge.command or state.command,
        (*state.rank, rank),
        (*state.styles, style),
        state.used | {edge.once} if edge.once else state.used,
        None,
        "",
        state.frames,
    )


def _nested(grammar: Grammar, states: Sequence[State]) -> Iterator[State]:
    """Where a command may stand in a command, the place where it begins."""
    for state in states:
        for edge in state.node.ways.nested if state.pending is None else ():
            assert state.command is not None  # only the root has no command
            frames = (*state.frames, (state.command, state.env, edge.name))
            yield State(grammar.inner, {}, None, state.rank, state.styles, frames=frames)


def takes_redirect(states: Sequence[State], lexeme: Lexeme) -> bool:
    """Whether a `>` is the beginning of an argument here (`expect x > 3`), not a redirection."""
    if lexeme.kind is not Kind.REDIRECT:
        return False
    return any(
        edge.type is not None and edge.type.continues(f"{state.text} {lexeme.value}".strip())
        for state in states
        for edge in typed(state)
        if not edge.prefix
    )


def may_begin(states: Sequence[State], lexeme: Lexeme, view: View) -> bool:
    """Whether more letters could make *lexeme* a word that may stand here."""
    if not lexeme.quoted and completions_of(states, lexeme.value):
        return True
    return any(edge_may_begin(state, edge, lexeme.value, view) for state in states
               for edge in typed(state))  # fmt: skip


def edge_may_begin(state: State, edge: Edge, word: str, view: View) -> bool:
    """Whether more letters could make *word* this argument."""
    kind = edge.type
    assert kind is not None  # an edge without a type is a keyword
    if state.pending is not None:
        return kind.partial(view, state.env, f"{state.text} {word}")
    if not word.startswith(edge.prefix):
        return edge.prefix.startswith(word)
    return kind.partial(view, state.env, word[len(edge.prefix) :])


def finish(states: Sequence[State]) -> tuple[Call, State] | None:
    """The best reading that may end here, as a call; None when more is needed."""
    for state in sorted(states, key=lambda state: state.rank):
        if state.accepts and state.command is not None:
            call = Call(state.command.name, _args(state.env))
            for command, env, name in reversed(state.frames):
                call = Call(command.name, {**_args(env), name: call})
            return call, state
    return None


def _args(env: Env) -> dict[str, object]:
    return {name: value for name, value in env.items() if name != COLUMNS}
