"""A host that is reached by SSH: one connection and one thread, however much runs there."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nepishell.core.errors import HostError
from nepishell.hosts import commands
from nepishell.hosts.base import Completed, OnExit, OnReach, Process, Reach
from nepishell.hosts.ssh.asking import Asker, TimedOut
from nepishell.hosts.ssh.config import hops
from nepishell.hosts.ssh.connection import Dial
from nepishell.hosts.ssh.duplex import Duplex
from nepishell.hosts.ssh.endpoint import Endpoint
from nepishell.hosts.ssh.files import SshFiles
from nepishell.hosts.ssh.lasting import STOCK, LastingShell, Timing, new_words
from nepishell.hosts.ssh.running import Running
from nepishell.hosts.ssh.script import exports, line
from nepishell.hosts.ssh.streams import Streams
from nepishell.hosts.ssh.terminal import SshTerminal
from nepishell.hosts.ssh.transport import dial

#: A shell shows the end by signal n as 128 + n.
_SIGNALLED, _MOST_SIGNALS = 128, 64
_CLOSE_TIMEOUT_S = 10.0


class SshHost(SshFiles):
    """Implements nepishell.hosts.base.Host. Connects when something is asked of it.

    Paths that are not absolute are below the login's home. A status above 128 of a short command
    is taken for the end by a signal: a shell shows both alike.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        name: str | None = None,
        timing: Timing = STOCK,
        dial: Dial = dial,
    ) -> None:
        self._endpoint = endpoint
        self._name = name or endpoint.hostname
        self._is_closed = False
        self._terminals: set[SshTerminal] = set()
        words = new_words()
        self._shell = LastingShell(
            self._name,
            lambda: hops(endpoint),
            words,
            timing=timing,
            dial=dial,
            most=commands.MAX_OUTPUT,
            on_frame=lambda frame: self._running.take(frame),
            on_return=lambda: self._running.reconcile(),
        )
        asker = Asker(words, self._shell)
        self._running = Running(asker, self._shell)
        super().__init__(self._name, asker, Streams(words, self._shell, asker))

    @property
    def name(self) -> str:
        return self._name

    @property
    def endpoint(self) -> Endpoint:
        """As it was given."""
        return self._endpoint

    @property
    def address(self) -> str:
        """The IP address that answered; '' before the first connection."""
        return self._shell.address

    @property
    def home(self) -> Path:
        return Path(self._shell.greeting.home)

    @property
    def reach(self) -> Reach:
        return self._shell.reach

    def on_reach(self, callback: OnReach) -> Callable[[], None]:
        return self._shell.on_reach(callback)

    def connect(self) -> None:
        """Be connected, before there is something to do. Raises HostError."""
        self._shell.connect()

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
    ) -> Completed:
        words = tuple(argv)
        script = exports(env or {}) + line("_np_exec", *(words or ("",)))
        if cwd is not None:
            script = f"{line('_np_in', cwd)}; {script}"
        try:
            done = self._asker.ask(script, stdin=stdin, timeout_s=timeout_s)
        except TimedOut as exc:
            raise HostError(f"'{' '.join(words)}' {exc}") from exc
        if max(len(done.out), len(done.err)) > commands.MAX_OUTPUT:
            raise HostError(
                f"'{words[0]}' printed more than {commands.MAX_OUTPUT >> 20} MiB: spawn it and "
                f"read its files"
            )
        status = done.status
        if _SIGNALLED < status <= _SIGNALLED + _MOST_SIGNALS:
            status = _SIGNALLED - status
        return Completed(
            argv=words,
            status=status,
            stdout=done.out.decode(errors="replace"),
            stderr=done.err.decode(errors="replace"),
        )

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        try:
            return self._running.spawn(
                tuple(argv) or ("",), self.home / run_dir, env or {}, stdin, on_exit
            )
        except TimedOut as exc:
            raise HostError(f"'{' '.join(argv)}' {exc}") from exc

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> Process | None:
        return self._running.adopt(self.home / run_dir, on_exit)

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> SshTerminal:
        opened = SshTerminal(
            self._shell, self._asker, tuple(argv), (rows, cols), env or {}, self._forget
        )
        self._terminals.add(opened)
        return opened

    def channel(self, argv: Sequence[str]) -> Duplex:
        """Start *argv* on a channel of its own; its standard input and output as one stream.

        It ends with the connection. Raises HostError.
        """
        return Duplex(self._shell, self._asker, argv)

    def _forget(self, terminal: SshTerminal) -> None:
        self._terminals.discard(terminal)

    def follow(
        self, path: Path, offset: int, on_data: Callable[[bytes], None]
    ) -> Callable[[], None]:
        return self._running.follow(self.home / path, offset, on_data)

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._end_all()
            self._shell.close()

    def _end_all(self) -> None:
        """End what runs there for us, and take our folder away, as far as it can be reached."""
        if not self._shell.is_connected:
            return
        running = self._running.running
        for terminal in list(self._terminals):
            terminal.killed()
        try:
            signals = [line("_np_signal", each.pid, each.start_time, 9) for each in running]
            marked = line("_np_end_marked", self._asker.mark())
            self._asker.ask("; ".join([*signals, marked]), marked=False)
            for process in running:
                process.wait(_CLOSE_TIMEOUT_S)
            self._asker.leave()
        except HostError:
            # lost, or given up: what is there stays there
            return
