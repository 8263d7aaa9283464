"""A shell on a host that is found again when the connection is lost.

One thread reads what comes; when nothing comes any more it says so, and connects again with
growing pauses. Who asks meanwhile is told at once that the host is unreachable.
"""

import heapq
import os
import random
import secrets
import select
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from time import monotonic

import paramiko

from nepishell.core.errors import HostError, Unfit, Unreachable
from nepishell.hosts.base import OnReach, Reach
from nepishell.hosts.ssh.config import Hop
from nepishell.hosts.ssh.connection import Connection, Dial
from nepishell.hosts.ssh.frames import Frame
from nepishell.hosts.ssh.script import Words, long_prologue
from nepishell.hosts.ssh.shell import Greeting, Pending, RemoteShell, Request
from nepishell.hosts.ssh.transport import execute

_Action = Callable[[], None]
_PING = b"_np_lock; printf '%s P\\n' \"$_np_t\"; _np_free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds."""

    connect_s: float = 15.0  # until a server has answered, and until a shell runs
    keep_alive_s: float = 5.0  # of silence, then we ask for a sign of life
    patience_s: float = 10.0  # for that sign, then the connection is lost
    first_retry_s: float = 0.25
    most_retry_s: float = 15.0


STOCK = Timing()


class LastingShell:
    """Connects at the first request. Methods are safe from any thread."""

    def __init__(
        self,
        name: str,
        find_hops: Callable[[], Sequence[Hop]],
        words: Words,
        *,
        timing: Timing,
        dial: Dial,
        most: int,
        on_frame: Callable[[Frame], None],
        on_return: _Action,
    ) -> None:
        """*on_frame* and *on_return* are called from our thread: they may tell(), not ask()."""
        self._name = name
        self._find_hops = find_hops
        self._words = words
        self._timing = timing
        self._dial = dial
        self._most = most
        self._on_frame = on_frame
        self._on_return = on_return
        self._lock = threading.Lock()
        self._connecting = threading.Lock()
        self._connection: Connection | None = None
        self._shell: RemoteShell | None = None
        self._greeting: Greeting | None = None
        self._carrier: tuple[str, ...] = ()  # PID:START of what carries ends
        self._is_long = False
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._asides: list[threading.Thread] = []
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._order = count()
        self._deadlines: list[tuple[float, int, _Action]] = []
        self._listeners: list[OnReach] = []
        self._reach = Reach(up=True, since=monotonic())

    # -- who uses it ------------------------------------------------------------------------------

    @property
    def reach(self) -> Reach:
        """True before the first connection, too: nothing is known against it."""
        return self._reach

    def on_reach(self, callback: OnReach) -> _Action:
        """See nepishell.hosts.base.Host."""
        with self._lock:
            self._listeners.append(callback)

        def stop() -> None:
            with self._lock, suppress(ValueError):
                self._listeners.remove(callback)

        return stop

    @property
    def greeting(self) -> Greeting:
        """Connects if need be. Raises HostError."""
        self.connect()
        assert self._greeting is not None  # there was a connection
        return self._greeting

    @property
    def is_connected(self) -> bool:
        """Now."""
        return self._shell is not None

    def connect(self, first: Request | None = None) -> RemoteShell:
        """Be connected; who connects sends *first* along. Raises HostError.

        Unreachable once a connection was lost.
        """
        shell = self._shell
        if shell is not None:
            return shell
        with self._connecting:
            if self._closing.is_set():
                raise HostError(f"{self._name} was closed")
            if self._shell is None:
                if self._thread is not None:
                    raise Unreachable(f"{self._name} cannot be reached: {self._reach.why}")
                self._shell = self._open(first)
                self._reach = Reach(up=True, since=monotonic())
                self._thread = threading.Thread(
                    target=self._keep, name=f"ssh-{self._name}", daemon=True
                )
                self._thread.start()
            return self._shell

    def request(self, number: int, text: bytes, pending: Pending) -> None:
        """See RemoteShell. Raises HostError."""
        request = Request(number=number, text=text, pending=pending)
        shell = self.connect(request)
        if not request.is_taken:
            shell.request(request)

    def tell(self, text: bytes) -> None:
        """Send a line that has no answer; silent while there is no connection."""
        shell = self._shell
        if shell is not None:
            with suppress(Unreachable):
                shell.tell(text)

    def prepare(self) -> None:
        """Be ready for long commands, on this connection and all that follow. Raises HostError."""
        shell = self.connect()
        with self._lock:
            is_new, self._is_long = not self._is_long, True
            if is_new:
                # under the lock: another thread's long command must not overtake it
                shell.tell(long_prologue(self._words))

    def forget(self, number: int) -> None:
        """Nobody waits for this answer any longer."""
        shell = self._shell
        if shell is not None:
            shell.forget(number)

    def after(self, delay_s: float, action: _Action) -> None:
        """Call *action* after *delay_s*, or when the host is back after that, from a thread."""
        with self._lock:
            heapq.heappush(self._deadlines, (monotonic() + delay_s, next(self._order), action))
        self._wake()

    def open_channel(self) -> paramiko.Channel:
        """A channel beside the shell's. Raises HostError, paramiko.ChannelException."""
        self.connect()
        connection = self._connection
        if connection is None:
            raise Unreachable(f"{self._name} cannot be reached: {self._reach.why}")
        try:
            return connection.transport.open_session(timeout=self._timing.connect_s)
        except paramiko.ChannelException:
            raise
        except (OSError, EOFError, paramiko.SSHException) as exc:
            raise Unreachable(f"{self._name} cannot be reached: the connection was lost") from exc

    @property
    def address(self) -> str:
        """Of the host, once connected; ''."""
        connection = self._connection
        return connection.address if connection is not None else ""

    def close(self) -> None:
        """Hang up and end the thread; idempotent. Not from our thread."""
        with self._connecting:
            if self._closing.is_set():
                return
            self._closing.set()
        self._wake()
        if self._thread is not None:
            self._thread.join()
        self._hang_up(Unreachable(f"{self._name} was closed"))
        for aside in self._asides:
            aside.join()
        os.close(self._bell)

    # -- the thread -------------------------------------------------------------------------------

    def _wake(self) -> None:
        with suppress(OSError):
            os.eventfd_write(self._bell, 1)

    def _keep(self) -> None:
        while not self._closing.is_set():
            why = self._serve()
            if self._closing.is_set():
                return
            self._cut()
            self._hang_up(Unreachable(f"{self._name} cannot be reached: {why}"))
            self._tell(Reach(up=False, since=monotonic(), why=why))
            if self._find_again():
                self._on_return()
                self._tell(Reach(up=True, since=monotonic()))

    def _serve(self) -> str:
        """Until the connection is lost: why."""
        shell, channel = self._shell, self._channel
        assert shell is not None
        poll = select.poll()
        poll.register(channel.fileno(), select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        asked_at: float | None = None
        while not self._closing.is_set():
            ready = poll.poll(self._pause_ms(shell, asked_at))
            if channel.recv_ready() or channel.closed or channel.eof_received:
                frames = shell.read_frames()
                if frames is None:
                    return "the connection was closed"
                asked_at = None
                for frame in frames:
                    if frame.kind == "B":
                        self._carrier = tuple(frame.words)
                    self._on_frame(frame)
            if any(fd == self._bell for fd, _ in ready):
                os.eventfd_read(self._bell)
            self._act()
            if monotonic() >= self._minds_at(shell, asked_at):
                if asked_at is not None:
                    return f"no sign of life for {monotonic() - self._heard_at(shell):.0f} s"
                asked_at = monotonic()
                self._aside([lambda: self.tell(_PING)])
        return ""

    def _minds_at(self, shell: RemoteShell, asked_at: float | None) -> float:
        """When the silence has lasted too long."""
        if asked_at is None:
            return shell.heard_at + self._timing.keep_alive_s
        # what is on its way is answered first, which may take long
        return max(asked_at, self._heard_at(shell)) + self._timing.patience_s

    def _heard_at(self, shell: RemoteShell) -> float:
        connection = self._connection
        return max(shell.heard_at, connection.heard_at if connection is not None else 0.0)

    def _pause_ms(self, shell: RemoteShell, asked_at: float | None) -> float:
        due = self._minds_at(shell, asked_at)
        with self._lock:
            if self._deadlines:
                due = min(due, self._deadlines[0][0])
        # poll() rounds down: a millisecond more is not too early
        return max(0.0, due - monotonic()) * 1000 + 1

    def _act(self) -> None:
        due = []
        with self._lock:
            while self._deadlines and self._deadlines[0][0] <= monotonic():
                due.append(heapq.heappop(self._deadlines)[2])
        if due:
            self._aside(due)

    def _aside(self, actions: Sequence[_Action]) -> None:
        """Do what sends: it waits behind an upload that is stuck, and nobody would notice."""

        def act() -> None:
            for action in actions:
                action()

        aside = threading.Thread(target=act, name=f"ssh-{self._name}-aside", daemon=True)
        self._asides = [each for each in self._asides if each.is_alive()] + [aside]
        aside.start()

    def _find_again(self) -> bool:
        pause_s = self._timing.first_retry_s
        # not all hosts behind one switch at the same moment
        while not self._closing.wait(pause_s * random.uniform(0.7, 1.3)):
            pause_s = min(2 * pause_s, self._timing.most_retry_s)
            try:
                shell = self._open()
            except HostError as exc:
                self._reach = Reach(up=False, since=self._reach.since, why=str(exc))
                continue
            self._shell = shell
            return True
        return False

    def _open(self, first: Request | None = None) -> RemoteShell:
        """Connect and start a shell. Raises HostError."""
        connection = Connection(self._find_hops(), self._timing.connect_s, self._dial)
        try:
            channel = connection.transport.open_session(timeout=self._timing.connect_s)
            # whatever shell the login has: from here on it is a POSIX one
            execute(channel, "exec sh")
            shell = RemoteShell(self._name, channel, self._words, self._most)
            old = self._greeting.processes if self._greeting is not None else ()
            self._greeting = shell.greet(old + self._carrier, self._timing.connect_s, first)
            if self._is_long:
                shell.tell(long_prologue(self._words))
        except (OSError, EOFError, paramiko.SSHException) as exc:
            connection.close()
            if isinstance(exc, HostError):
                raise
            raise Unfit(f"{self._name} starts no shell for us: {exc}") from exc
        connection.settle()
        self._connection, self._channel = connection, channel
        return shell

    def _cut(self) -> None:
        connection = self._connection
        if connection is not None:
            connection.cut()

    def _hang_up(self, error: Unreachable) -> None:
        shell, self._shell = self._shell, None
        if shell is not None:
            shell.lose(error)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _tell(self, reach: Reach) -> None:
        self._reach = reach
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(reach)


def new_words() -> Words:
    """Three words that nobody else knows."""
    return Words(
        token=secrets.token_hex(16), refusal=secrets.token_hex(16), mark=secrets.token_hex(8)
    )
