"""The tables of lab.toml with the place of each key: an error says where, and what instead.

lab.toml:12:1: no check of kind 'reech'; did you mean 'reach'?
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.core.units import parse_duration
from nepishell.labs.files import MANIFEST, LabError
from nepishell.labs.toml_places import Path, Places
from nepishell.replay.recipe import caret_under

_AT = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_NAMES = {str: "a text in quotes", bool: "true or false", int: "a number", float: "a number",
          list: "a list", dict: "a table"}  # fmt: skip


class Table:
    """One table of the file: its values by key, typed or refused."""

    def __init__(
        self, values: Mapping[str, Any], path: Path, places: Places, file: str = MANIFEST
    ) -> None:
        self.values = values
        self._path = path
        self._places = places
        self._file = file

    @property
    def line(self) -> int:
        """Where it begins."""
        return self._places.of(self._path).line

    def wrong(self, message: str, key: str = "") -> LabError:
        """The error *message*, about a key or all of it."""
        spot = self._places.of((*self._path, key) if key else self._path)
        lines = self._places.lines
        shown = caret_under(lines[spot.line - 1], spot.column, len(key) or 1) if lines else ""
        return LabError(f"{self._file}:{spot.line}:{spot.column}: {message}", shown)

    def only(self, keys: Iterable[str], what: str) -> None:
        """Raise LabError for a key that is none of *keys*."""
        known = list(keys)
        for key in self.values:
            if key not in known:
                hint = did_you_mean(key, known) or f"; there are {', '.join(known)}"
                raise self.wrong(f"{what} has no '{key}'{hint}", key)

    def _typed(self, key: str, kinds: tuple[type, ...], default: Any) -> Any:
        if key not in self.values:
            if default is None:
                raise self.wrong(f"'{key}' is missing here: write {key} = {_NAMES[kinds[0]]}")
            return default
        value = self.values[key]
        # True is an int in Python, never for people
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.wrong(f"'{key}' must be {_NAMES[kinds[0]]}", key)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without *default* it must be there."""
        value: str = self._typed(key, (str,), default)
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A number that is not negative."""
        value: float = self._typed(key, (int, float), default)
        if not 0 <= value < 1e9:
            raise self.wrong(f"'{key}' must be a number from 0", key)
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when it is left out."""
        value: bool = self._typed(key, (bool,), False)
        return value

    def seconds(self, key: str) -> float:
        """A duration with its unit, in seconds; 0 when it is left out."""
        text = self.text(key, "0s")
        try:
            return parse_duration(text)
        except NepishellError as problem:
            raise self.wrong(str(problem), key) from None

    def plain(self, key: str) -> str:
        """A text, number or flag, as a person writes it."""
        value = self._typed(key, (str, int, float, bool), None)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def scalars(self, key: str) -> tuple[str | int | float, ...]:
        """A list of texts or numbers, at least one."""
        found = self._typed(key, (list,), None)
        if not found or not all(type(one) in (str, int, float) for one in found):
            raise self.wrong(f"'{key}' must be a list of texts or numbers, as in [1, 2]", key)
        return tuple(found)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; none when it is left out."""
        found = self._typed(key, (list,), [])
        if not all(isinstance(one, str) for one in found):
            raise self.wrong(f'\'{key}\' must be a list of texts, as in ["a", "b"]', key)
        return tuple(found)

    def table(self, key: str) -> "Table":
        """A table inside of it, empty when it is left out."""
        return Table(self._typed(key, (dict,), {}), (*self._path, key), self._places, self._file)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array of them."""
        found = self._typed(key, (list,), [])
        for at, values in enumerate(found):
            if not isinstance(values, dict):
                raise self.wrong(f"'{key}' must be a list of tables", key)
            yield Table(values, (*self._path, key, at), self._places, self._file)


def read_toml(text: str, file: str = MANIFEST) -> Table:
    """The whole file as a table; raises LabError with the place of what is no TOML."""
    places = Places(text)
    try:
        return Table(tomllib.loads(text), (), places, file)
    except tomllib.TOMLDecodeError as problem:
        said = str(problem)
        at = _AT.search(said)
        last = max(1, len(places.lines))
        end = len(places.lines[-1]) + 1 if places.lines else 1
        line, column = (int(at[1]), int(at[2])) if at and at[1] else (last, end)
        shown = places.lines[line - 1] if line <= len(places.lines) else ""
        message = _AT.sub("", said).strip()
        told = f"{file}:{line}:{column}: {message[:1].lower()}{message[1:]}"
        raise LabError(told, caret_under(shown, column, 1)) from None
    except RecursionError:
        raise LabError(f"{file}:1:1: too many tables inside of each other") from None
