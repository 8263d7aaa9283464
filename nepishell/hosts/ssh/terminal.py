"""A program on a terminal of a host that is reached by SSH: a channel of its own."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from signal import SIGHUP, SIGKILL

import paramiko

from nepishell.core.errors import HostError
from nepishell.hosts import terminals
from nepishell.hosts.ssh.asking import Asker
from nepishell.hosts.ssh.lasting import LastingShell
from nepishell.hosts.ssh.script import exports, line

_CHUNK = 1 << 16
_KILL_TIMEOUT_S = 5.0
_DEFAULT_TERM = "vt100"
#: As ssh: it ended by a signal, or the connection was lost.
_UNKNOWN_STATUS = 255

#: Silent until the program starts: when its folder is gone, the host has been closed meanwhile.
_START = """exec sh -c 'exec 2>/dev/null; . "$0"' """
_SCRIPT = """
rm -f "$0"
_np_f() {{ _np_s=${{20}}; }}
read -r _np_l </proc/$$/stat
_np_f ${{_np_l##*) }}
{{ echo $$ "$_np_s" >{identity}; }} || exit 137
exec 2>&1
unset _np_l _np_s
{exports}
exec {argv}
"""


class SshTerminal:
    """Implements nepishell.hosts.base.Terminal."""

    def __init__(
        self,
        shell: LastingShell,
        asker: Asker,
        argv: Sequence[str],
        size: tuple[int, int],
        env: Mapping[str, str],
        closed: Callable[["SshTerminal"], None],
    ) -> None:
        """Start *argv*; raises HostError. *closed* is told when it is over."""
        self._asker = asker
        self._closed = closed
        self._lock = threading.Lock()
        self._status: int | None = None
        self._sent = 0  # the last signal
        number = asker.number()
        folder = shell.greeting.folder
        self._identity = f"{folder}/p{number}"
        script = f"{folder}/t{number}"
        setting = exports(env) + f"export {asker.mark(number)}"
        text = _SCRIPT.format(
            identity=line(self._identity), exports=setting, argv=line(*(argv or ("",)))
        )
        words = line("_np_find", *(argv or ("",))[:1])
        asker.ask(f"{setting}; {words}; cat >{line(script)}", stdin=text.encode(), marked=False)
        try:
            self._channel = shell.open_channel()
        except paramiko.ChannelException as exc:
            asker.ask(line("rm", "-f", script))
            raise HostError("the server allows no more sessions: see MaxSessions there") from exc
        try:
            rows, cols = size
            self._channel.get_pty(env.get("TERM", _DEFAULT_TERM), cols, rows)
            self._channel.exec_command(_START + line(script))
        except paramiko.SSHException as exc:
            self._channel.close()
            raise HostError(f"the server gives no terminal: {exc}") from exc

    def fileno(self) -> int:
        """Readable when read() would not block."""
        number: int = self._channel.fileno()
        return number

    def read(self) -> bytes:
        """What the program wrote since; b"" when it has ended."""
        with suppress(OSError):
            data: bytes = self._channel.recv(_CHUNK)
            return data
        return b""

    def write(self, data: bytes) -> None:
        """Type *data*; silent when the program has ended."""
        with suppress(OSError):
            self._channel.sendall(data)

    def resize(self, rows: int, cols: int) -> None:
        """Tell the program that its window has this size now."""
        with suppress(OSError, paramiko.SSHException):
            self._channel.resize_pty(cols, rows)

    def close(self) -> int:
        """Hang up; what does not end by that is killed. Its exit status, as of a shell."""
        with self._lock:
            if self._status is None:
                self._status = self._end()
                self._channel.close()
                self._closed(self)
                with suppress(HostError):
                    self._asker.ask(line("rm", "-f", self._identity), marked=False)
            return self._status

    def killed(self) -> None:
        """Somebody else ends it."""
        if not self._channel.status_event.is_set():
            self._sent = int(SIGKILL)

    def _end(self) -> int:
        ended = self._channel.status_event
        if not ended.is_set() and not self._sent:
            self._signal(SIGHUP)
            if not ended.wait(terminals.GRACE_S):
                self._signal(SIGKILL)
        ended.wait(_KILL_TIMEOUT_S)
        status = self._channel.exit_status if ended.is_set() else -1
        if status >= 0 and self._sent != SIGKILL:
            return int(status)
        return 128 + self._sent if self._sent else _UNKNOWN_STATUS

    def _signal(self, signum: int) -> None:
        self._sent = int(signum)
        identity = line(self._identity)
        with suppress(HostError):
            self._asker.ask(
                f'read -r p s <{identity} && _np_signal "$p" "$s" {int(signum)}', marked=False
            )
