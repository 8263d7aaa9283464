"""Types that a resource's declaration decides: rtype, attribute, value, assignment, trace.

`attr(x)`, `value(x,attr)`, `assignment(x)` and `trace(x)` see what `x` bound: an rtype, a guid
or a set of guids (then the first of them speaks for all).
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from nepishell.core.attributes import Attribute, Types, Value
from nepishell.core.errors import BadValue
from nepishell.core.states import ResourceState
from nepishell.lang.credentials import is_secret, refuse_mask
from nepishell.lang.errors import Bad
from nepishell.lang.names import LIMIT
from nepishell.lang.quantities import may_begin_quantity
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.types.names import KnownType
from nepishell.lang.types.quantities import (
    DurationType,
    PercentType,
    RateType,
    SizeType,
    with_units,
)
from nepishell.lang.types.resources import labels
from nepishell.lang.view import TypeInfo, View

NEW = ResourceState.NEW
#: Resources of a set that are asked whether they are deployed.
LOOKED_AT = 50


class RtypeType(KnownType):
    """A resource type."""

    style, rank = "rtype", 28

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(("rtype",))
        self.help = "a resource type, as in linux::Ping"

    def parse(self, view: View, env: Env, text: str) -> object:
        if view.info(text) is None:
            raise Bad(f"no resource type '{text}'", near=(text, lambda: view.names("rtype")))
        return text


class _Declared(BaseType):
    """Knows the declaration of what an earlier argument bound.

    *needs*: how many earlier arguments stand in its parentheses.
    """

    needs = 1

    def subject(self, view: View, env: Env) -> tuple[str, TypeInfo | None, int | None]:
        """(rtype, its declaration, guid if it is about a resource)."""
        value = env.get(self.deps[0]) if self.deps else None
        if isinstance(value, tuple):
            value = value[0] if value else None
        if isinstance(value, int):
            row = view.row(value)
            return (row.rtype, view.info(row.rtype), value) if row else ("", None, None)
        return str(value or ""), view.info(str(value or "")), None

    def attributes(self, view: View, env: Env) -> Mapping[str, Attribute]:
        info = self.subject(view, env)[1]
        return info.attributes if info else {}

    def attribute(self, view: View, env: Env, name: str, *, offset: int = 0) -> Attribute:
        """The attribute of that name; raises Bad."""
        known = self.attributes(view, env)
        if name not in known:
            message = f"{self.subject(view, env)[0]} has no attribute '{name}'"
            raise Bad(message, offset=offset, length=len(name), near=(name, lambda: known))
        return known[name]

    def settable(self, view: View, env: Env, prefix: str, limit: int) -> list[Candidate]:
        """Attributes that may be set now, required ones first."""
        never = ("never", "before deployment") if self._is_deployed(view, env) else ("never",)
        found = [
            attribute
            for name, attribute in self.attributes(view, env).items()
            if name.startswith(prefix) and attribute.when not in never
        ]
        found.sort(key=lambda attribute: (not attribute.required, attribute.name))
        note = partial(self._note, view, env)
        return [Candidate(entry.name, note) for entry in found[:limit]]

    def _is_deployed(self, view: View, env: Env) -> bool:
        """Whether the resource, or one of the first of a set, is past being described."""
        value = env.get(self.deps[0]) if self.deps else None
        guids = value[:LOOKED_AT] if isinstance(value, tuple) else (value,)
        rows = [view.row(guid) for guid in guids if isinstance(guid, int)]
        return any(row.state is not NEW or row.group for row in rows if row is not None)

    def _note(self, view: View, env: Env, name: str) -> str:
        """What is set now, and what may be."""
        _, info, guid = self.subject(view, env)
        attribute = info.attributes.get(name.removesuffix("=")) if info else None
        if attribute is None:
            return ""
        now = view.value(guid, attribute.name) if guid is not None else None
        shown = f"now {attribute.format(now)}, " if now is not None else ""
        return shown + describe(attribute)


def describe(attribute: Attribute) -> str:
    """Type, unit, range or choices, default and help in one line."""
    parts = [attribute.unit or attribute.type.name.lower()]
    if attribute.allowed:
        parts = ["|".join(map(str, attribute.allowed))]
    elif attribute.range:
        low, high = attribute.range
        ends = ["" if end is None else attribute.format(end) for end in (low, high)]
        parts.append("..".join(ends))
    if attribute.required:
        parts.append("required")
    if attribute.default is not None:
        parts.append(f"default {attribute.format(attribute.default)}")
    return " ".join([*parts, "-", attribute.help]) if attribute.help else " ".join(parts)


class AttrType(_Declared):
    """The name of an attribute of what an earlier argument bound: `attr(res)`.

    Those that may be set now are offered; any is taken: what sets it says why it cannot.
    """

    name, style, help = "attr", "attr", "an attribute"
    rank = 15

    def parse(self, view: View, env: Env, text: str) -> str:
        return self.attribute(view, env, text).name

    def partial(self, view: View, env: Env, text: str) -> bool:
        return any(name.startswith(text) for name in self.attributes(view, env))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return self.settable(view, env, prefix, limit)

    def example(self, view: View, env: Env) -> str:
        return next(iter(self.attributes(view, env)), "")


class FieldType(AttrType):
    """As attr, but all are offered: for looking at them."""

    name = "field"

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        known = sorted(name for name in self.attributes(view, env) if name.startswith(prefix))
        note = partial(self._note, view, env)
        return [Candidate(name, note) for name in known[:limit]]


class ValueType(_Declared):
    """A value of an attribute: `value(res,attr)`; bound in the attribute's own type."""

    name, style, help = "value", "value", "a value of the attribute"
    needs = 2
    rank = 65

    def _of(self, view: View, env: Env) -> Attribute:
        return self.attribute(view, env, str(env.get(self.deps[1], "")))

    def secret_from(self, view: View, env: Env, text: str) -> int | None:
        known = self.attributes(view, env)
        return 0 if is_secret(known, env.get(self.deps[1])) else None

    def about(self, view: View, env: Env) -> str:
        attribute = self.attributes(view, env).get(str(env.get(self.deps[1])))
        return describe(attribute) if attribute is not None else self.help

    def parse(self, view: View, env: Env, text: str) -> Value:
        attribute = self._of(view, env)
        refuse_mask(attribute, text)
        return attribute.parse(text)

    def partial(self, view: View, env: Env, text: str) -> bool:
        return value_may_begin(self._of(view, env), text)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        attribute = self._of(view, env)
        found = value_candidates(view, attribute, prefix, limit)
        guid = self.subject(view, env)[2]
        now = view.value(guid, attribute.name) if guid is not None else None
        text = attribute.format(now)
        if not text.startswith(prefix) or now is None or text in [each.text for each in found]:
            return found
        return [*found[:1], Candidate(text, "now"), *found[1:]][:limit]

    def format(self, value: object, view: View | None, env: Env) -> str:
        return _written(self._of(view, env) if view is not None else None, value)

    def example(self, view: View, env: Env) -> str:
        return next((found.text for found in self.complete(view, env, "", 1)), "")


