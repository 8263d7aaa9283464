"""Types that name resources: one, a set, a number that one reports."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState, parse_state
from nepishell.lang import selection
from nepishell.lang.errors import Bad
from nepishell.lang.folding import fold_in_order, spell
from nepishell.lang.names import Fit
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.view import View

#: Labels among which those in a wanted state are looked for.
LOOKED_AT = 300


def describe(view: View, name: str) -> str:
    """What the menu shows beside a resource, named by label or number."""
    guid = view.find(name)
    row = view.row(int(name) if guid is None else guid)
    return f"#{row.guid} {row.rtype} {row.state.name}" if row else ""


def labels(view: View, prefix: str, limit: int) -> list[Candidate]:
    """Labels that begin with *prefix*."""
    note = partial(describe, view)
    return [Candidate(name, note) for name in view.names("label").starting_with(prefix, limit)]


def fitting(view: View, fit: Fit, typed: str, limit: int) -> list[Candidate]:
    """Labels that fit what was typed but do not begin with it."""
    note = partial(describe, view)
    return [Candidate(name, note) for name in view.names("label").fitting(fit, typed, limit)]


def guids(view: View, prefix: str, limit: int) -> list[Candidate]:
    """Guids whose digits begin with *prefix*; without digits only those that have no label."""
    if prefix and selection.guid_of(prefix) is None:
        return []
    note = partial(describe, view)
    if prefix:
        return [Candidate(str(guid), note) for guid in _beginning(view.guids(), prefix, limit)]
    if len(view.names("label")) == len(view.guids()):
        return []
    rows = [row for guid in view.guids()[: max(0, limit)] if (row := view.row(guid)) is not None]
    return [Candidate(str(row.guid), note) for row in rows if not row.label]


def _beginning(known: Sequence[int], digits: str, limit: int) -> list[int]:
    """Numbers of *known*, ascending, that are written with *digits* first."""
    found: list[int] = []
    low, high = int(digits), int(digits)
    # 12, then 120 to 129, then 1200 to 1299
    while digits[0] != "0" and known and low <= known[-1] and len(found) < limit:
        at = bisect_left(known, low)
        found += known[at : min(bisect_right(known, high), at + limit)]
        low, high = low * 10, high * 10 + 9
    return found[: max(0, limit)]


class GuidType(BaseType):
    """One resource, by number or label; bound as its guid."""

    name, style, help = "guid", "guid", "a resource: its number or label"
    rank = 31

    def parse(self, view: View, env: Env, text: str) -> int:
        if selection.guid_of(text) is not None:
            return selection.resolve(text, view)[0]
        guid = view.find(text)
        if guid is None:
            near = (text, lambda: view.names("label").near(text))
            raise Bad(f"no resource '{text}'", near=near)
        return guid

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        found = labels(view, prefix, limit)
        return [*found, *guids(view, prefix, limit - len(found))]

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        return fitting(view, fit, text, limit)

    def format(self, value: object, view: View | None, env: Env) -> str:
        row = view.row(value) if view is not None and isinstance(value, int) else None
        return row.label if row and row.label else str(value)

    def example(self, view: View, env: Env) -> str:
        return next(iter(view.names("label")), "") or next(map(str, view.guids()), "")


class LabelType(GuidType):
    """As guid, but only labels are offered: for a resource in the place of a verb."""

    name, help = "label", "the label of a resource"
    rank = 30

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        return ()  # a mistyped verb is meant to be a verb

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return labels(view, prefix, limit)


class GuidsType(BaseType):
    """A set of resources (see lang.selection); bound as a tuple of guids, in the order named.

    `guids(STARTED)` offers those in that state first.
    """

    name, style = "guids", "guid"
    help = "resources: 3, 3-7, web, web[1-8], linux::*, @FAILED, %g2, all, a,b, all,-a"
    rank = 32

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(deps)
        # a tuple: to hash an Enum costs more than to compare two
        self._first = tuple(parse_state(name) for name in deps)

    def parse(self, view: View, env: Env, text: str) -> tuple[int, ...]:
        return selection.resolve(text, view)

    def partial(self, view: View, env: Env, text: str) -> bool:
        head, last = _last_term(text)
        before = head.rstrip("-").rstrip(",")
        if before and not view.recall(("may stand", before), partial(_may_stand, before, view)):
            return False
        if "[" in last and "]" not in last:
            return _bracket_may_begin(view, last)
        return last == "" or self._begins(view, env, last) or _may_stand(last, view)

    def _begins(self, view: View, env: Env, last: str) -> bool:
        first, dash, second = last.partition("-")
        number = selection.guid_of(first)
        if dash and number is not None and (not second or selection.guid_of(second) is not None):
            return view.row(number) is not None
        return any(True for _ in self._terms(view, last, 1))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        head, last = _last_term(prefix)
        found = self._terms(view, last, limit)
        if head:
            found = [entry for entry in found if entry.text != "all"]
        if self._first:
            found = self._in_order(view, last, found, limit)
        return behind(head, found)

    def kept(self, text: str) -> int:
        return len(_last_term(text)[0])

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        head, last = _last_term(text)
        return behind(head, fitting(view, fit, last, limit))

    def _in_order(
        self, view: View, prefix: str, found: list[Candidate], limit: int
    ) -> list[Candidate]:
        """First those in the wanted states, then the others, each in the order of names."""
        some = view.names("label").starting_with(prefix, LOOKED_AT)
        states = self._first
        note = partial(describe, view)
        first = [
            Candidate(name, note)
            for name in some
            if (guid := view.find(name)) is not None and view.state(guid) in states
        ][:limit]
        chosen = {entry.text for entry in first}
        return [*first, *(entry for entry in found if entry.text not in chosen)][:limit]

    def _terms(self, view: View, prefix: str, limit: int) -> list[Candidate]:
        found = labels(view, prefix, limit)
        found += guids(view, prefix, limit - len(found))
        if "all".startswith(prefix) and view.guids():
            found.append(Candidate("all", f"{len(view.guids())} resources"))
        if prefix.startswith("@"):
            states = (s.name for s in ResourceState if s.name.startswith(prefix[1:].upper()))
            found += [Candidate(f"@{name}", "in this state") for name in states]
        if prefix.startswith("%"):
            digits = prefix.removeprefix("%").removeprefix("g")
            numbers = view.names("group").starting_with(digits, limit)
            found += [Candidate(f"%g{number}", "deployment group") for number in numbers]
        if prefix:
            rtypes = view.names("used rtype").starting_with(prefix, limit)
            found += [Candidate(name, "all of this type") for name in rtypes]
        return found

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, tuple):
            return str(value)
        rows = [view.row(guid) if view is not None else None for guid in value]
        if rows and all(row is not None and row.label for row in rows):
            return fold_in_order([row.label for row in rows if row is not None])
        return spell(value)

    def example(self, view: View, env: Env) -> str:
        return "all" if view.guids() else ""


def _last_term(text: str) -> tuple[str, str]:
    """(what stands before the last term, with its comma and minus; the last term)."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            start = at + 1
    if text[start : start + 1] == "-":
        start += 1
    return text[:start], text[start:]


