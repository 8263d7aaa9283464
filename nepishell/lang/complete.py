"""What may come next: the entries of the menu, the dim hint, the lines of `?`."""

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from nepishell.lang.grammar import Edge
from nepishell.lang.lexer import Lexeme, quote, quote_always
from nepishell.lang.steps import State, completions_of, edge_may_begin, keywords, typed
from nepishell.lang.types.base import Candidate, Note, behind
from nepishell.lang.view import View


class Completion(NamedTuple):
    """Replace line[start:end] by *text* (quoted where needed); *shown* is for the menu.

    *more*: the word is not finished by it, so no blank should follow.
    """

    text: str
    start: int
    end: int
    shown: str
    note: Note = ""
    style: str = ""
    more: bool = False

    @property
    def meta(self) -> str:
        """What the menu shows beside it; found out when asked."""
        return self.note if isinstance(self.note, str) else self.note(self.shown)


class Expected(NamedTuple):
    """One thing that may come next, for `?`."""

    text: str
    help: str
    style: str
    example: str = ""


def candidates(
    states: Sequence[State], word: Lexeme | None, end: int, view: View, limit: int
) -> list[Completion]:
    """Keywords, then arguments that go on from *word* (None: a new word), at most *limit*."""
    span = (word.start if word else end, end)
    text = word.value if word else ""
    reserved = {name for state in states for name, _ in keywords(state)}
    found = [] if word is not None and word.quoted else _of_keywords(states, text, span)
    for state in states:
        for edge in typed(state) if state.pending is None else ():
            found += _of_edge(state, edge, text, span, view, limit, reserved)
    # two readings may offer the same word: the first one counts
    first = {item.text: item for item in reversed(found)}
    if len(first) < len(found):
        found = [item for item in found if first[item.text] is item]
    return found[:limit]


def _of_keywords(states: Sequence[State], text: str, span: tuple[int, int]) -> list[Completion]:
    found = []
    for state in states:
        for name, edges in keywords(state):
            if name.startswith(text):
                command = edges[0].command
                summary = command.summary if command else ""
                style = "command" if command else "keyword"
                found.append(Completion(name, *span, name, summary, style))
    return found


def _of_edge(
    state: State,
    edge: Edge,
    text: str,
    span: tuple[int, int],
    view: View,
    limit: int,
    reserved: set[str],
) -> list[Completion]:
    kind = edge.type
    assert kind is not None  # typed() gives no keywords
    if not text.startswith(edge.prefix):
        if edge.prefix.startswith(text):
            return [Completion(edge.prefix, *span, edge.label, kind.help, kind.style, True)]
        return []
    found = kind.complete(view, state.env, text[len(edge.prefix) :], limit)
    return completions(behind(edge.prefix, found), kind.style, span, reserved)


def completions(
    found: Iterable[Candidate], style: str, span: tuple[int, int], reserved: Set[str] = frozenset()
) -> list[Completion]:
    """Candidates as completions; those that read like a keyword here are quoted."""
    start, end = span
    return [
        Completion(
            quote_always(text) if text in reserved else quote(text),
            start,
            end,
            text,
            note,
            style,
            more,
        )
        for text, note, more in found
    ]


def hint(
    before: Sequence[State], states: Sequence[State], word: Lexeme | None, *, bad: bool, view: View
) -> str:
    """The usage of what is still to come after the last word."""
    if not bad:
        best = min(states, key=lambda state: state.rank, default=None)
        return best.node.rest if best else ""
    if word is None:
        return ""
    for state in before:
        full = completions_of([state], word.value)
        for name, edges in keywords(state) if full else ():
            if name == full[0]:
                return edges[0].target.rest
        for edge in typed(state):
            if edge_may_begin(state, edge, word.value, view):
                return edge.target.rest
    return ""


def expected(states: Sequence[State], word: Lexeme | None, view: View) -> list[Expected]:
    """What may stand where the last word stands (or would begin), with help."""
    text = word.value if word else ""
    found: dict[str, Expected] = {}
    for state in states:
        for name, edges in keywords(state):
            if name.startswith(text) and name not in found:
                command = edges[0].command
                summary = command.summary if command else ""
                found[name] = Expected(name, summary, "command" if command else "keyword")
        for edge in typed(state):
            if edge.type is not None and (not text or edge_may_begin(state, edge, text, view)):
                entry = Expected(
                    edge.label, edge.type.help, edge.type.style, edge.type.example(view, state.env)
                )
                found.setdefault(edge.label, entry)
    return list(found.values())
