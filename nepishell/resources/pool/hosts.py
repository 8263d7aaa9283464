"""A host of a pool, and how the words of an inventory become one.

Groups hand down their words: those of an inner group count more than those of an outer one, those
of the host most (Ansible's order). Words that may hold a secret are never facts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nepishell.core.errors import BadValue
from nepishell.resources.pool import ranges

#: What is said of a host: texts, several where a list was written.
Facts = Mapping[str, tuple[str, ...]]
ALL = "all"

_FIELDS = {
    "hostname": "hostname",
    "address": "hostname",
    "ansible_host": "hostname",
    "ansible_ssh_host": "hostname",
    "port": "port",
    "ansible_port": "port",
    "ansible_ssh_port": "port",
    "username": "username",
    "ansible_user": "username",
    "ansible_ssh_user": "username",
    "identity": "identity",
    "ansible_ssh_private_key_file": "identity",
    "ansible_private_key_file": "identity",
    "server_key": "server_key",
    "serverkey": "server_key",
    "gateway": "gateway",
    "gateway_user": "gateway_user",
    "gatewayuser": "gateway_user",
    "password": "password",
    "ansible_password": "password",
    "ansible_ssh_pass": "password",
    "ansible_connection": "connection",
}
_SECRET = re.compile(r"pass|secret|token|credential|private|_key|vault", re.IGNORECASE)
_DEEPEST = 50
_BY_SSH = frozenset({"ssh", "smart", "paramiko", "paramiko_ssh", "ansible.builtin.ssh"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHost:
    """*name*: as the inventory has it; *place*: file:line; *unfit*: why it cannot be used, or ''.

    The other fields are what Endpoint wants to know.
    """

    name: str
    place: str
    hostname: str
    port: int | None = None
    username: str | None = None
    identity: str | None = None
    server_key: str | None = None
    gateway: str | None = None
    gateway_user: str | None = None
    password: str | None = field(default=None, repr=False)
    facts: Facts = field(default_factory=dict, repr=False)
    unfit: str = ""

    @property
    def key(self) -> str:
        """The same in all inventories that name this host."""
        return f"{self.hostname.lower()}:{self.port or 22}"


@dataclass(slots=True)
class Word:
    """One word said of a host or a group. *values* is None where it is no plain text."""

    values: tuple[str, ...] | None
    line: int


@dataclass(slots=True)
class _Group:
    words: dict[str, Word] = field(default_factory=dict)
    hosts: dict[str, None] = field(default_factory=dict)
    children: dict[str, int] = field(default_factory=dict)  # name -> line


class Draft:
    """What a reader of a file collects. Names of words count without their case."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._groups: dict[str, _Group] = {ALL: _Group()}
        self._hosts: dict[str, dict[str, Word]] = {}
        self._lines: dict[str, int] = {}

    def error(self, line: int, text: str) -> BadValue:
        """The error that points at *line*."""
        return BadValue(f"{self.path}:{line}: {text}")

    def group(self, name: str) -> None:
        """There is a group of that name."""
        self._groups.setdefault(name, _Group())

    def child(self, parent: str, name: str, line: int) -> None:
        """Group *name* belongs to *parent*."""
        self.group(parent)
        self.group(name)
        self._groups[parent].children[name] = line

    def group_word(self, group: str, name: str, word: Word) -> None:
        """All hosts of *group* are so."""
        self.group(group)
        self._groups[group].words[name.lower()] = word

    def hosts(self, group: str, pattern: str, line: int) -> list[str]:
        """The hosts of *pattern* belong to *group*; gives their names. Raises BadValue."""
        self.group(group)
        try:
            names = ranges.expand(pattern)
        except BadValue as problem:
            raise self.error(line, str(problem)) from None
        if len(self._hosts) + len(names) > ranges.MOST:
            raise self.error(line, f"more than {ranges.MOST:,} hosts")
        for name in names:
            self._hosts.setdefault(name, {})
            self._lines.setdefault(name, line)
            self._groups[group].hosts[name] = None
        return names

    def host_word(self, host: str, name: str, word: Word) -> None:
        """That host is so."""
        self._hosts[host][name.lower()] = word

    # -- the result ---------------------------------------------------------------------------

    def finish(self) -> dict[str, PoolHost]:
        """The hosts in the order of the file; raises BadValue."""
        of_host: dict[str, list[str]] = {name: [] for name in self._hosts}
        for group, members in self._members().items():
            for host in members:
                of_host[host].append(group)
        return {name: self._host(name, groups) for name, groups in of_host.items()}

    def _members(self) -> dict[str, dict[str, None]]:
        """group -> its hosts with those of its children; outer groups before inner ones."""
        done: dict[str, dict[str, None]] = {}
        for name in self._groups:
            self._gather(name, (), done)
        done[ALL] = dict.fromkeys(self._hosts)
        depths = self._depths()
        return {name: done[name] for name in sorted(done, key=lambda name: (depths[name], name))}

    def _depths(self) -> dict[str, int]:
        """How far each group is inside, at most; there are no circles."""
        depths = dict.fromkeys(self._groups, 0)
        todo = [name for name in self._groups if name != ALL]
        depth = 0
        while todo:
            depth += 1
            for name in todo:
                depths[name] = depth
            todo = list({child: None for name in todo for child in self._groups[name].children})
        return depths | {ALL: 0}

    def _gather(
        self, name: str, above: tuple[str, ...], done: dict[str, dict[str, None]]
    ) -> dict[str, None]:
        if name in done:
            return done[name]
        found = dict(self._groups[name].hosts)
        for child, line in self._groups[name].children.items():
            if child in (*above, name):
                raise self.error(line, f"group '{child}' is inside itself")
            if len(above) > _DEEPEST:
                raise self.error(line, f"groups in groups, more than {_DEEPEST} deep")
            found |= self._gather(child, (*above, name), done)
        done[name] = found
        return found

    def _host(self, name: str, groups: list[str]) -> PoolHost:
        said: dict[str, Word] = {}
        for group in groups:
            said |= self._groups[group].words
        said |= self._hosts[name]
        fields = dict(self._fields(said))
        connection = fields.pop("connection", "ssh")
        if connection == "local":
            fields["hostname"] = "localhost"
        hostname = fields.pop("hostname", name)
        port = fields.pop("port", None)
        is_ours = connection == "local" or connection in _BY_SSH
        return PoolHost(
            name=name,
            place=f"{self.path}:{self._lines[name]}",
            hostname=hostname,
            port=None if port is None else int(port),
            facts=dict(_facts(said)) | {"group": tuple(groups), "hostname": (name, hostname)},
            unfit="" if is_ours else f"is reached by {connection}, not by SSH",
            **fields,
        )

    def _fields(self, said: dict[str, Word]) -> Iterator[tuple[str, str]]:
        for name, word in said.items():
            key = _FIELDS.get(name)
            if key is None or word.values == ():
                continue
            if word.values is None or len(word.values) != 1:
                raise self.error(word.line, f"'{name}' must be one text")
            value = word.values[0]
            if "{{" in value or "{%" in value:
                raise self.error(word.line, f"'{name}' is a template; write the value itself")
            if key == "port" and not (value.isdecimal() and 0 < int(value[:6]) < 65536):
                raise self.error(word.line, f"'{name}' is '{value}'; write a number up to 65535")
            yield key, value


def _facts(said: dict[str, Word]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, word in said.items():
        hidden = name in _FIELDS or name.startswith("ansible_") or _SECRET.search(name)
        if word.values and not hidden:
            yield name, word.values
