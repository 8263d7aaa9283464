"""paramiko's transport with fewer round trips, threads and system calls.

The protocol is paramiko's: what is verified, and how, is not touched. What need not be waited for
is sent at once: the login with the request for the service that does it (RFC 4252, section 5.1),
the input of a command with the command (RFC 4254, section 6.5).
"""

import errno
import logging
import socket
import threading

import paramiko
from paramiko.auth_handler import AuthHandler
from paramiko.common import cMSG_CHANNEL_REQUEST
from paramiko.packet import Packetizer

#: Fast with the processors of today; what a server lacks is taken from paramiko's own list.
_FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
#: Before curve25519, which takes a server of OpenSSH 2 ms more: it has no fast code for that.
#: What withstands quantum computers stays first.
_FAST_EXCHANGES = ("mlkem768x25519-sha256", "ecdh-sha2-nistp256")
_BLOCK = 1 << 16

# a broken connection is told in one line by us
_logger = logging.getLogger("paramiko")
_logger.addHandler(logging.NullHandler())
_logger.propagate = False


def _first(wanted: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    found = [each for each in wanted if each in known]
    return (*found, *(each for each in known if each not in found))


class QuickSocket(socket.socket):
    """Acknowledges at once while *is_quick*: a server that waits for it costs 40 ms a time.

    Reads ahead: paramiko asks for a packet in pieces. One thread may read.
    """

    is_quick = True
    _ahead = b""
    _at = 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        if self._at == len(self._ahead):
            if self.is_quick:
                # the kernel forgets it after a while
                self.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            self._ahead, self._at = super().recv(max(bufsize, _BLOCK), flags), 0
        data = self._ahead[self._at : self._at + bufsize]
        self._at += len(data)
        return data


def dial(hostname: str, port: int, timeout_s: float) -> socket.socket:
    """Connect by TCP; small packets leave at once."""
    found = socket.create_connection((hostname, port), timeout_s)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    quick = QuickSocket(found.family, found.type, found.proto, fileno=found.detach())
    quick.settimeout(timeout_s)
    return quick


class _Packets(Packetizer):
    def start_handshake(self, timeout: float) -> None:
        """No timer, which would be one more thread: shake_hands() has a time limit."""


class _Login(AuthHandler):
    """By a key, sent with the request for the service, whose answer need not be waited for."""

    _is_sent = False

    def _request_auth(self) -> None:
        assert self.private_key is not None
        # which signature of RSA the server takes may still be on its way
        self._is_sent = "rsa" not in self.private_key.get_name()
        super()._request_auth()  # type: ignore[misc]
        if self._is_sent:
            answer = paramiko.Message()
            answer.add_string("ssh-userauth")
            answer.rewind()
            super()._parse_service_accept(answer)  # type: ignore[misc]

    def _parse_service_accept(self, m: paramiko.Message) -> None:
        if not self._is_sent:
            super()._parse_service_accept(m)  # type: ignore[misc]


class QuickTransport(paramiko.Transport):
    """One SSH server."""

    _preferred_ciphers = _first(_FAST_CIPHERS, paramiko.Transport._preferred_ciphers)  # type: ignore[attr-defined]
    _preferred_kex = _first(_FAST_EXCHANGES, paramiko.Transport._preferred_kex)  # type: ignore[attr-defined]

    # seconds; who closes shuts the way down, so that nothing need be looked for
    _active_check_timeout = 60.0

    def __init__(self, way: socket.socket | paramiko.Channel, timeout_s: float) -> None:
        """*timeout_s* for each step."""
        super().__init__(way, packetizer_class=_Packets)
        self._timeout_s = self.auth_timeout = self.channel_timeout = timeout_s
        # shake_hands() is the first to give up
        self.banner_timeout = 2 * timeout_s

    def shake_hands(self) -> paramiko.PKey:
        """The server's key, for who verifies it. Raises OSError, EOFError, SSHException."""
        done = threading.Event()
        self.start_client(event=done)
        if not done.wait(self._timeout_s):
            raise TimeoutError
        if not self.is_active():
            raise self.get_exception() or paramiko.SSHException()
        return self.get_remote_server_key()

    def log_in(self, username: str, key: paramiko.PKey) -> None:
        """As paramiko.Transport.auth_publickey(), and raises as that does."""
        if not self.is_active():
            raise paramiko.SSHException()
        done, login = threading.Event(), _Login(self)
        self.auth_handler = login
        login.auth_publickey(username, key, done)
        # that would look every tenth of a second; an end sets it, too
        done.wait(self._timeout_s)
        login.wait_for_response(done)

    def _send_user_message(self, data: paramiko.Message) -> None:
        """What was cut in the middle of a packet is OSError, as all that fails here."""
        try:
            super()._send_user_message(data)  # type: ignore[misc]
        except EOFError as exc:
            raise BrokenPipeError(errno.EPIPE, "the connection was lost") from exc

    def _filter_algorithm(self, kind: str) -> tuple[str, ...]:
        """All of them: none is disabled. It is asked for twenty times in a handshake."""
        found: tuple[str, ...] = getattr(self, f"_preferred_{kind}")
        return found

    def _log(self, *_: object) -> None:
        """Nobody reads it."""

    def _parse_debug(self, _: paramiko.Message) -> None:
        """Nor what a server says for debugging, which is costly to make printable."""


def execute(channel: paramiko.Channel, command: str) -> None:
    """Begin *command*, and go on: its input may follow. Refused, the channel is closed.

    Raises OSError, SSHException.
    """
    request = paramiko.Message()
    request.add_byte(cMSG_CHANNEL_REQUEST)
    request.add_int(channel.remote_chanid)
    request.add_string("exec")
    request.add_boolean(True)
    request.add_string(command)
    channel.get_transport()._send_user_message(request)  # type: ignore[attr-defined]
