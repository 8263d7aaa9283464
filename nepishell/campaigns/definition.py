"""What a campaign is: the recipe, what is varied, how often, and when it is enough.

Read from TOML that a person writes, or from a command line; written as TOML beside the results.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nepishell.campaigns.axes import Axes
from nepishell.core.errors import BadValue, NepishellError, did_you_mean
from nepishell.core.units import parse_duration

_NAME = re.compile(r"[\w][\w.+-]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
#: key of the file -> what it must be
_KEYS: dict[str, type | tuple[type, ...]] = {
    "recipe": str, "name": str, "repeat": int, "seed": int, "order": str, "tries": int,
    "timeout": (str, int, float), "metrics": list, "yes": bool, "recipe_hash": str,
    "product": dict, "zip": dict, "list": list, "random": dict, "stop": dict, "jobs": int,
}  # fmt: skip
ORDERS = ("shuffled", "given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When a point has runs enough: half the interval of *metric* is below *within* of its mean.

    Not before *least* runs, and in any case after *most*. *level*: of the interval.
    """

    metric: str
    within: float = 0.05
    least: int = 3
    most: int = 30
    level: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One campaign. *tries*: how often a run is begun whose process or machine is lost."""

    name: str
    recipe: Path
    recipe_hash: str = ""
    axes: Axes = field(default_factory=Axes)
    repeat: int = 1
    seed: int = 1
    order: str = "shuffled"
    tries: int = 3
    timeout_s: float | None = None
    metrics: tuple[str, ...] = ()
    yes: bool = False
    stop: Stop | None = None
    #: how many runs side by side its file asks for; who runs it may say otherwise
    jobs: int | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadValue(f"'{self.name}' cannot be the name of a campaign: letters, digits, -")
        for what, value in (("repeat", self.repeat), ("tries", self.tries), ("jobs", self.jobs)):
            if value is not None and value < 1:
                raise BadValue(f"{what} is {value}; it must be at least 1")
        if self.order not in ORDERS:
            raise BadValue(f"order is '{self.order}'; it is one of {', '.join(ORDERS)}")
        if self.stop is not None:
            _check_stop(self.stop)


def _check_stop(stop: Stop) -> None:
    if not 0 < stop.within < 1:
        raise BadValue(f"within is {stop.within:g}; write a part of the mean, as in 5%")
    if not 2 <= stop.least <= stop.most:
        raise BadValue(f"from {stop.least} to {stop.most} runs: an interval needs at least 2")
    if not 0.5 <= stop.level < 1:
        raise BadValue(f"level is {stop.level:g}; write a probability, as in 95%")


def read_definition(path: Path) -> Definition:
    """The campaign in a TOML file; raises NepishellError with the file and what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise NepishellError(f"{path}: not TOML: {str(problem).lower()}") from None
    except OSError as problem:
        raise NepishellError(f"{path}: cannot be read: {problem.strerror}") from None
    try:
        return from_mapping(data, path)
    except NepishellError as problem:
        raise NepishellError(f"{path}: {problem}") from None


def from_mapping(data: Mapping[str, Any], path: Path) -> Definition:
    """A definition from what a TOML file held; raises NepishellError."""
    _check_keys(data, _KEYS)
    if "recipe" not in data:
        raise NepishellError("no recipe; write a line like recipe = 'FILE.nepi'")
    chance = dict(data.get("random", {}))
    draws = chance.pop("draws", 0)
    if not isinstance(draws, int):
        raise BadValue(f"draws is {draws!r}; write a number, as in draws = 20")
    axes = Axes(
        product=_axis(data.get("product", {})),
        zipped=_axis(data.get("zip", {})),
        listed=tuple(_point(point) for point in data.get("list", [])),
        chance=_axis(chance),
        draws=draws,
    )
    timeout = data.get("timeout")
    beside = path.parent / data["recipe"]
    return Definition(
        name=data.get("name", path.stem),
        recipe=beside if beside.exists() else Path(data["recipe"]),
        recipe_hash=data.get("recipe_hash", ""),
        axes=axes,
        timeout_s=None if timeout is None else parse_duration(timeout),
        metrics=tuple(map(str, data.get("metrics", ()))),
        stop=_stop(data["stop"]) if "stop" in data else None,
        **{key: data[key] for key in ("repeat", "seed", "order", "tries", "yes", "jobs")
           if key in data},
    )  # fmt: skip


