"""What may come next: the entries of the menu, the dim hint, the lines of `?`."""

import re
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from nepishell.lang.grammar import Edge
from nepishell.lang.lexer import Lexeme, quote, quote_always
from nepishell.lang.names import Fit, fits
from nepishell.lang.steps import State, completions_of, edge_may_begin, keywords, typed
from nepishell.lang.types.base import ArgType, Candidate, Note, behind
from nepishell.lang.view import View

_NEVER_QUOTED = re.compile(r"[A-Za-z0-9_.:,@%-]*")
#: With fewer words that begin as typed, words that fit otherwise are offered behind them.
FEW = 5
#: Types of arguments that are offered before keywords.
_RESOURCES = frozenset({"guids"})
#: Of those at most.
MOST_SIMILAR = 20


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
    """Keywords, then arguments that go on from *word* (None: a new word), at most *limit*.

    First those that begin with it, then those that have it in them, then its letters in order.
    """
    menu = _Menu(states, word, (word.start if word else end, end), view, limit)
    found = menu.entries(None)
    # with few that begin so, what was meant may lie elsewhere; one letter says too little
    for fit in Fit if len(found) < FEW and len(menu.text) > 1 else ():
        if fit is Fit.PART or not found:
            found += menu.entries(fit)
    return _once(found)[:limit]


def _once(found: list[Completion]) -> list[Completion]:
    """Each word in one form: the first reading that offers it counts, `delay` before `delay=`."""
    first = {item.text: item for item in reversed(found)}
    if len(first) < len(found):
        found = [item for item in found if first[item.text] is item]
    return [
        item
        for item in found
        if not (item.more and item.text[-1:] == "=" and item.text[:-1] in first)
    ]


class _Menu(NamedTuple):
    """What may stand at one place, for several ways to fit what was typed there."""

    states: Sequence[State]
    word: Lexeme | None
    span: tuple[int, int]
    view: View
    limit: int

    @property
    def text(self) -> str:
        return self.word.value if self.word else ""

    def entries(self, fit: Fit | None) -> list[Completion]:
        """Those that begin with the text, or that *fit* it otherwise."""
        reserved = {name for state in self.states for name, _ in keywords(state)}
        quoted = self.word is not None and self.word.quoted
        words = [] if quoted else _of_keywords(self.states, self.text, self.span, fit)
        found: list[Completion] = []
        for state in self.states:
            for edge in typed(state):
                kind = edge.type
                assert kind is not None  # typed() gives no keywords
                if fit is None and not self.text.startswith(edge.prefix):
                    found += _prefix(edge, kind, self.text, self.span)
                else:
                    some = self._candidates(state, edge, kind, fit)
                    found += completions(some, kind.style, self.span, reserved)
        # what a command is about comes before the ways to do it, a verb before all
        return [*found, *words] if self._about_resources else [*words, *found]

    @property
    def _about_resources(self) -> bool:
        kinds = [edge.type for state in self.states for edge in typed(state)]
        return any(kind is not None and kind.name in _RESOURCES for kind in kinds)

    def _candidates(
        self, state: State, edge: Edge, kind: ArgType, fit: Fit | None
    ) -> Iterable[Candidate]:
        # an argument that goes on in this word is completed as a whole
        head = f"{state.text} " if state.pending is not None else ""
        if not self.text.startswith(edge.prefix):
            return ()
        prefix = "" if head else edge.prefix
        text = head + self.text[len(prefix) :]
        if fit is None:
            found = kind.complete(self.view, state.env, text, self.limit)
        else:
            found = kind.similar(self.view, state.env, text, fit, MOST_SIMILAR)
        return _without(head, found) if head else behind(prefix, found)


def _without(head: str, found: Iterable[Candidate]) -> Iterable[Candidate]:
    """The candidates as words of their own, *head* being typed already."""
    for each in found:
        if each.text.startswith(head):
            note = each.note if isinstance(each.note, str) else each.note(each.text)
            yield Candidate(each.text[len(head) :], note, each.more)


def _prefix(edge: Edge, kind: ArgType, text: str, span: tuple[int, int]) -> list[Completion]:
    if not edge.prefix.startswith(text):
        return []
    return [Completion(edge.prefix, *span, edge.label, kind.help, kind.style, True)]


def _of_keywords(
    states: Sequence[State], text: str, span: tuple[int, int], fit: Fit | None
) -> list[Completion]:
    found = []
    for state in states:
        for name, edges in keywords(state):
            if name.startswith(text) if fit is None else fits(fit, text, name):
                command = edges[0].command
                summary = command.summary if command else ""
                style = "command" if command else "keyword"
                found.append(Completion(name, *span, name, summary, style))
    return found


def completions(
    found: Iterable[Candidate], style: str, span: tuple[int, int], reserved: Set[str] = frozenset()
) -> list[Completion]:
    """Candidates as completions; those that read like a keyword here are quoted."""
    start, end = span
    some = list(found)
    # one look at all of a menu costs a quarter of a look at each
    plain = _NEVER_QUOTED.fullmatch("".join([entry.text for entry in some])) is not None
    return [
        Completion(
            text if plain and text and text not in reserved else _written(text, reserved),
            start,
            end,
            text,
            note,
            style,
            more,
        )
        for text, note, more in some
    ]


def _written(text: str, reserved: Set[str]) -> str:
    if text in reserved:
        return quote_always(text)
    # where '>' is offered it is no redirection
    return text if text in (">", ">=") else quote(text)


def edges_of(states: Sequence[State], beginning: str) -> list[Edge]:
    """The edges of the one keyword that begins so; none where there are several."""
    full = completions_of(states, beginning)
    if len(full) != 1:
        return []
    return [edge for state in states for name, edges in keywords(state) if name == full[0]
            for edge in edges]  # fmt: skip


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
                kind, env = edge.type, state.env
                entry = Expected(
                    edge.label, kind.about(view, env), kind.style, kind.example(view, env)
                )
                found.setdefault(edge.label, entry)
    return list(found.values())
