"""A command that runs on a node: the base of all applications.

Its host tells when it ends; nothing asks. STARTED means that it runs and, where the user said
what "ready" is, that it is ready. Ending by itself it becomes STOPPED, or FAILED with its status
and its last words.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue, HostError, NepishellError, Unreachable
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import Exit, Process
from nepishell.resources.linux import readiness
from nepishell.resources.linux.running import SPAWN, Running

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

READY, STARTED = ResourceState.READY, ResourceState.STARTED
_BEFORE_US = {ResourceAction.DEPLOY: READY, ResourceAction.START: STARTED}


class Application(Running):
    """A command on a node, its output recorded."""

    rtype = "linux::Application"

    ready = Attribute(
        default=readiness.STARTED,
        set_hook=readiness.checked,
        help="when it counts as STARTED: started, log:PATTERN, port:N, udp:N or file:PATH",
    )
    ready_timeout = Attribute(Types.Duration, default=10.0, help="how long it may take until ready")

    node = Peer("abstract::Node", min=1, max=1, needs=_BEFORE_US, help="where it runs")
    collectors = Peer("Collector", max=None, needs={}, help="who fetches its traces")

    traces: ClassVar[tuple[Trace, ...]] = (
        Trace("stdout", "what it printed", enabled=True),
        Trace("stderr", "its messages", enabled=True),
        Trace("exitcode", "its exit status", enabled=True),
    )

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._giving_back = False
        self._early = False
        self._early_end: Exit | None = None

    @property
    def concern(self) -> str:
        """Its state is what was last heard of it while its node cannot be reached."""
        node = self.node
        return f"{node.name} is {node.concern}" if node is not None and node.concern else ""

    # -- what subclasses say ------------------------------------------------------------------

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
        if self.ready_condition().kind != readiness.STARTED:
            # raises where there is none: what waits until it is ready is written in it
            _ = self.node.python
        if self.forwardX11 and not self.node.is_here:
            raise BadValue(
                f"forwardX11 of {self.name}: displays are not forwarded to other hosts; "
                f"run it in xvfb-run there, or on a local::Node"
            )

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
            if self.process is None:  # else the host was lost behind it, or it was taken over
                self.launch(argv)
            self._begin_waiting()

    def _begin_early(self) -> None:
        """It runs since deployment; it may have ended, too."""
        self._early = False
        super().do_start()
        if self._early_end is not None:
            self._settle(self._early_end)

    def _begin_waiting(self) -> None:
        """STARTED once it is ready; may be called again."""
        condition = self.ready_condition()
        if condition.kind == readiness.STARTED:
            super().do_start()
        elif self.waiter is None:
            self._wait_until(condition)

    def _wait_until(self, condition: readiness.Condition) -> None:
        command = condition.command(self.ready_timeout, self.recorded_in())
        process = self.process

        def on_exit(end: Exit) -> None:
            self.later(self._waited, process, condition, end)

        self.waiter = self.helper(command, on_exit)

    def _waited(self, process: Process, condition: readiness.Condition, end: Exit) -> None:
        if process is not self.process or self.state >= STARTED:
            return
        self.waiter = None
        if end.status == 0:
            super().do_start()
        elif not self.stopping:
            limit = f"after {self.ready_timeout:g}s" if end.status == 3 else "and never will be"
            self.fail(f"not ready ({condition}) {limit}{self.in_its_words()}")

    def process_ended(self, holder: list[Process], end: Exit) -> None:
        """The process is gone; which of its ends this is decides on the state."""
        if holder[0] is not self.process:
            return
        self.process = None
        self.drop_waiter()
        self.finish_recording()
        if self._giving_back:
            self._give_back()
        elif self.state is STARTED:
            self._settle(end)
        elif self._early:
            self._early_end = end
        elif self.state is not ResourceState.FAILED and not self.releasing:
            if self._was_ready():
                super().do_start()
                self._settle(end)
                return
            reason = self.judge(end.status) or "ended with status 0"
            self.fail(f"ended before it was ready ({self.ready_condition()}): {reason}")

    def _was_ready(self) -> bool:
        """Whether it got ready just before it ended: nobody may have seen it."""
        condition = self.ready_condition()
        with suppress(HostError):
            return condition.is_met(self.recording_host(), self.recorded_in())
        return False

    def _settle(self, end: Exit) -> None:
        """A process that was STARTED has ended: STOPPED, or FAILED with its reason."""
        wanted = self.stopping or self.releasing
        reason = "" if wanted else self.judge(end.status)
        if reason:
            self.fail(reason)
        else:
            super().do_stop()

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find its process again, or how it ended while nobody was there."""
        if ResourceState.PROVISIONED <= self.state < ResourceState.RELEASED:
            # its folder is ours to take away
            self.node.run_home(self)
        place = acts.get(SPAWN)
        if place is None or not READY <= self.state <= ResourceState.STOPPED:
            return
        end = self.find_process(Path(place))
        if self.state is READY:
            self._resume_ready(end)
        elif end is not None and self.state is STARTED:
            self.finish_recording()
            self._settle(end)

    def _resume_ready(self, end: Exit | None) -> None:
        """It may have been started, and its controller killed before that was known."""
        if self.starts_early():
            self._early, self._early_end = self.process is not None or end is not None, end
        elif end is not None:
            super().do_start()
            self.finish_recording()
            self._settle(end)
        elif self.process is not None:
            self._begin_waiting()

    def do_stop(self) -> object:
        """Ask it to end, then make it; STOPPED when it has ended."""
        if self.process is None:
            return super().do_stop()
        self.stopping = True
        self.patiently(self._ask_to_end)
        return LATER

    def _ask_to_end(self) -> None:
        if self.process is not None:
            self.end_process(self.process)

    # -- its end ------------------------------------------------------------------------------

    def do_release(self) -> object:
        """End what runs, keep what it recorded, take away what was put there; RELEASED then."""
        self._giving_back = True
        is_preparing = self.end_preparing()
        if self.process is not None or not is_preparing:
            self._give_back()
        return LATER

    def prepared_no_more(self) -> None:
        """The step that the release ended is over."""
        if self._giving_back:
            self._give_back()

    def _give_back(self) -> None:
        """As far as is possible now: what must be waited for comes back here."""
        try:
            self.drop_waiter()
            if self.process is not None:
                self.stopping = True
                self.stop_now(self.process)
                self.node.mind_reach()
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
        self.process = self.waiter = None
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
            self.drop_waiter()
            if self.process is not None:
                self.stopping = True
                self.stop_now(self.process)
        super().do_fail()
