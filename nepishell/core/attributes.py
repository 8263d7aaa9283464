"""What can be set on a resource: name, type, unit, default, range or choices, when, help.

Declared as `count = Attribute(int, min=1, help="...")` in a class body, or the NEPI way as
`Attribute("count", "...", type=Types.Integer)` (NEPI section 5). Unlike NEPI's, every value is
checked against its type, and Integer stays an integer (bug B26).
"""

from collections.abc import Callable, Sequence
from enum import IntFlag, StrEnum
from typing import Any

from nepishell.core.errors import BadValue, did_you_mean
from nepishell.core.units import (
    format_duration,
    format_percent,
    format_rate,
    format_size,
    parse_duration,
    parse_percent,
    parse_rate,
    parse_size,
)

Value = str | bool | int | float | None


class Types(StrEnum):
    """The type of a value. The last four are numbers that are written with a unit."""

    String = "STRING"
    Bool = "BOOL"
    Enumerate = "ENUM"
    Double = "DOUBLE"
    Integer = "INTEGER"
    Duration = "DURATION"  # float, seconds
    Rate = "RATE"  # float, bit/s
    Size = "SIZE"  # int, bytes
    Percent = "PERCENT"  # float, 0 to 100


class Flags(IntFlag):
    """When an attribute may be read or written, and what it is for (NEPI's numbers)."""

    NoRead = 1
    NoWrite = 2
    Design = 4
    Construct = 8
    Credential = 16 | 4
    Filter = 32 | 4
    Reserved = 64
    Global = 128


_OF_PYTHON = {str: Types.String, bool: Types.Bool, int: Types.Integer, float: Types.Double}
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


def _parse_bool(text: object) -> bool:
    if isinstance(text, bool):
        return text
    word = str(text).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue(f"'{text}' is not a boolean; write true or false")


def _parse_integer(text: object) -> int:
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    try:
        if isinstance(text, float) and text == int(text):
            return int(text)
        if isinstance(text, str):
            return int(text.strip())
    except (ValueError, OverflowError):
        pass
    raise BadValue(f"'{text}' is not an integer; write digits, as in 42")


def _parse_double(text: object) -> float:
    if isinstance(text, int | float | str) and not isinstance(text, bool):
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if abs(value) != float("inf") and value == value:
            return value
    raise BadValue(f"'{text}' is not a number; write digits, as in 0.5")


def _parse_string(text: object) -> str:
    if isinstance(text, str):
        return text
    raise BadValue(f"{text!r} is not a string; write it in quotes")


_PARSE: dict[Types, Callable[[Any], Value]] = {
    Types.String: _parse_string,
    Types.Enumerate: str,
    Types.Bool: _parse_bool,
    Types.Integer: _parse_integer,
    Types.Double: _parse_double,
    Types.Duration: parse_duration,
    Types.Rate: parse_rate,
    Types.Size: parse_size,
    Types.Percent: parse_percent,
}
_FORMAT: dict[Types, Callable[[Any], str]] = {
    Types.Bool: lambda value: "true" if value else "false",
    Types.Duration: format_duration,
    Types.Rate: format_rate,
    Types.Size: format_size,
    Types.Percent: format_percent,
}


