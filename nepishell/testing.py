"""Helpers for tests of experiments and of resource types: virtual time, an event log, recorders.

`virtual()` gives a controller whose hours take no time; `EventLog` lists what happened, complete
when it is read; the `test::` family does nothing but write down which hook ran when, or fail where
it is told to.
"""

from collections.abc import Callable
from os import PathLike
from typing import NamedTuple, TypeVar

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import NepishellError
from nepishell.core.events import Event, StateChanged
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace
from nepishell.engine.bus import Bus
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.failure import FailureManager
from nepishell.engine.resource import ResourceManager

E = TypeVar("E")

HOOKS = (
    "do_discover", "do_provision", "do_deploy", "do_start", "do_stop", "do_release", "do_fail",
)  # fmt: skip


def virtual(
    exp_id: str | None = None,
    *,
    local_dir: str | PathLike[str] | None = None,
    fm: FailureManager | None = None,
    nthreads: int | None = None,
) -> ExperimentController:
    """A controller on a clock that jumps from one due time to the next; knows the test:: types."""
    register_types()
    return ExperimentController(
        exp_id, local_dir, fm=fm, clock=VirtualClock(), nthreads=nthreads, seed=1
    )


def advance(ec: ExperimentController, seconds: float = 0.0) -> None:
    """Let virtual time pass, with all that is due in it; 0: finish what is due now."""
    ec._scheduler.advance(seconds)


class EventLog:
    """The events of a controller's bus, from now on."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._events: list[Event] = []
        self.close = bus.subscribe(self._events.append)

    @property
    def events(self) -> list[Event]:
        """All that was posted before this call, in order."""
        self._bus.drain()
        return list(self._events)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def moves(self, guid: int) -> list[ResourceState]:
        """The states that resource *guid* entered, in order."""
        return [event.new for event in self.of(StateChanged) if event.guid == guid]

    def clear(self) -> None:
        """Forget what was posted so far."""
        self._bus.drain()
        self._events.clear()


class Call(NamedTuple):
    """A hook that ran: when (seconds on the run's clock), which, of which resource."""

    at: float
    hook: str
    guid: int


class Calls(list[Call]):
    """The calls of one run, in the order they began; shared by its recorders."""

    def close(self) -> None:
        """Nothing to give back: the list can be read after the run."""

    def of(self, guid: int) -> list[str]:
        """The hooks of one resource, in order."""
        return [call.hook for call in self if call.guid == guid]


def calls(ec: ExperimentController) -> Calls:
    """What the recorders of *ec* did so far; ask before the shutdown, read whenever you like."""
    return ec.shared("nepishell.testing.calls", Calls)


class Recorder(ResourceManager):
    """Connects to anything and does nothing but record its hooks; fails in the one it is told."""

    rtype = "test::Recorder"
    fail_in = Attribute(str, choices=HOOKS, help="the hook that raises")
    run_for = Attribute(Types.Duration, help="stops by itself that long after its start")
    word = Attribute(str, default="", live=True, help="any text, at any time")
    traces = (Trace("stdout", "what it says", enabled=True), Trace("stderr", "what it regrets"))

    def _record(self, hook: str) -> None:
        calls(self.ec).append(Call(self.ec.clock.now(), hook, self.guid))
        if self.fail_in == hook:
            raise NepishellError(f"{hook} was told to fail")

    def do_discover(self) -> None:
        self._record("do_discover")
        super().do_discover()

    def do_provision(self) -> None:
        self._record("do_provision")
        super().do_provision()

    def do_deploy(self) -> None:
        self._record("do_deploy")
        super().do_deploy()

    def do_start(self) -> None:
        self._record("do_start")
        super().do_start()
        if self.run_for is not None:
            self.ec.schedule(self.run_for, self.stop)

    def do_resume(self, acts: dict[str, str]) -> None:
        self._record("do_resume")
        started = self._stamps[ResourceState.STARTED]
        if self.run_for is not None and started is not None and self.state < ResourceState.STOPPED:
            self.ec.schedule(max(0.0, started + self.run_for - self.ec.clock.now()), self.stop)

    def do_stop(self) -> None:
        self._record("do_stop")
        super().do_stop()

    def do_release(self) -> None:
        self._record("do_release")
        super().do_release()

    def do_fail(self) -> None:
        self._record("do_fail")
        super().do_fail()

    def do_set(self, name: str, old: object, new: object) -> None:
        calls(self.ec).append(Call(self.ec.clock.now(), f"{name}={new}", self.guid))
        if new == "refuse":
            raise NepishellError(f"{name} cannot become {new}")


class Node(Recorder):
    """A host on which nothing runs."""

    rtype = "test::Node"


class App(Recorder):
    """Something that runs on a test::Node."""

    rtype = "test::App"
    node = Peer("test::Node", min=1, max=1, help="where it runs")
    followers = Peer("test::Follower", max=None, needs={}, help="who starts after it")


class Follower(Recorder):
    """Starts after the test::App it follows has STARTED."""

    rtype = "test::Follower"
    leader = Peer(
        "test::App",
        max=1,
        needs={
            ResourceAction.DEPLOY: ResourceState.READY,
            ResourceAction.START: ResourceState.STARTED,
        },
    )


class Scripted(ResourceManager):
    """Runs the functions it is given as hooks: `rm.script["do_start"] = lambda rm: ...`.

    A function that wants the move calls `rm.base("do_start")`; a hook without one is the base's.
    """

    rtype = "test::Scripted"

    def __init__(self, ec: ExperimentController, guid: int) -> None:
        super().__init__(ec, guid)
        self.script: dict[str, Callable[[Scripted], object]] = {}

    def base(self, hook: str) -> object:
        """The hook of ResourceManager."""
        return getattr(super(), hook)()

    def _play(self, hook: str) -> object:
        play = self.script.get(hook)
        return self.base(hook) if play is None else play(self)

    def do_discover(self) -> None:
        self._play("do_discover")

    def do_provision(self) -> None:
        self._play("do_provision")

    def do_deploy(self) -> object:
        return self._play("do_deploy")

    def do_start(self) -> object:
        return self._play("do_start")

    def do_stop(self) -> object:
        return self._play("do_stop")

    def do_release(self) -> object:
        return self._play("do_release")

    def do_fail(self) -> None:
        self._play("do_fail")


def register_types() -> None:
    """Make the test:: types known; as often as you like."""
    for rclass in (Recorder, Node, App, Follower, Scripted):
        ResourceFactory.register_type(rclass)
