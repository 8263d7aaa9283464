"""Types that name resources: one, a set, a number that one reports."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState, parse_state
from nepishell.lang import selection
from nepishell.lang.errors import Bad
from nepishell.lang.folding import fold_in_order, spell
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.view import View


def describe(view: View, name: str) -> str:
    """What the menu shows beside a resource, named by label or number."""
    guid = view.find(name)
    row = view.row(int(name) if guid is None else guid)
    return f"#{row.guid} {row.rtype} {row.state.name}" if row else ""


def labels(view: View, prefix: str, limit: int) -> list[Candidate]:
    """Labels that begin with *prefix*."""
    note = partial(describe, view)
    return [Candidate(name, note) for name in view.names("label").starting_with(prefix, limit)]


def guids(view: View, prefix: str, limit: int) -> list[Candidate]:
    """Guids whose digits begin with *prefix*; without digits only those that have no label."""
    if prefix and not prefix.isdecimal():
        return []
    note = partial(describe, view)
    if prefix:
        return [Candidate(text, note) for text in view.names("guid").starting_with(prefix, limit)]
    rows = [row for guid in view.guids()[: max(0, limit)] if (row := view.row(guid)) is not None]
    return [Candidate(str(row.guid), note) for row in rows if not row.label]


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

    def format(self, value: object, view: View | None, env: Env) -> str:
        row = view.row(value) if view is not None and isinstance(value, int) else None
        return row.label if row and row.label else str(value)

    def example(self, view: View, env: Env) -> str:
        return next(iter(view.names("label")), "") or next(map(str, view.guids()), "")


class LabelType(GuidType):
    """As guid, but only labels are offered: for a resource in the place of a verb."""

    name, help = "label", "the label of a resource"
    rank = 30

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
        if before and not _may_stand(before, view):
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
        if self._first and not last:
            # a stable sort: among those in the state, and among the others, names stay in order
            found.sort(key=lambda entry: not self._is_first(view, entry.text))
        return behind(head, found)

    def _is_first(self, view: View, name: str) -> bool:
        guid = view.find(name)
        row = view.row(guid) if guid is not None else None
        return row is not None and row.state in self._first

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
        guid, path = _owner(view, text)
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
        guid, _ = _owner(view, f"{text}x")
        return guid is not None and not view.metrics(guid)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        guid, path = _owner(view, f"{prefix}x")
        if guid is not None:
            begin = prefix[: len(prefix) - len(path) + 1]
            known = [name for name in view.metrics(guid) if name.startswith(path[:-1])]
            yield from (Candidate(begin + name) for name in known[:limit])
        owners = labels(view, prefix, limit)
        owners += guids(view, prefix, limit - len(owners)) if prefix else []
        for name, note, _ in owners:
            yield Candidate(f"{name}.", note if isinstance(note, str) else note(name), more=True)

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


def _owner(view: View, text: str) -> tuple[int | None, str]:
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