class Assigned(NamedTuple):
    """name=value; a tuple of them makes a dict."""

    name: str
    value: Value


class AssignmentType(_Declared):
    """`name=value` for an attribute of what an earlier argument bound: `assignment(rtype)`."""

    name, style, help = "assignment", "assignment", "attribute=value"
    rank = 16

    def parse(self, view: View, env: Env, text: str) -> Assigned:
        name, equals, value = text.partition("=")
        if not equals:
            known = self.attributes(view, env)
            raise Bad(f"'{text}' is not name=value", near=(text, lambda: known), weak=True)
        attribute = self.attribute(view, env, name)
        refuse_mask(attribute, value)
        try:
            return Assigned(name, attribute.parse(value))
        except BadValue as problem:
            raise Bad(str(problem), offset=len(name) + 1, length=len(value)) from None

    def secret_from(self, view: View, env: Env, text: str) -> int | None:
        name, equals, _ = text.partition("=")
        secret = equals and is_secret(self.attributes(view, env), name)
        return len(name) + 1 if secret else None

    def kept(self, text: str) -> int:
        return text.find("=") + 1

    def partial(self, view: View, env: Env, text: str) -> bool:
        name, equals, value = text.partition("=")
        known = self.attributes(view, env)
        if not equals:
            return any(each.startswith(name) for each in known)
        return name in known and value_may_begin(known[name], value)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        name, equals, value = prefix.partition("=")
        if not equals:
            given = {each.name for each in _given(env)}
            return [
                Candidate(f"{found.text}=", found.note, more=True)
                for found in self.settable(view, env, name, limit)
                if found.text not in given
            ]
        attribute = self.attributes(view, env).get(name)
        if attribute is None:
            return []
        found = value_candidates(view, attribute, value, limit)
        return behind(f"{name}=", found)

    def format(self, value: object, view: View | None, env: Env) -> str:
        if not isinstance(value, Assigned):
            return str(value)
        attribute = self.attributes(view, env).get(value.name) if view is not None else None
        return f"{value.name}={_written(attribute, value.value)}"


