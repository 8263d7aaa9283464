"""A connection: one transport of paramiko for each server on the way, the host's own last."""

import errno
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path

import paramiko

from nepishell.core.errors import HostError, Unfit
from nepishell.hosts.ssh.config import Hop
from nepishell.hosts.ssh.signs import heard_at
from nepishell.hosts.ssh.transport import QuickSocket, QuickTransport
from nepishell.hosts.ssh.trust import preferred_kinds, verify

#: (host name, port, seconds that it may take) -> a connected socket; raises OSError.
Dial = Callable[[str, int, float], socket.socket]

#: A stock server drops handshakes when there are more than ten at a time.
_HANDSHAKES = 8
#: A stock server hangs up after six failures.
_MOST_TRIES = 5
_END_TIMEOUT_S = 5.0
_handshaking: dict[tuple[str, int], threading.Semaphore] = {}
_handshaking_lock = threading.Lock()

#: What fails here, not there: another host would not help.
_OURS = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EMFILE, errno.ENFILE, errno.EACCES,
                   errno.EPERM, errno.EADDRNOTAVAIL})  # fmt: skip


class Connection:
    """Transports to the host, all of them open, or none."""

    def __init__(self, hops: Sequence[Hop], timeout_s: float, dial: Dial) -> None:
        """Connect, verify and log in. Raises HostError; Unfit when the last host is the reason."""
        self._transports: list[QuickTransport] = []
        try:
            for hop in hops:
                self._add(hop, timeout_s, dial, Unfit if hop is hops[-1] else HostError)
        except BaseException:
            self.close()
            raise

    def settle(self) -> None:
        """The handshakes are over: acknowledge as the kernel likes, which is better for bulk."""
        way = self._transports[0].sock
        if isinstance(way, QuickSocket):
            way.is_quick = False

    @property
    def transport(self) -> QuickTransport:
        """To the host itself."""
        return self._transports[-1]

    @property
    def heard_at(self) -> float:
        """When the kernel last got anything from the host, by monotonic(); 0 behind a gateway."""
        return heard_at(self.transport.sock) if len(self._transports) == 1 else 0.0

    def cut(self) -> None:
        """Have whoever waits for a silent network go on: nothing is sent or received any more."""
        with suppress(OSError):
            self._transports[0].sock.shutdown(socket.SHUT_RDWR)

    @property
    def address(self) -> str:
        """Of the host, as seen from here or from its gateway."""
        return str(self.transport.getpeername()[0])

    def close(self) -> None:
        """Hang up; idempotent."""
        for transport in reversed(self._transports):
            # its thread looks up now and then only
            with suppress(OSError, EOFError):
                transport.sock.shutdown(socket.SHUT_RDWR)
            transport.close()
            if transport.ident is not None:
                transport.join(_END_TIMEOUT_S)

    def _add(self, hop: Hop, timeout_s: float, dial: Dial, blame: type[HostError]) -> None:
        place = (hop.hostname, hop.port)
        with _handshaking_lock:
            turn = _handshaking.setdefault(place, threading.Semaphore(_HANDSHAKES))
        with turn:
            try:
                way = self._way(hop, timeout_s, dial)
            except socket.gaierror as exc:
                raise blame(
                    f"the host name '{hop.hostname}' does not resolve: {exc.strerror}"
                ) from exc
            except (OSError, paramiko.SSHException) as exc:
                if isinstance(exc, OSError) and exc.errno in _OURS:
                    blame = HostError
                raise blame(f"cannot connect to {_place(hop)}: {_reason(exc)}") from exc
            transport = QuickTransport(way, timeout_s)
            self._transports.append(transport)
            try:
                options = transport.get_security_options()
                options.key_types = preferred_kinds(hop, tuple(options.key_types))
                key = transport.shake_hands()
            except (OSError, EOFError, paramiko.SSHException) as exc:
                raise blame(f"cannot talk SSH with {_place(hop)}: {_reason(exc)}") from exc
            verify(hop, key)
            _log_in(transport, hop)

    def _way(self, hop: Hop, timeout_s: float, dial: Dial) -> socket.socket | paramiko.Channel:
        if not self._transports:
            return dial(hop.hostname, hop.port, timeout_s)
        return self.transport.open_channel(
            "direct-tcpip", (hop.hostname, hop.port), ("127.0.0.1", 0), timeout=timeout_s
        )


def _place(hop: Hop) -> str:
    return f"{hop.hostname} port {hop.port}"


def _reason(exc: BaseException) -> str:
    if isinstance(exc, TimeoutError):
        return "no answer in time"
    if isinstance(exc, paramiko.ChannelException):
        return "the gateway could not connect"
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror
    return str(exc) or "the connection was closed"


def _log_in(transport: QuickTransport, hop: Hop) -> None:
    """Raises HostError that says what was tried."""
    tried: list[str] = []
    for name, attempt in _attempts(transport, hop):
        tried.append(name)
        try:
            attempt()
        except paramiko.BadAuthenticationType as exc:
            tried[-1] += " (not allowed there)" if exc.allowed_types else ""
        except paramiko.AuthenticationException:
            pass
        except (OSError, EOFError, paramiko.SSHException) as exc:
            raise HostError(f"cannot log in at {_place(hop)}: {_reason(exc)}") from exc
        if transport.is_authenticated():
            return
        if not transport.is_active() or len(tried) >= _MOST_TRIES:
            break
    what = f"it refused {', '.join(tried)}" if tried else "there is no key and no password"
    raise HostError(
        f"{hop.username}@{hop.name} did not let us in: {what}; name a key with identity=FILE, or "
        f"load one into ssh-agent"
    )


def _attempts(transport: QuickTransport, hop: Hop) -> Iterator[tuple[str, Callable[[], object]]]:
    """(what is shown, how to log in), in the order in which they are tried."""
    keys: Iterable[tuple[str, paramiko.PKey]] = _file_keys(hop)
    if not hop.named_identity and not hop.only_identities:
        keys = [*_agent_keys(), *keys]
    for name, key in keys:
        yield name, partial(transport.log_in, hop.username, key)
    if hop.named_identity and not hop.only_identities:
        for name, key in _agent_keys():
            yield name, partial(transport.log_in, hop.username, key)
    if hop.password is not None:
        yield "the password", partial(transport.auth_password, hop.username, hop.password)


def _file_keys(hop: Hop) -> Iterator[tuple[str, paramiko.PKey]]:
    for path in hop.identities:
        try:
            yield f"the key {path}", _load(path)
        except HostError:
            if hop.named_identity:
                raise


def _load(path: Path) -> paramiko.PKey:
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except OSError as exc:
        raise HostError(f"cannot read the key {path}: {exc.strerror}") from exc
    except (paramiko.PasswordRequiredException, TypeError) as exc:
        raise HostError(f"the key {path} has a passphrase: load it with ssh-add {path}") from exc
    except (ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as exc:
        raise HostError(f"{path} is no private key that is understood") from exc


@lru_cache(maxsize=32)
def _parsed(path: Path, changed_ns: int) -> paramiko.PKey:
    """Read once for a hundred hosts, and again when the file changed."""
    return paramiko.PKey.from_path(path)


def _agent_keys() -> Iterator[tuple[str, paramiko.PKey]]:
    with suppress(paramiko.SSHException, OSError):
        agent = paramiko.Agent()
        try:
            for key in agent.get_keys():
                yield f"the agent's {key.get_name()} {key.comment or ''}".rstrip(), key
        finally:
            agent.close()
