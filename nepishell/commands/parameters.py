"""Param: values with names, and of what type they are: `param delay=20ms duration`.

A type is one of the language's quantities, or the values there are: `param cc=reno reno|cubic`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.core.units import parse_duration, parse_percent, parse_rate, parse_size
from nepishell.lang.errors import Bad
from nepishell.lang.registry import DESIGN, command, commands
from nepishell.lang.secrets import is_called_secret
from nepishell.lang.types.base import BaseType, Candidate, Env
from nepishell.lang.types.plain import IntType, NumberType
from nepishell.lang.view import StaticView, View
from nepishell.output.records import Records

COLUMNS = ("name", "value", "type")
#: The type of a parameter of which nothing is said: any text.
TEXT = "text"
CHOICE = "choice"
_NOTHING = StaticView()

_CHECKS: Mapping[str, Callable[[str], object]] = {
    "duration": parse_duration,
    "rate": parse_rate,
    "size": parse_size,
    "percent": parse_percent,
    "int": lambda text: IntType().parse(_NOTHING, {}, text),
    "float": lambda text: NumberType().parse(_NOTHING, {}, text),
    "bool": Attribute(Types.Bool).parse,
    TEXT: lambda text: text,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What values a parameter may have; *choices*: those there are, of a 'choice'."""

    name: str = TEXT
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "|".join(self.choices) if self.choices else self.name

    def check(self, key: str, value: str) -> None:
        """Raise BadValue when *value* is none for the parameter *key*."""
        if self.choices and value not in self.choices:
            near = did_you_mean(value, self.choices)
            raise BadValue(f"{key}: '{value}' is not one of {', '.join(self.choices)}{near}")
        try:
            if not self.choices:
                _CHECKS[self.name](value)
        except NepishellError as problem:
            raise BadValue(f"{key}: {problem}") from None


def read_kind(text: str) -> Kind:
    """The type that *text* names; raises BadValue."""
    if "|" not in text and "," not in text:
        if text not in _CHECKS:
            raise BadValue(
                f"'{text}' is not a type of parameters{did_you_mean(text, _CHECKS)}; types are "
                f"{', '.join(_CHECKS)}, or the values there are, as in a|b|c"
            )
        return Kind(text)
    choices = tuple(text.replace(",", "|").split("|"))
    if "" in choices:
        raise BadValue(f"'{text}': a value is missing; write them all, as in a|b|c")
    if len(set(choices)) < len(choices):
        raise BadValue(f"'{text}': a value is there twice")
    return Kind(CHOICE, choices)


def check_name(key: str) -> str:
    """*key*, when a parameter may be called so; raises BadValue."""
    if not key.replace("-", "_").replace(".", "_").isidentifier():
        raise BadValue(f"'{key}' is not a parameter's name; use letters, digits, '-', '_', '.'")
    return key


class Given(NamedTuple):
    """`name=value`, as typed after `param`."""

    name: str
    value: str


class GivenType(BaseType):
    """`delay=20ms`: a parameter and its value."""

    name, style, help, sample = "given", "string", "a name and its value: delay=20ms", "delay=20ms"
    rank = 60

    def parse(self, view: View, env: Env, text: str) -> Given:
        key, equals, value = text.partition("=")
        if not equals:
            raise Bad(f"'{text}' is not NAME=VALUE, as in delay=20ms", weak=True)
        return Given(check_name(key), value)

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def format(self, value: object, view: View | None, env: Env) -> str:
        return f"{value.name}={value.value}" if isinstance(value, Given) else str(value)

    def secret_from(self, view: View, env: Env, text: str) -> int | None:
        key, equals, _ = text.partition("=")
        return len(key) + 1 if equals and is_called_secret(key) else None


class KeyType(BaseType):
    """The name of a parameter; those there are complete."""

    name, style, help, sample = "key", "name", "the name of a parameter", "delay"
    rank = 61

    def parse(self, view: View, env: Env, text: str) -> str:
        try:
            return check_name(text)
        except NepishellError as problem:
            raise Bad(str(problem)) from None

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return (Candidate(each) for each in view.names("param").starting_with(prefix, limit))


class KindType(BaseType):
    """A type of parameters."""

    name, style, sample = "kind", "keyword", "duration"
    help = f"a type: {', '.join(_CHECKS)}, or the values there are, as in a|b|c"
    rank = 5

    def parse(self, view: View, env: Env, text: str) -> Kind:
        return read_kind(text)

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return (Candidate(name) for name in _CHECKS if name.startswith(prefix))


for _type in (GivenType, KeyType, KindType):
    commands.add_type(_type.name, _type)


@command(
    "param [(<setting:given> [<kind:kind>]|<key:key> [<default:text> [<kind:kind>]])]",
    effects=DESIGN,
    group="design",
    columns=COLUMNS,
)
def param(
    ctx: Context,
    *,
    setting: Given | None = None,
    key: str = "",
    default: str | None = None,
    kind: Kind | None = None,
) -> Records | Note:
    """Name a value: ${delay} in any line stands for it; `run --param delay=5ms` overrides it.

    With a type, a value that is none of it is refused: duration, rate, size, percent, int, float,
    bool, text, or the values there are.

    param delay=20ms duration
    param cc=reno reno|cubic|bbr
    set wire delay ${delay}
    """
    if setting is not None:
        key, default = setting
    if not key:
        rows = [(name, value, str(ctx.kinds.get(name, Kind())))
                for name, value in sorted(ctx.parameters.items())]  # fmt: skip
        return Records(COLUMNS, rows, "parameters")
    _declare(ctx, key, default, kind)
    if key not in ctx.parameters:
        raise UnknownName(f"no parameter '{key}'{did_you_mean(key, ctx.parameters)}")
    return note(f"{key} is {ctx.parameters[key]}", name=key, value=ctx.parameters[key])


def _declare(ctx: Context, key: str, default: str | None, kind: Kind | None) -> None:
    # of one that was taken back, the type is forgotten
    known = kind or (ctx.kinds.get(key) if key in ctx.declared else None) or Kind()
    if default is not None:
        known.check(key, default)
    ctx.kinds[key] = known
    ctx.declared.add(key)
    if key in ctx.fixed:
        known.check(f"--param {key}", ctx.parameters[key])
    if default is not None and key not in ctx.fixed:
        ctx.parameters[key] = default


def named_by(args: Mapping[str, Any]) -> str:
    """The parameter that a call of `param` with *args* gives a value; ''."""
    setting = args.get("setting")
    if isinstance(setting, Given):
        return setting.name
    return str(args["key"]) if "default" in args else ""