def _check_keys(data: Mapping[str, Any], known: Mapping[str, type | tuple[type, ...]]) -> None:
    for key, value in data.items():
        if key not in known:
            raise NepishellError(
                f"no key '{key}'{did_you_mean(key, known) or '; keys are ' + ', '.join(known)}"
            )
        wanted = known[key]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            one = wanted if isinstance(wanted, type) else wanted[0]
            names = {str: "text", int: "a number", list: "a list", dict: "a table", bool: "true",
                     float: "a number"}  # fmt: skip
            raise BadValue(f"{key} is {value!r}; it must be {names[one]}")


def _axis(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(map(text_of, values if isinstance(values, list) else [values]))
        for name, values in table.items()
    }


def _point(table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise BadValue("list holds points; write each as [[list]] with a line per parameter")
    return {name: text_of(value) for name, value in table.items()}


def text_of(value: object) -> str:
    """A value of TOML as a recipe takes it; raises BadValue for a list or a table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise BadValue(f"{value!r} is not one value; write text, a number, true or false")
    return str(value)


def share(value: object) -> float:
    """A part of the whole from '5%' or 0.05; raises BadValue."""
    text = str(value).strip()
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise BadValue(f"'{text}' is not a part; write it as in 5% or 0.05") from None


def _stop(table: Mapping[str, Any]) -> Stop:
    known: dict[str, type | tuple[type, ...]] = {
        "metric": str, "within": (str, float), "min": int, "max": int, "level": (str, float)
    }  # fmt: skip
    _check_keys(table, known)
    if "metric" not in table:
        raise NepishellError('stop names no metric; write metric = "probe.rtt.avg"')
    names = {"min": "least", "max": "most"}
    given: dict[str, Any] = {names.get(key, key): value for key, value in table.items()}
    for key in ("within", "level"):
        if key in given:
            given[key] = share(given[key])
    return Stop(**given)


# -- written ------------------------------------------------------------------------------------


def to_toml(definition: Definition) -> str:
    """The definition as TOML that read_definition() reads."""
    axes = definition.axes
    lines = ["# a campaign of nepishell; what was run is in runs/, this says what there is to run"]
    top = {
        "name": definition.name, "recipe": str(definition.recipe),
        "recipe_hash": definition.recipe_hash, "repeat": definition.repeat,
        "seed": definition.seed, "order": definition.order, "tries": definition.tries,
        "metrics": list(definition.metrics), "yes": definition.yes, "jobs": definition.jobs,
        "timeout": definition.timeout_s,
    }  # fmt: skip
    lines += _table("", top)
    lines += _table("[product]", axes.product) + _table("[zip]", axes.zipped)
    if axes.chance:
        lines += _table("[random]", {"draws": axes.draws, **axes.chance})
    for point in axes.listed:
        lines += _table("[[list]]", point)
    if definition.stop is not None:
        stop = {each.name: getattr(definition.stop, each.name) for each in fields(Stop)}
        stop["min"], stop["max"] = stop.pop("least"), stop.pop("most")
        lines += _table("[stop]", stop)
    return "\n".join(lines) + "\n"


def _table(head: str, values: Mapping[str, object]) -> list[str]:
    rows = [f"{_key(name)} = {_value(value)}" for name, value in values.items()
            if value is not None]  # fmt: skip
    return ([*(["", head] if head else []), *rows]) if rows else []


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    # the strings, numbers and truths of JSON are those of TOML, but for this character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