class Attribute:
    """One settable property of a resource type: its declaration, shared by all instances.

    As a class attribute of a ResourceManager it reads the instance's value: `self.count`.
    """

    __slots__ = (
        "allowed", "default", "flags", "help", "max", "min", "name", "names", "required",
        "set_hook", "type", "unit",
    )  # fmt: skip

    def __init__(
        self,
        name_or_type: "str | type | Types" = str,
        help: str = "",  # noqa: A002 - NEPI's parameter name
        type: "Types | type" = Types.String,  # noqa: A002 - NEPI's parameter name
        flags: Flags | int | None = None,
        default: Value = None,
        allowed: Sequence[Value] | None = None,
        range: tuple[float, float] | None = None,  # noqa: A002 - NEPI's parameter name
        set_hook: Callable[[Value, Value], Value] | None = None,
        *,
        min: float | None = None,  # noqa: A002 - the word of the field
        max: float | None = None,  # noqa: A002 - the word of the field
        choices: Sequence[Value] | None = None,
        required: bool = False,
        live: bool = False,
        unit: str = "",
        names: str = "",
    ) -> None:
        """Declare an attribute.

        *name_or_type*: a type (declared form; the class body gives the name; may be set before
        deployment only, unless *live*) or a name (NEPI's form; always settable without *flags*).
        *min*, *max*: inclusive bounds in the type's base unit. *choices*: the only legal values.
        *required*: deployment is refused while it has no value. *unit*: shown to people.
        *names*: the rtype of the resources whose labels are offered as values.
        """
        # StrEnum members are strings: ask for Types first
        declared = isinstance(name_or_type, Types) or not isinstance(name_or_type, str)
        self.name = "" if declared else str(name_or_type)
        chosen: Any = name_or_type if declared else type
        self.type: Types = _OF_PYTHON.get(chosen, chosen)
        self.allowed = tuple(choices or allowed or ())
        if self.allowed and self.type is Types.String:
            self.type = Types.Enumerate
        self.help = help
        if flags is None:
            flags = Flags.Design if declared and not live else Flags(0)
        self.flags = Flags(flags)
        self.min, self.max = range if range else (min, max)
        self.required = required
        self.unit = unit
        self.names = names
        self.set_hook = set_hook
        self.default = default if default is None else self.parse(default)

    def __set_name__(self, owner: "type", name: str) -> None:
        # a trailing underscore dodges a Python keyword or a method: `type_` declares 'type'
        self.name = self.name or name.removesuffix("_")

    def __get__(self, instance: Any, owner: "type | None" = None) -> Any:
        return self if instance is None else instance.get(self.name)

    def __set__(self, instance: Any, value: object) -> None:
        instance.set(self.name, value)

    def __repr__(self) -> str:
        return f"Attribute({self.name!r}, {self.type.name}, default={self.default!r})"

    def has_flag(self, flag: Flags | int) -> bool:
        """Whether all bits of *flag* are set."""
        # what an enumeration makes of `&` costs ten times as much
        return int.__and__(self.flags, flag) == flag

    @property
    def range(self) -> tuple[float | None, float | None] | None:
        """(min, max), or None when neither is declared."""
        return None if self.min is None and self.max is None else (self.min, self.max)

    @property
    def when(self) -> str:
        """When a user may set it: 'before deployment', 'always' or 'never'."""
        if self.has_flag(Flags.NoWrite):
            return "never"
        return "before deployment" if self.has_flag(Flags.Design) else "always"

    def parse(self, value: object) -> Value:
        """The checked value from what a user or script gave; None clears it. Raises BadValue."""
        if value is None:
            return None
        if not self.has_flag(Flags.Credential):
            return self._parse(value)
        try:
            return self._parse(value)
        except BadValue:
            # the message would quote the secret
            rule = "; ".join(filter(None, [self.type.name.lower(), self.help]))
            raise BadValue(f"{self.name}: not a value that it can have ({rule})") from None

    def _parse(self, value: object) -> Value:
        try:
            parsed = _PARSE[self.type](value)
        except BadValue as problem:
            raise BadValue(f"{self.name}: {problem}" if self.name else str(problem)) from None
        self._check_bounds(value, parsed)
        return parsed

    def _check_bounds(self, given: object, parsed: Value) -> None:
        if self.allowed:
            if parsed not in self.allowed:
                known = [str(choice) for choice in self.allowed]
                raise BadValue(
                    f"{self.name}: '{given}' is not one of {', '.join(known)}"
                    f"{did_you_mean(str(given), known)}"
                )
            return
        if isinstance(parsed, str | bool | None):
            return
        if self.min is not None and parsed < self.min:
            raise BadValue(f"{self.name}: '{given}' is less than {self.format(self.min)}")
        if self.max is not None and parsed > self.max:
            raise BadValue(f"{self.name}: '{given}' is more than {self.format(self.max)}")

    def is_valid_value(self, value: object) -> bool:
        """Whether parse() would accept *value* (NEPI's question)."""
        try:
            self.parse(value)
        except BadValue:
            return False
        return True

    def format(self, value: Value) -> str:
        """The text a person would write for *value*; the inverse of parse; '' for None."""
        if value is None:
            return ""
        return _FORMAT.get(self.type, str)(value)