def _given(env: Env) -> Iterable[Assigned]:
    for value in env.values():
        if isinstance(value, tuple) and not isinstance(value, Assigned):
            yield from (each for each in value if isinstance(each, Assigned))


class TraceType(_Declared):
    """A trace of what an earlier argument bound: `trace(res)`."""

    name, style, help = "trace", "trace", "a trace"
    rank = 17

    def _known(self, view: View, env: Env) -> dict[str, str]:
        info = self.subject(view, env)[1]
        return {trace.name: trace.help for trace in info.traces} if info else {}

    def parse(self, view: View, env: Env, text: str) -> str:
        known = self._known(view, env)
        if text not in known:
            rtype = self.subject(view, env)[0]
            raise Bad(f"{rtype} has no trace '{text}'", near=(text, lambda: known))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        known = self._known(view, env)
        return [Candidate(name, known[name]) for name in known if name.startswith(prefix)][:limit]

    def example(self, view: View, env: Env) -> str:
        return next(iter(self._known(view, env)), "")


def _written(attribute: Attribute | None, value: object) -> str:
    if attribute is not None and isinstance(value, str | int | float | None):
        return attribute.format(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def value_candidates(view: View, attribute: Attribute, prefix: str, limit: int) -> list[Candidate]:
    """Values worth offering: default first, then choices, or the resources that it may name."""
    default = "" if attribute.default is None else attribute.format(attribute.default)
    found = [Candidate(default, "default")] if default else []
    if attribute.allowed:
        known = [attribute.format(choice) for choice in attribute.allowed]
        found += [Candidate(text) for text in known if text != default]
    elif attribute.type is Types.Bool:
        found += [Candidate(text) for text in ("true", "false") if text != default]
    elif attribute.type in _UNITS and prefix:
        found += with_units(prefix, _UNITS[attribute.type])
    elif attribute.names:
        found += [each for each in named(view, attribute.names, prefix) if each.text != default]
    return [entry for entry in found if entry.text.startswith(prefix)][:limit]


def named(view: View, rtype: str, prefix: str) -> list[Candidate]:
    """Labels of resources of *rtype*, or of a type built on it."""
    found = []
    for candidate in labels(view, prefix, LIMIT):
        guid = view.find(candidate.text)
        row = view.row(guid) if guid is not None else None
        info = view.info(row.rtype) if row is not None else None
        if info is not None and rtype in info.rtypes:
            found.append(candidate)
    return found


_UNITS = {
    Types.Duration: DurationType.units,
    Types.Rate: RateType.units,
    Types.Size: SizeType.units,
    Types.Percent: PercentType.units,
}
_WORDS = ("true", "false", "yes", "no", "on", "off", "1", "0")
_MAY_BEGIN: dict[Types, Callable[[str], bool]] = {
    Types.String: lambda text: True,
    Types.Bool: lambda text: any(word.startswith(text.lower()) for word in _WORDS),
}


def value_may_begin(attribute: Attribute, text: str) -> bool:
    """Whether more letters could make *text* a value of *attribute*."""
    if attribute.allowed:
        return any(str(choice).startswith(text) for choice in attribute.allowed)
    return _MAY_BEGIN.get(attribute.type, may_begin_quantity)(text)
