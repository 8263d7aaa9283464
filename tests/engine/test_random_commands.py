"""Any commands in any order: every move is in the table, nothing hangs, and nothing is left."""

import threading
from collections import defaultdict
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nepishell import LATER, NepishellError, ResourceAction, ResourceState
from nepishell.core.events import ResourceAdded, ResourceRemoved, StateChanged
from nepishell.core.states import is_legal
from nepishell.testing import EventLog, Scripted, advance, virtual

RTYPES = ("test::Recorder", "test::Node", "test::App", "test::Follower", "test::Scripted")
HOOKS = ("do_deploy", "do_start", "do_stop", "do_release")
PICK = st.integers(0, 99)
SOME = st.lists(PICK, max_size=4)
STATE = st.sampled_from(list(ResourceState))
DELAY = st.sampled_from([None, 0.5, 3, "10s"])


def late(hook: str) -> object:
    """A hook whose move comes two seconds later."""

    def play(rm: Scripted) -> object:
        rm.ec.schedule("2s", lambda: rm.later(finish, rm, hook))
        return LATER

    return play


def finish(rm: Scripted, hook: str) -> None:
    with suppress(NepishellError):  # somebody may have moved it meanwhile
        rm.base(hook)


class Commands(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.before = set(threading.enumerate())
        self.ec = virtual(nthreads=2)
        self.log = EventLog(self.ec.bus)

    def pick(self, number: int) -> int:
        """One of the guids, or one that does not exist.

        What is drawn must not depend on states: threads may reach them in another order next time.
        """
        guids = self.ec.resources or [1]
        return guids[number % len(guids)]

    def picks(self, numbers: list[int]) -> list[int]:
        return [self.pick(number) for number in numbers]

    def attempt(self, command: object, *args: object, **kwargs: object) -> None:
        """A refusal is an error of ours; anything else is a bug."""
        with suppress(NepishellError):
            command(*args, **kwargs)  # type: ignore[operator]

    @rule(
        rtype=st.sampled_from(RTYPES),
        critical=st.booleans(),
        fail_in=st.none() | st.sampled_from(HOOKS),
    )
    def register(self, rtype: str, critical: bool, fail_in: str | None) -> None:
        if rtype == "test::Scripted":
            rm = self.ec.get_resource(self.ec.register_resource(rtype, critical=critical))
            assert isinstance(rm, Scripted)
            if fail_in is not None:
                rm.script[fail_in] = late(fail_in)  # type: ignore[assignment]
        else:
            self.ec.register_resource(rtype, critical=critical, fail_in=fail_in)

    @rule(one=PICK, two=PICK)
    def connect(self, one: int, two: int) -> None:
        self.attempt(self.ec.register_connection, self.pick(one), self.pick(two))

    @rule(one=PICK, two=PICK)
    def disconnect(self, one: int, two: int) -> None:
        self.attempt(self.ec.unregister_connection, self.pick(one), self.pick(two))

    @rule(
        ones=SOME, action=st.sampled_from(list(ResourceAction)), twos=SOME, state=STATE, delay=DELAY
    )
    def hold(
        self,
        ones: list[int],
        action: ResourceAction,
        twos: list[int],
        state: ResourceState,
        delay: float | str | None,
    ) -> None:
        self.attempt(
            self.ec.register_condition, self.picks(ones), action, self.picks(twos), state, delay
        )

    @rule(ones=SOME, action=st.none() | st.sampled_from(list(ResourceAction)))
    def let_go(self, ones: list[int], action: ResourceAction | None) -> None:
        self.attempt(self.ec.unregister_condition, self.picks(ones), action)

    @rule(ones=SOME | st.none(), together=st.booleans(), group=st.none() | st.integers(1, 3))
    def deploy(self, ones: list[int] | None, together: bool, group: int | None) -> None:
        guids = None if ones is None else self.picks(ones)
        self.attempt(self.ec.deploy, guids, together, group)

    @rule(one=PICK, action=st.sampled_from(["discover", "provision", "start", "stop"]))
    def act(self, one: int, action: str) -> None:
        self.attempt(getattr(self.ec, action), self.pick(one))

    @rule(one=PICK)
    def fail(self, one: int) -> None:
        self.attempt(lambda: self.ec._rm(self.pick(one)).fail("as it was told"))

    @rule(one=PICK, word=st.sampled_from(["hello", "refuse"]))
    def say(self, one: int, word: str) -> None:
        self.attempt(self.ec.set, self.pick(one), "word", word)

    @rule(ones=SOME)
    def release(self, ones: list[int]) -> None:
        self.attempt(self.ec.release, self.picks(ones))

    @rule(one=PICK)
    def remove(self, one: int) -> None:
        self.attempt(self.ec.remove_resource, self.pick(one))

    @rule(ones=SOME, state=STATE, timeout=st.sampled_from([None, 0, "5s"]))
    def wait(self, ones: list[int], state: ResourceState, timeout: float | str | None) -> None:
        self.attempt(self.ec.wait, self.picks(ones), state, timeout)

    @rule(seconds=st.sampled_from([0, 0.5, 2, 30]))
    def let_time_pass(self, seconds: float) -> None:
        advance(self.ec, seconds)

    @invariant()
    def connections_have_two_ends(self) -> None:
        for guid in self.ec.resources:
            for other in self.ec.connections(guid):
                assert guid in self.ec.connections(other)

    @invariant()
    def every_move_is_in_the_table_and_time_goes_on(self) -> None:
        state: dict[int, ResourceState] = defaultdict(lambda: ResourceState.NEW)
        known: set[int] = set()
        at = 0.0
        for event in self.log.events:
            assert event.at >= at
            at = event.at
            match event:
                case ResourceAdded():
                    known.add(event.guid)
                case ResourceRemoved():
                    known.discard(event.guid)
                case StateChanged():
                    assert event.guid in known
                    assert event.old is state[event.guid]
                    assert is_legal(event.old, event.new)
                    state[event.guid] = event.new

    def teardown(self) -> None:
        rms = list(self.ec._life.resources.values())
        self.ec.shutdown()

        assert {rm.state for rm in rms} <= {ResourceState.RELEASED}
        assert {rm._queue for rm in rms} <= {None}
        assert (self.ec._scheduler.active, self.ec._scheduler.waiters) == (0, 0)
        assert self.ec._life._waits == {}
        assert set(threading.enumerate()) <= self.before


TestRandomCommands = Commands.TestCase
TestRandomCommands.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
