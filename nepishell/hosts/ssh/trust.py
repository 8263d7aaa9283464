"""Whether a server is the one that it should be: its key is pinned, or in known_hosts.

A key that is not known is refused unless the user said to accept it; one that changed, always.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import paramiko

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.config import Hop

_SSH_PORT = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One line of a known_hosts file that is about the host."""

    file: Path
    line: int
    kind: str
    key: str  # base64
    revoked: bool = False


def known_name(hop: Hop) -> str:
    """As known_hosts names it."""
    return hop.hostname if hop.port == _SSH_PORT else f"[{hop.hostname}]:{hop.port}"


def known_keys(hop: Hop) -> list[Known]:
    """What the files say of the host; lines that are not understood are passed over."""
    name = known_name(hop)
    return [known for path in hop.known_hosts for known in _about(path, name)]


def _about(path: Path, name: str) -> Iterator[Known]:
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return
    for number, text in enumerate(lines, 1):
        words = text.split()
        marker = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#") or marker not in {"", "@revoked"}:
            continue
        if _is_named(name, words[0]):
            revoked = marker == "@revoked"
            yield Known(file=path, line=number, kind=words[1], key=words[2], revoked=revoked)


def _is_named(name: str, patterns: str) -> bool:
    if patterns.startswith("|1|"):
        return _is_hashed(name, patterns)
    found = False
    for pattern in patterns.lower().split(","):
        # brackets stand for themselves here
        literal = pattern.removeprefix("!").replace("[", "[[]")
        if fnmatchcase(name.lower(), literal):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _is_hashed(name: str, text: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part) for part in text.split("|")[2:4])
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(salt, name.lower().encode(), hashlib.sha1), digest)


def preferred_kinds(hop: Hop, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """*kinds* of keys to ask for, those that we could verify first."""
    if hop.server_key:
        wanted = {_family(hop.server_key.split()[0])}
    else:
        wanted = {_family(known.kind) for known in known_keys(hop) if not known.revoked}
    return tuple(sorted(kinds, key=lambda kind: _family(kind) not in wanted))


def _family(kind: str) -> str:
    return "ssh-rsa" if kind.startswith("rsa-") else kind


def verify(hop: Hop, key: paramiko.PKey) -> None:
    """Raises HostError, unless *key* is the one that the host should have."""
    kind, text = key.get_name(), key.get_base64()
    shown = f"{fingerprint(key)} ({kind})"
    if hop.server_key:
        if hop.server_key.split()[-1] not in {text, fingerprint(key)}:
            raise HostError(f"host key of {hop.name} is not the pinned one but {shown}: refused")
        return
    known = known_keys(hop)
    for each in known:
        if each.revoked and each.key == text:
            raise HostError(
                f"host key of {hop.name}, {shown}, is revoked in {each.file} line {each.line}: "
                f"not connected"
            )
    valid = [each for each in known if not each.revoked]
    if any(each.kind == kind and each.key == text for each in valid):
        return
    if valid:
        other = next((each for each in valid if each.kind == kind), valid[0])
        raise HostError(
            f"host key of {hop.name} is {shown}, not the one in {other.file} line {other.line}: "
            f"not connected; if it was changed on purpose, remove that line"
        )
    if not hop.accept_key:
        raise HostError(
            f"host key of {hop.name} is not known: {shown}; if that is right, connect with ssh "
            f"once, set accept_key=true, or pin it: serverKey='{kind} {text}'"
        )
    _remember(hop, kind, text)


def fingerprint(key: paramiko.PKey) -> str:
    """SHA256:… as ssh shows it."""
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _remember(hop: Hop, kind: str, text: str) -> None:
    path = hop.known_hosts[0]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a+b") as file:
            if file.tell():
                file.seek(-1, 2)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(f"{known_name(hop)} {kind} {text}\n".encode())
    except OSError as exc:
        raise HostError(f"cannot remember the key of {hop.name} in {path}: {exc.strerror}") from exc
