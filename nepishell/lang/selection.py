"""Sets of resources as people write them, and back.

    3   3-7   web   web[1-20]   web*   linux::Node   linux::*   @FAILED   %g2   all
    a,b is both; ,-a takes a away again (all,-web3; -web3 alone means all,-web3)

parse() reads, resolve() finds the guids in a view.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import NamedTuple

from nepishell.core.states import parse_state
from nepishell.lang.errors import Bad
from nepishell.lang.folding import MOST, fold, natural, spell, unfold
from nepishell.lang.view import View


class Empty(Bad):
    """A set that is written well and has no member now."""


class Term(NamedTuple):
    """One part of a set: *text* without the '-', where it stands, and whether it is taken away."""

    text: str
    offset: int
    minus: bool = False


_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_RANGE = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
_PLAIN = re.compile(r"[^*?\[]*")
_GROUP = re.compile(r"%g?(\d{1,18})", re.ASCII)


def parse(text: str) -> list[Term]:
    """The terms of a set; raises Bad for an empty one or a bracket that is not closed."""
    terms: list[Term] = []
    for part, offset in _commas(text):
        minus = part.startswith("-")
        if not part.removeprefix("-"):
            raise Bad(f"'{text}': a name is missing", offset=offset, length=1)
        terms.append(Term(part[minus:], offset + minus, minus))
    return terms


def _commas(text: str) -> Iterator[tuple[str, int]]:
    start, depth = 0, 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            yield text[start:at], start
            start = at + 1
    if depth > 0:
        raise Bad(f"'{text}': '[' is not closed", offset=text.rindex("["), length=1)
    yield text[start:], start


def resolve(text: str, view: View) -> tuple[int, ...]:
    """Guids of the set, each once, in the order named; raises Bad with what did not match."""
    labelled = view.find(text)
    if labelled is not None and text != "all":
        return (labelled,)
    terms = parse(text)
    if len(terms) == 1 and not terms[0].minus:
        # nothing to unite: "all" of a hundred thousand is not copied
        return tuple(_found(terms[0], view))
    first = view.guids() if terms[0].minus else _found(terms[0], view)
    chosen = dict.fromkeys(first)
    for term in terms if terms[0].minus else terms[1:]:
        found = _found(term, view)
        if term.minus:
            for guid in found:
                chosen.pop(guid, None)
        else:
            chosen.update(dict.fromkeys(found))
    if not chosen:
        raise Empty(f"'{text}' leaves no resource")
    return tuple(chosen)


def _found(term: Term, view: View) -> Sequence[int]:
    try:
        return _members(term.text, view)
    except Bad as problem:
        problem.offset += term.offset
        problem.length = problem.length or len(term.text)
        raise


def guid_of(text: str) -> int | None:
    """The number that *text* is, or None; no number of so many digits is a guid."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _members(text: str, view: View) -> Sequence[int]:
    for looks, find in _FORMS:
        if looks(text):
            if find in (_all, _number, _range):
                return find(text, view)
            found: Sequence[int] = view.recall(("set", text), partial(find, text, view))
            return found
    return [_label(text, view)]


def _all(text: str, view: View) -> Sequence[int]:
    if not view.guids():
        raise Empty("there are no resources yet")
    return view.guids()


def _number(text: str, view: View) -> Sequence[int]:
    if view.row(int(text)) is None:
        raise Bad(f"no resource {text}{_known(view)}")
    return [int(text)]


def _known(view: View) -> str:
    guids = view.guids()
    if not guids:
        return "; there are no resources yet"
    return f"; known: {spell(guids)}" if len(guids) <= 50 else ""


def _range(text: str, view: View) -> Sequence[int]:
    first, last = (int(number) for number in text.split("-"))
    if last < first:
        raise Bad(f"'{text}' is empty; write the smaller number first")
    if last - first >= MOST:
        raise Bad(f"'{text}' is longer than {MOST}")
    guids = view.guids()
    there = guids[bisect_left(guids, first) : bisect_right(guids, last)]
    if len(there) <= last - first:
        missing = sorted({*range(first, last + 1)}.difference(there))
        raise Bad(f"no resource {spell(missing[:50])}")
    return there


def _bracket(text: str, view: View) -> Sequence[int]:
    names = unfold(text)
    missing = [name for name in names if view.find(name) is None]
    if len(missing) == len(names):
        near = (names[0], lambda: view.names("label").near(names[0]))
        raise Bad(f"no resource '{text}'", near=near)
    if missing:
        raise Bad(f"no resource '{fold(missing)}'")
    return [guid for name in names if (guid := view.find(name)) is not None]


def _state(text: str, view: View) -> Sequence[int]:
    state = parse_state(text[1:])
    found = view.having(state=state)
    if not found:
        raise Empty(f"no resource is {state.name}")
    return found


def _group(text: str, view: View) -> Sequence[int]:
    found = _GROUP.fullmatch(text)
    if found is None:
        raise Bad(f"'{text}' is not a group; write %g and its number, as in %g2")
    number = int(found[1])
    members = view.having(group=number)
    if not members:
        raise Bad(f"no group {number}", near=(str(number), lambda: view.names("group")))
    return members


def _rtype(text: str, view: View) -> Sequence[int]:
    known = [name for name in view.names("rtype") if fnmatchcase(name, text)]
    if not known:
        raise Bad(f"no resource type '{text}'", near=(text, lambda: view.names("rtype")))
    found = view.having(rtypes=known)
    if not found:
        raise Empty(f"no resource of type '{text}'")
    return found


def _glob(text: str, view: View) -> Sequence[int]:
    labels = view.names("label")
    # the letters before the first wildcard: of very many names few begin so
    begin = _PLAIN.match(text)
    near = labels.starting_with(begin.group() if begin else "", len(labels))
    names = [name for name in near if fnmatchcase(name, text)]
    if not names:
        raise Bad(f"no label matches '{text}'")
    return [guid for name in sorted(names, key=natural) if (guid := view.find(name)) is not None]


def _label(text: str, view: View) -> int:
    guid = view.find(text)
    if guid is None:
        near = (text, lambda: view.names("label").near(text))
        raise Bad(f"no resource '{text}'", near=near)
    return guid


#: In this order: the first whose test says yes finds the members; a plain word is a label.
_FORMS: tuple[tuple[Callable[[str], object], Callable[[str, View], Sequence[int]]], ...] = (
    (lambda text: text == "all", _all),
    (_NUMBER.fullmatch, _number),
    (_RANGE.fullmatch, _range),
    (lambda text: text.startswith("@"), _state),
    (lambda text: text.startswith("%"), _group),
    (lambda text: "::" in text, _rtype),
    (lambda text: "[" in text, _bracket),
    (lambda text: "*" in text or "?" in text, _glob),
)
