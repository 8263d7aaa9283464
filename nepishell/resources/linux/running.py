"""One process on a node: how it is started, what stands beside it, how it is ended."""

import shlex
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue, HostError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import EXIT_STATUS, STDERR, Exit, Host, OnExit, Process
from nepishell.resources.linux import readiness
from nepishell.resources.linux.staging import Staged

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

#: What is intended before a process is started: the text is the directory of its files.
SPAWN = "spawn"


class Running(Staged):
    """The part of an application that has a process."""

    command = Attribute(help="the command line, split into words as a shell does")
    shell = Attribute(
        bool, default=False, help="whether sh runs the command line: pipes, globs, variables"
    )
    env = Attribute(help="added to the environment: NAME=VALUE, separated by spaces")
    forwardX11 = Attribute(bool, default=False, help="whether it needs your display")
    stdin = Attribute(help="what it reads: a text, or @PATH for the content of a file")
    sudo = Attribute(bool, default=False, help="whether to run as root (in a lab it always does)")
    grace = Attribute(Types.Duration, default=2.0, help="between asking it to end and killing it")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self.process: Process | None = None
        #: our own tool that waits until the process is ready
        self.waiter: Process | None = None
        #: whether its end was asked for
        self.stopping = False

    def process_ended(self, holder: list[Process], end: Exit) -> None:
        """The process in *holder* ended; called as a hook. Types say what it means."""

    def argv(self) -> list[str]:
        """The command to run; [] for none."""
        command = self.command or ""
        if self.shell:
            return ["sh", "-c", self.shell_text(command)] if command else []
        try:
            return [self.expanded(word) for word in shlex.split(command)]
        except ValueError as problem:
            raise BadValue(f"command of {self.name}: {problem}: {command}") from None

    def last_words(self) -> str:
        """The last line that it wrote to stderr; ''."""
        return self.last_line(STDERR)

    def in_its_words(self) -> str:
        """The tail of a reason: its last words."""
        words = self.last_words()
        return f"; its last words: {words}" if words else ""

    def launch(self, argv: list[str]) -> None:
        """Start the process on the node; its end comes back through later()."""
        node = self.node
        host, run_dir = node.host, node.run_home(self)
        self.begin_recording(host, run_dir)
        self.stopping = False
        env = self.environment()
        holder: list[Process] = []

        def on_exit(end: Exit) -> None:
            # posted, so that it comes after this hook, when the process is known
            self.later(self.process_ended, holder, end)

        self.ec.intend(self.guid, SPAWN, str(run_dir))
        holder.append(
            host.spawn(
                node.elevate(argv, env) if self.sudo else argv,
                run_dir=run_dir,
                env={**node.environment, **env},
                stdin=self._stdin_file(host, run_dir),
                on_exit=on_exit,
            )
        )
        self.process = holder[0]

    def find_process(self, run_dir: Path) -> Exit | None:
        """Take over what an earlier controller started in *run_dir*; its end when it has ended.

        None and no process: it was never started. Raises HostError when it was, and is lost.
        """
        host = self.node.host
        self.begin_recording(host, run_dir)
        holder: list[Process] = []

        def on_exit(end: Exit) -> None:
            self.later(self.process_ended, holder, end)

        self.process = host.adopt(run_dir, on_exit)
        if self.process is not None:
            holder.append(self.process)
            return None
        status = self.read_text(EXIT_STATUS).strip()
        if not status.isdigit():
            if self.state < ResourceState.STARTED:
                return None
            raise HostError(f"nothing runs in {run_dir}, and nobody knows how it ended")
        return Exit(status=int(status), at=0.0)

    def environment(self) -> dict[str, str]:
        """What the user added to the environment; raises BadValue."""
        found = {}
        for word in shlex.split(self.env or ""):
            name, equals, value = word.partition("=")
            if not equals or not name:
                raise BadValue(f"env of {self.name}: '{word}' is not NAME=VALUE")
            found[name] = self.expanded(value)
        return found

    def _stdin_file(self, host: Host, run_dir: Path) -> Path | None:
        if self.stdin is None:
            return None
        target = run_dir / "stdin"
        host.mkdir(run_dir)
        if self.stdin.startswith("@"):
            host.put(Path(self.stdin[1:]).expanduser(), target)
            return target
        with NamedTemporaryFile("w") as file:
            file.write(self.stdin)
            file.flush()
            host.put(Path(file.name), target)
        return target

    def helper(self, command: list[str], on_exit: OnExit) -> Process:
        """Run the ready tool beside the process, on its host."""
        return self.recording_host().spawn(
            [*self.node.tool(readiness.SCRIPT), *command],
            run_dir=self.recorded_in() / ".ready",
            on_exit=on_exit,
        )

    def end_process(self, process: Process) -> None:
        """Ask it to end, and make it after the time of grace; returns at once."""
        self.stop_now(process)

    def stop_now(self, process: Process) -> None:
        """As end_process, without anything that a type of tool does before."""
        if self.sudo:
            self._end_as_root(process.pid)
        process.stop(self.grace)

    def _end_as_root(self, pid: int) -> None:
        """Who logged in as somebody else may not signal what sudo started for him."""
        node = self.node
        if node.elevate(["kill"], {}) == ["kill"]:
            return

        def send(signal: str) -> None:
            node.host.run(node.elevate(["kill", f"-{signal}", "--", f"-{pid}"], {}))

        def make() -> None:
            if self.process is not None and self.process.pid == pid:
                send("KILL")

        send("TERM")
        self.ec.schedule(self.grace, lambda: self.later(self.patiently, make))

    def drop_waiter(self) -> None:
        """Nobody waits for it to be ready any more."""
        waiter, self.waiter = self.waiter, None
        if waiter is not None:
            waiter.stop(0.0)
