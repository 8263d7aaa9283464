"""From an endpoint to the hops that lead there, with what ~/.ssh/config says of each."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import paramiko

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.endpoint import Endpoint

_MOST_HOPS = 8
_DEFAULT_IDENTITIES = ("id_ed25519", "id_ecdsa", "id_rsa")
_DEFAULT_KNOWN = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One SSH server on the way."""

    name: str  # as the user called it
    hostname: str
    port: int
    username: str
    identities: tuple[Path, ...]
    named_identity: bool  # by the user, so a file that cannot be used is an error
    only_identities: bool  # and none of the agent's
    known_hosts: tuple[Path, ...]
    server_key: str | None
    accept_key: bool
    password: str | None = field(repr=False)


def hops(endpoint: Endpoint, config_file: Path | None = None) -> list[Hop]:
    """The servers to pass, the host itself last. Raises HostError."""
    config = _read(config_file or Path("~/.ssh/config").expanduser())
    found = _lookup(config, endpoint.hostname)
    if found.get("proxycommand", "none").lower() != "none":
        raise HostError(f"{endpoint.hostname}: ProxyCommand is not supported; use ProxyJump")
    jumps = endpoint.gateway if endpoint.gateway is not None else found.get("proxyjump", "")
    way = [
        _hop(_jump(jump, endpoint.gateway_user, endpoint.accept_key), config)
        for jump in jumps.split(",")
        if jump.strip() and jump.strip().lower() != "none"
    ]
    if len(way) > _MOST_HOPS:
        raise HostError(f"{endpoint.hostname}: {len(way)} gateways are more than {_MOST_HOPS}")
    return [*way, _hop(endpoint, config)]


def _read(path: Path) -> paramiko.SSHConfig | None:
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, paramiko.SSHException) as exc:
        raise HostError(f"cannot read {path}: {exc}") from exc


@lru_cache(maxsize=8)
def _parsed(path: Path, changed_ns: int) -> paramiko.SSHConfig:
    """Read once for a hundred hosts, and again when the file changed."""
    return paramiko.SSHConfig.from_path(str(path))


def _lookup(config: paramiko.SSHConfig | None, name: str) -> Mapping[str, Any]:
    return config.lookup(name) if config is not None else {}


def _jump(text: str, user: str | None, accept_key: bool) -> Endpoint:
    """[user@]host[:port], as in ProxyJump; raises HostError."""
    login, _, place = text.strip().rpartition("@")
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        port = port.removeprefix(":")
    elif place.count(":") == 1:
        host, _, port = place.partition(":")
    else:
        host, port = place, ""
    if not host or (port and not (port.isdecimal() and 0 < int(port) < 65536)):
        raise HostError(f"'{text}' is no gateway: write [user@]host[:port]")
    return Endpoint(
        hostname=host,
        username=login or user,
        port=int(port) if port else None,
        accept_key=accept_key,
    )


def _hop(endpoint: Endpoint, config: paramiko.SSHConfig | None) -> Hop:
    found = _lookup(config, endpoint.hostname)
    named = [endpoint.identity] if endpoint.identity else list(found.get("identityfile", []))
    identities = [Path(name).expanduser() for name in named]
    if not named:
        folder = Path("~/.ssh").expanduser()
        identities = [path for name in _DEFAULT_IDENTITIES if (path := folder / name).exists()]
    known = found.get("userknownhostsfile", "").split() or list(_DEFAULT_KNOWN)
    return Hop(
        name=endpoint.hostname,
        hostname=found.get("hostname", endpoint.hostname),
        port=endpoint.port or int(found.get("port", 22)),
        username=endpoint.username or found.get("user") or _login(),
        identities=tuple(identities),
        named_identity=endpoint.identity is not None,
        only_identities=found.get("identitiesonly", "no").lower() == "yes",
        known_hosts=tuple(Path(name).expanduser() for name in known),
        server_key=endpoint.server_key,
        accept_key=endpoint.accept_key,
        password=endpoint.password,
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
