"""A command that runs on a node: the base of all applications.

Its host tells when it ends; nothing asks. STARTED means that it runs and, where the user said
what "ready" is, that it is ready. Ending by itself it becomes STOPPED, or FAILED with its status
and its last words.
"""

import shlex
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, ClassVar

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue, HostError, NepishellError, Unreachable
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import STDERR, Exit, Host, OnExit, Process
from nepishell.resources.linux import readiness
from nepishell.resources.linux.staging import Staged

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

READY, STARTED = ResourceState.READY, ResourceState.STARTED
_BEFORE_US = {ResourceAction.DEPLOY: READY, ResourceAction.START: STARTED}


class Application(Staged):
    """A command on a node, its output recorded."""

    rtype = "linux::Application"

    command = Attribute(help="the command line, split into words as a shell does")
    shell = Attribute(
        bool, default=False, help="whether sh runs the command line: pipes, globs, variables"
    )
    env = Attribute(help="added to the environment: NAME=VALUE, separated by spaces")
    forwardX11 = Attribute(bool, default=False, help="whether it needs your display")
    stdin = Attribute(help="what it reads: a text, or @PATH for the content of a file")
    sudo = Attribute(bool, default=False, help="whether to run as root (in a lab it always does)")
    ready = Attribute(
        default=readiness.STARTED,
        set_hook=readiness.checked,
        help="when it counts as STARTED: started, log:PATTERN, port:N, udp:N or file:PATH",
    )
    ready_timeout = Attribute(Types.Duration, default=10.0, help="how long it may take until ready")
    grace = Attribute(Types.Duration, default=2.0, help="between asking it to end and killing it")

    node = Peer("abstract::Node", min=1, max=1, needs=_BEFORE_US, help="where it runs")
    collectors = Peer("Collector", max=None, needs={}, help="who fetches its traces")

    traces: ClassVar[tuple[Trace, ...]] = (
        Trace("stdout", "what it printed", enabled=True),
        Trace("stderr", "its messages", enabled=True),
        Trace("exitcode", "its exit status", enabled=True),
    )

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._process: Process | None = None
        self._waiter: Process | None = None
        self._stopping = False
        self._giving_back = False
        self._early = False
        self._early_end: Exit | None = None

    # -- what subclasses say ------------------------------------------------------------------

    def argv(self) -> list[str]:
        """The command to run; [] for none."""
        command = self.command or ""
        if self.shell:
            return ["sh", "-c", self.shell_text(command)] if command else []
        try:
            return [self.expanded(word) for word in shlex.split(command)]
        except ValueError as problem:
            raise BadValue(f"command of {self.name}: {problem}: {command}") from None

    def starts_early(self) -> bool:
        """Whether it runs from deployment on, and start only marks it STARTED."""
        return False

    def ready_condition(self) -> readiness.Condition:
        """When it counts as STARTED."""
        return readiness.parse_ready(self.ready)

    def judge(self, status: int) -> str:
        """Why an end by itself with *status* is a failure; '' when it is none."""
        if not status:
            return ""
        how = f"killed by signal {status - 128}" if status > 128 else f"ended with status {status}"
        words = self.last_words()
        return f"{how}: {words}" if words else how

    def last_words(self) -> str:
        """The last line that it wrote to stderr; ''."""
        return self.last_line(STDERR)

    # -- its life -----------------------------------------------------------------------------

    def do_deploy(self) -> object:
        """Refuse a command that could never run; get what it needs; READY then."""
        self.patiently(self._deploy)
        return LATER

    def _deploy(self) -> None:
        self._check()
        if self.state < ResourceState.DISCOVERED:
            self.do_discover()
        if self.state < ResourceState.PROVISIONED:
            self.do_provision()
        if not self.and_then(self._prepare_start):
            self._prepare_start()

    def _check(self) -> None:
        """Refuse what could never run."""
        self.argv()
        self.environment()
        self.check_staging()
        if self.forwardX11 and not self.node.is_here:
            raise BadValue(f"forwardX11 of {self.name}: displays are not forwarded to other hosts")

    def _prepare_start(self) -> None:
        argv = self.argv()
        if self.starts_early() and argv and not self._early:
            self.launch(argv)
            self._early, self._early_end = True, None
        super().do_deploy()

    def do_start(self) -> object:
        """Run the command; STARTED now, or once it is ready."""
        self.patiently(self._begin)
        return LATER

    def _begin(self) -> None:
        if self.releasing or self.state not in (READY, ResourceState.STOPPED):
            return
        argv = self.argv()
        if not argv:
            super().do_start()
            super().do_stop()
        elif self._early:
            self._begin_early()
        else:
            self.launch(argv)
            condition = self.ready_condition()
            if condition.kind == readiness.STARTED:
                super().do_start()
            else:
                self._wait_until(condition)

    def _begin_early(self) -> None:
        """It runs since deployment; it may have ended, too."""
        self._early = False
        super().do_start()
        if self._early_end is not None:
            self._settle(self._early_end)

    def launch(self, argv: list[str]) -> None:
        """Start the process on the node; its end comes back through later()."""
        node = self.node
        host, run_dir = node.host, node.run_home(self)
        self.begin_recording(host, run_dir)
        self._stopping = False
        env = self.environment()
        holder: list[Process] = []

        def on_exit(end: Exit) -> None:
            # posted, so that it comes after this hook, when the process is known
            self.later(self._ended, holder, end)

        holder.append(
            host.spawn(
                node.elevate(argv, env) if self.sudo else argv,
                run_dir=run_dir,
                env={**node.environment, **env},
                stdin=self._stdin_file(host, run_dir),
                on_exit=on_exit,
            )
        )
        self._process = holder[0]

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

    def _wait_until(self, condition: readiness.Condition) -> None:
        command = condition.command(self.ready_timeout, self.recorded_in())
        process = self._process

        def on_exit(end: Exit) -> None:
            self.later(self._waited, process, condition, end)

        self._waiter = self.helper(command, on_exit)

    def helper(self, command: list[str], on_exit: OnExit) -> Process:
        """Run the ready tool beside the process, on its host."""
        return self.recording_host().spawn(
            [*self.node.tool(readiness.SCRIPT), *command],
            run_dir=self.recorded_in() / ".ready",
            on_exit=on_exit,
        )

    def _waited(self, process: Process, condition: readiness.Condition, end: Exit) -> None:
        if process is not self._process or self.state >= STARTED:
            return
        self._waiter = None
        if end.status == 0:
            super().do_start()
        elif not self._stopping:
            limit = f"after {self.ready_timeout:g}s" if end.status == 3 else "and never will be"
            self.fail(f"not ready ({condition}) {limit}{self._in_its_words()}")

    def _in_its_words(self) -> str:
        words = self.last_words()
        return f"; its last words: {words}" if words else ""

    def _ended(self, holder: list[Process], end: Exit) -> None:
        """The process is gone; which of its ends this is decides on the state."""
        if holder[0] is not self._process:
            return
        self._process = None
        self._drop_waiter()
        self.finish_recording()
        if self._giving_back:
            self._give_back()
        elif self.state is STARTED:
            self._settle(end)
        elif self._early:
            self._early_end = end
        elif self.state is not ResourceState.FAILED and not self.releasing:
            reason = self.judge(end.status) or "ended with status 0"
            self.fail(f"ended before it was ready ({self.ready_condition()}): {reason}")

    def _settle(self, end: Exit) -> None:
        """A process that was STARTED has ended: STOPPED, or FAILED with its reason."""
        wanted = self._stopping or self.releasing
        reason = "" if wanted else self.judge(end.status)
        if reason:
            self.fail(reason)
        else:
            super().do_stop()

    def do_stop(self) -> object:
        """Ask it to end, then make it; STOPPED when it has ended."""
        if self._process is None:
            return super().do_stop()
        self._stopping = True
        self.patiently(self._ask_to_end)
        return LATER

    def _ask_to_end(self) -> None:
        if self._process is not None:
            self.end_process(self._process)

    def end_process(self, process: Process) -> None:
        """Ask it to end, and make it after the time of grace; returns at once."""
        self._stop_now(process)

    def _stop_now(self, process: Process) -> None:
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
            if self._process is not None and self._process.pid == pid:
                send("KILL")

        send("TERM")
        self.ec.schedule(self.grace, lambda: self.later(self.patiently, make))

    # -- its end ------------------------------------------------------------------------------

    def do_release(self) -> object:
        """End what runs, keep what it recorded, take away what was put there; RELEASED then."""
        self._giving_back = True
        is_preparing = self.end_preparing()
        if self._process is not None or not is_preparing:
            self._give_back()
        return LATER

    def prepared_no_more(self) -> None:
        """The step that the release ended is over."""
        if self._giving_back:
            self._give_back()

    def _give_back(self) -> None:
        """As far as is possible now: what must be waited for comes back here."""
        try:
            self._drop_waiter()
            if self._process is not None:
                self._stopping = True
                self._stop_now(self._process)
                return
            if self.has_recorded or self.tearDown:
                self.tear_down()
                self.bring_all_home()
                self.leave()
        except Unreachable as problem:
            why = str(problem)
            self.node.when_back(lambda back: self.later(self._give_back_again, back, why))
            return
        except NepishellError as problem:
            self.warning(f"not all of {self.name} could be kept: {problem}")
        self._be_released()

    def _give_back_again(self, back: bool, why: str) -> None:
        if back:
            self._give_back()
        else:
            self.host_lost(why)

    def _be_released(self) -> None:
        if self.state is not ResourceState.RELEASED:
            super().do_release()

    def host_lost(self, why: str) -> None:
        """The host was given up: nothing is known of the process any more, nothing comes back."""
        self._process = self._waiter = None
        if self._giving_back:
            if self.has_recorded:
                self.warning(f"what {self.name} recorded last was not fetched: {why}")
            self._be_released()
        elif self.state is STARTED or self.state < STARTED:
            self.fail(why)

    def do_fail(self) -> None:
        """End what runs."""
        self.end_preparing()
        with suppress(HostError):
            self._drop_waiter()
            if self._process is not None:
                self._stopping = True
                self._stop_now(self._process)
        super().do_fail()

    def _drop_waiter(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.stop(0.0)