def _bracket_may_begin(view: View, text: str) -> bool:
    stem, _, inside = text.partition("[")
    return set(inside) <= set("0123456789,-") and bool(view.names("label").starting_with(stem, 1))


def _may_stand(text: str, view: View) -> bool:
    """Whether it is a good set, if only one that is empty until more is added."""
    try:
        selection.resolve(text, view)
    except selection.Empty:
        return True
    except NepishellError:
        return False
    return True


class Metric(NamedTuple):
    """A number that a resource reports: *path* is 'rtt.avg' in `probe.rtt.avg`."""

    guid: int
    path: str


class MetricType(BaseType):
    """`label.path`, as in probe.rtt.avg; labels may have dots, the longest that exists wins."""

    name, style, help = "metric", "attr", "a number that a resource reports, as in probe.rtt.avg"
    rank = 35

    def parse(self, view: View, env: Env, text: str) -> Metric:
        guid, path = owner_of(view, text)
        if guid is None:
            if view.find(text) is not None:
                raise Bad(f"'{text}' is a resource; add what it reports, as in {text}.rtt.avg")
            first = text.partition(".")[0]
            near = (first, lambda: view.names("label").near(first))
            raise Bad(f"'{text}' begins with no label", length=len(first), near=near)
        known = view.metrics(guid)
        if known and path not in known:
            message = f"'{text}': resource {guid} reports no '{path}'"
            raise Bad(message, offset=len(text) - len(path), near=(path, lambda: known))
        return Metric(guid, path)

    def partial(self, view: View, env: Env, text: str) -> bool:
        if any(True for _ in self.complete(view, env, text, 1)):
            return True
        guid, _ = owner_of(view, f"{text}x")
        return guid is not None and not view.metrics(guid)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        guid, path = owner_of(view, f"{prefix}x")
        if guid is not None:
            begin = prefix[: len(prefix) - len(path) + 1]
            known = [name for name in view.metrics(guid) if name.startswith(path[:-1])]
            yield from (Candidate(begin + name) for name in known[:limit])
        owners = labels(view, prefix, limit)
        owners += guids(view, prefix, limit - len(owners)) if prefix else []
        for name, _, _ in owners:
            yield Candidate(f"{name}.", partial(_describe_owner, view), more=True)

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        note = partial(_describe_owner, view)
        found = view.names("label").fitting(fit, text, limit)
        return [Candidate(f"{name}.", note, more=True) for name in found]

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, Metric):
            return str(value)
        row = view.row(value.guid) if view is not None else None
        return f"{row.label if row and row.label else value.guid}.{value.path}"

    def example(self, view: View, env: Env) -> str:
        for label in view.names("label"):
            guid = view.find(label)
            for metric in view.metrics(guid) if guid is not None else ():
                return f"{label}.{metric}"
        return ""


def _describe_owner(view: View, text: str) -> str:
    return describe(view, text.removesuffix("."))


def owner_of(view: View, text: str) -> tuple[int | None, str]:
    """(guid, path) of `label.path`; the longest label that exists wins. (None, '') for none."""
    parts = text.split(".")
    for length in range(len(parts) - 1, 0, -1):
        owner, path = ".".join(parts[:length]), ".".join(parts[length:])
        guid = view.find(owner)
        number = selection.guid_of(owner)
        if guid is None and number is not None and view.row(number) is not None:
            guid = number
        if guid is not None and path:
            return guid, path
    return None, text
