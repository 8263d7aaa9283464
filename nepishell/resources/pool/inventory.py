"""Which hosts there are: an inventory of ours or of Ansible, read anew when the file changes.

    hosts:
      lab[01:20].example.org: {country: fr, cpu: 8, tags: [wifi, gpu]}
    vars: {username: student}

Nothing in it is executed, no object is made of it, and secrets of it are never shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from nepishell.core.errors import BadValue
from nepishell.resources.pool.hosts import Draft, PoolHost

_FORMS = {
    True: "nepishell.resources.pool.yaml_form",
    False: "nepishell.resources.pool.ini_form",
}
_MOST_BYTES = 16_000_000
_YAML_ENDINGS = (".yaml", ".yml", ".json")
_INI_ENDINGS = (".ini", ".cfg")
_YAML_BEGINS = re.compile(r"---|\{|[^\s\[=][^=]*:(\s|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """The hosts of a file by name, in its order."""

    path: Path
    hosts: Mapping[str, PoolHost]


def load(path: str | Path) -> Inventory:
    """The inventory at *path* (~ is the home). Raises BadValue with file:line."""
    file = Path(path).expanduser()
    try:
        stat = file.stat()
        if stat.st_size > _MOST_BYTES:
            raise BadValue(f"{file} has more than {_MOST_BYTES // 1_000_000} MB: no inventory")
        return _load(file.resolve(), stat.st_mtime_ns, stat.st_size, file)
    except OSError as problem:
        raise BadValue(f"cannot read the inventory '{file}': {problem.strerror}") from None


@lru_cache(maxsize=8)
def _load(file: Path, changed: int, size: int, shown: Path) -> Inventory:
    # not all of a file that grew meanwhile
    with file.open("rb") as opened:
        data = opened.read(_MOST_BYTES + 1)
    draft = Draft(shown)
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise draft.error(line, "not UTF-8") from None
    if "\0" in text:
        raise draft.error(text.count("\n", 0, text.index("\0")) + 1, "a zero byte: no inventory")
    # yaml is loaded by who needs it
    form: Any = import_module(_FORMS[_is_yaml(shown, text)])
    form.read(draft, text)
    hosts = draft.finish()
    if not hosts:
        raise BadValue(f"{shown} names no host; write 'hosts:', and names below it")
    return Inventory(shown, hosts)


def _is_yaml(path: Path, text: str) -> bool:
    if path.suffix in _YAML_ENDINGS or path.suffix in _INI_ENDINGS:
        return path.suffix in _YAML_ENDINGS
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and line[0] not in "#;"), "")
    return _YAML_BEGINS.match(first) is not None
