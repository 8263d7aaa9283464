"""What a person prefers at the prompt: kept in config.toml among our files, by the XDG rules.

A file that cannot be read, or a line of it that makes no sense, costs a warning, never the prompt.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path

from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean

#: The values that an option may have; a bool where none are listed.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("default", "colour-blind", "high-contrast", "none"),
    "keys": ("emacs", "vi"),
}
HELP: Mapping[str, str] = {
    "theme": "colours",
    "keys": "how a line is edited",
    "toolbar": "whether the line at the bottom is shown",
    "pager": "whether a long listing is paged",
}
_DEFAULTS = "nepishell starts as if it were not there"
_LINE = re.compile(r"line (\d+)")
_ALIAS = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BOOL = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """*aliases*: a first word -> what it stands for; for the prompt only, never in recipes."""

    theme: str = "default"
    keys: str = "emacs"
    toolbar: bool = True
    pager: bool = True
    aliases: Mapping[str, str] = field(default_factory=dict)

    def with_option(self, name: str, text: str) -> "Settings":
        """Another value for one option; raises UnknownName, BadValue."""
        kind, _, alias = name.partition(".")
        if kind == "alias" and alias:
            return self._with_alias(alias, text)
        if name not in HELP:
            known = [*HELP, "alias.NAME"]
            near = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise UnknownName(f"no option '{name}'{near}")
        value: str | bool | None = _BOOL.get(text) if name not in CHOICES else text
        allowed = CHOICES.get(name, ("true", "false"))
        if value is None or (name in CHOICES and value not in allowed):
            raise BadValue(
                f"{name}: '{text}' is not one of {', '.join(allowed)}{did_you_mean(text, allowed)}"
            )
        changed: dict[str, str | bool] = {name: value}
        return replace(self, **changed)  # type: ignore[arg-type]

    def _with_alias(self, alias: str, text: str) -> "Settings":
        if not _ALIAS.fullmatch(alias):
            raise BadValue(f"'{alias}' is not an alias: a letter, then letters, digits, '_', '-'")
        left = {name: line for name, line in self.aliases.items() if name != alias}
        return replace(self, aliases=left if text in ("", "none") else {**left, alias: text})

    def expand(self, line: str) -> str:
        """*line* with its first word replaced where that is an alias; once, so none is endless."""
        lead = line[: len(line) - len(line.lstrip())]
        word, space, rest = line.strip().partition(" ")
        return f"{lead}{self.aliases[word]}{space}{rest}" if word in self.aliases else line

    def rows(self) -> list[tuple[str, str, str]]:
        """(option, value, help), aliases last."""
        plain = [(name, _text(getattr(self, name)), text) for name, text in HELP.items()]
        return plain + [(f"alias.{n}", line, "alias") for n, line in self.aliases.items()]

    def toml(self) -> str:
        """The file that read() reads as this."""
        lines = [f"{f.name} = {json.dumps(getattr(self, f.name))}" for f in fields(self)[:-1]]
        lines += ["", "[aliases]"] if self.aliases else []
        # a JSON string is a TOML string once DEL is out of the way
        lines += [f"{n} = {json.dumps(line)}" for n, line in self.aliases.items()]
        return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def config_file() -> Path:
    """$XDG_CONFIG_HOME/nepishell/config.toml; not made here."""
    given = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".config"
    return base / "nepishell" / "config.toml"


def read_settings(path: Path) -> tuple[Settings, list[str]]:
    """What the file says, and a warning (file:line: what is wrong) for each thing that is wrong.

    What is wrong is as if it were not there; where the file is no TOML, so is all of it.
    """
    if not path.exists():
        return Settings(), []
    # most people have no such file, and its reader would cost each of their prompts 3 ms
    toml = import_module("tomllib")
    try:
        text = path.read_text(encoding="utf-8")
        found = toml.loads(text)
    except OSError as problem:
        return Settings(), [f"{path}: cannot be read: {problem.strerror}; {_DEFAULTS}"]
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        return Settings(), [f"{path}:{line}: this is no text in UTF-8; {_DEFAULTS}"]
    except toml.TOMLDecodeError as problem:
        return Settings(), [f"{_syntax(path, text, problem)}; {_DEFAULTS}"]
    return _settings(path, text.splitlines(), found)


def _syntax(path: Path, text: str, problem: Exception) -> str:
    """`file:line: what is wrong`, from what the parser says."""
    what, _, where = str(problem).rpartition(" (at ")
    line = _LINE.search(where)
    number = int(line[1]) if line else text.count("\n") + 1
    return f"{path}:{number}: {(what or where)[:1].lower()}{(what or where)[1:]}"


def _settings(
    path: Path, lines: Sequence[str], found: dict[str, object]
) -> tuple[Settings, list[str]]:
    settings, warnings = Settings(), []
    aliases = found.pop("aliases", {})
    pairs = [(name, name, value) for name, value in found.items()]
    if isinstance(aliases, dict):
        pairs += [(f"alias.{name}", name, line) for name, line in aliases.items()]
    else:
        pairs.append(("aliases", "aliases", aliases))
    for option, key, value in pairs:
        try:
            if option == "aliases":
                raise BadValue("aliases is a table of names and lines: [aliases]")
            settings = settings.with_option(option, _text(value))
        except NepishellError as problem:
            warnings.append(f"{path}:{_line_of(lines, key, option)}: {problem}")
    return settings, warnings


def _line_of(lines: Sequence[str], key: str, option: str) -> int:
    """The line of the file in which *key* is set, of aliases the one in their table."""
    is_key = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    found = [number for number, line in enumerate(lines, 1) if is_key.match(line)]
    # an alias may be called as an option is, which then stands above it
    return (found[-1] if option.startswith("alias.") else found[0]) if found else 1


def write_settings(path: Path, settings: Settings) -> None:
    """Replace the file at once, never half of it; raises NepishellError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{os.getpid()}")
        half.write_text(settings.toml(), encoding="utf-8")
        half.replace(path)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None
