"""Going on with what another controller began: the end is as if nothing had happened."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell import ExperimentController, NepishellError, ResourceState, VirtualClock
from nepishell.core.events import Event
from nepishell.engine.adopting import Adoption, Late
from nepishell.journal.resuming import Legacy, take_over
from nepishell.journal.runs import Fate, Run
from nepishell.journal.world import fold
from nepishell.testing import EventLog, advance, calls, register_types, virtual

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED
Outcome = dict[int, tuple[str, float | None, float | None]]


def outcome(ec: ExperimentController) -> Outcome:
    """Where each resource is, and when it started and stopped."""
    return {
        guid: (rm.state.name, rm._stamps[STARTED], rm._stamps[STOPPED])
        for guid in ec.resources
        if (rm := ec._rm(guid))
    }


def go_on(told: list[Event], ec: ExperimentController, late: Late = Late.RUN) -> Adoption:
    """Let *ec* go on from what the events *told* come to."""
    world = fold(told)
    run = Run(path=ec.run_dir, head={}, fate=Fate.ORPHANED)
    legacy = Legacy(run=run, world=world, last=world.at, commands=0, unfinished=[], jobs={})
    return take_over(ec, legacy, late)


def resumed_at(at: float) -> ExperimentController:
    register_types()
    clock = VirtualClock()
    clock.jump(at)
    return ExperimentController("resumed", clock=clock, seed=1)


def disturbed(
    describe: Callable[[ExperimentController], None], cut: float
) -> tuple[Outcome, Outcome]:
    """How it ends undisturbed, and cut off after a share of its events and gone on with."""
    with virtual() as ec:
        log = EventLog(ec.bus)
        describe(ec)
        begin = len(log.events)
        ec.deploy()
        advance(ec, 100.0)
        told, expected = log.events, outcome(ec)
    told = told[: max(begin + 1, int(len(told) * cut))]
    with resumed_at(max(event.at for event in told)) as ec:
        go_on(told, ec)
        advance(ec, 100.0)
        return expected, outcome(ec)


def chain(ec: ExperimentController) -> None:
    """Three that start one after the other, the last of which stops the first."""
    one, two, three = (
        ec.register_resource("test::Recorder", label=label) for label in ("a", "b", "c")
    )
    ec.register_condition(two, "start", one, STARTED, "2s")
    ec.register_condition(three, "start", two, STARTED, "3s")
    ec.register_condition(one, "stop", three, STARTED, "1s")
    ec.set(three, "run_for", "4s")


@pytest.mark.parametrize("cut", [share / 20 for share in range(21)])
def test_a_chain_of_conditions_ends_the_same_wherever_it_is_cut(cut: float) -> None:
    expected, found = disturbed(chain, cut)
    assert found == expected


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(0, 3)), max_size=5),
    st.lists(st.integers(0, 6), min_size=5, max_size=5),
    st.floats(0, 1),
)
def test_any_experiment_ends_the_same_wherever_it_is_cut(
    conditions: list[tuple[int, int, int]], lasting: list[int], cut: float
) -> None:
    def describe(ec: ExperimentController) -> None:
        guids = [ec.register_resource("test::Recorder") for _ in lasting]
        for guid, seconds in zip(guids, lasting, strict=True):
            if seconds:
                ec.set(guid, "run_for", f"{seconds}s")
        for one, other, delay in conditions:
            try:
                ec.register_condition(one, "start", guids[other], STARTED, f"{delay}s")
            except NepishellError:
                continue

    expected, found = disturbed(describe, cut)
    assert found == expected


def lone(ec: ExperimentController) -> list[Event]:
    """One that starts five seconds after another; told until that one started."""
    log = EventLog(ec.bus)
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, STARTED, "5s")
    ec.deploy()
    ec.wait_started(one)
    return log.events


@pytest.mark.parametrize(
    ("late", "state"), [(Late.RUN, "STARTED"), (Late.SKIP, "READY"), (Late.FAIL, "FAILED")]
)
def test_what_was_due_meanwhile_is_run_skipped_or_failed(late: Late, state: str) -> None:
    with virtual() as ec:
        told = lone(ec)
    with resumed_at(60.0) as ec:
        found = go_on(told, ec, late)
        advance(ec, 1.0)
        assert [(guid, round(overdue)) for guid, _, overdue in found.late] == [(2, 55)]
        assert ec.state(2, hr=True) == state


def test_what_cannot_be_found_again_fails_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with virtual() as ec:
        told = lone(ec)
    with resumed_at(1.0) as ec:
        register_types()

        def lost(self: object, acts: dict[str, str]) -> None:
            raise NepishellError("no process 4711")

        rclass = type(ec._rm(ec.register_resource("test::Recorder")))
        ec.remove_resource(1)
        monkeypatch.setattr(rclass, "do_resume", lost)
        found = go_on(told, ec)
        assert dict(found.lost)[1] == "lost while nobody was there: no process 4711"
        assert ec.state(1, hr=True) == "FAILED"


def test_those_that_are_needed_are_found_first() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        app = ec.register_resource("test::App")
        node = ec.register_resource("test::Node")
        ec.register_connection(app, node)
        follower = ec.register_resource("test::Follower")
        ec.register_connection(follower, app)
        ec.deploy()
        ec.wait_started([app, node, follower])
        told = log.events
    with resumed_at(1.0) as ec:
        go_on(told, ec)
        resumed = [call.guid for call in calls(ec) if call.hook == "do_resume"]
        assert resumed.index(app) < resumed.index(follower)


def test_what_was_removed_and_what_was_released_stays_so() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        one, two, three = (ec.register_resource("test::Recorder") for _ in range(3))
        ec.deploy()
        ec.wait_started([one, two, three])
        ec.release([one, two])
        ec.remove_resource(two)
        told = log.events
    with resumed_at(1.0) as ec:
        go_on(told, ec)
        states = {guid: ec.state(guid, hr=True) for guid in ec.resources}
        assert states == {one: "RELEASED", three: "STARTED"}
        assert ec.counts().get(STARTED) == 1


def test_a_setting_that_waited_is_made_later() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        one, two = (ec.register_resource("test::Recorder") for _ in range(2))
        ec.deploy()
        ec.wait_started([one, two])
        ec.set_with_conditions("word", "hello", one, two, STARTED, "5s")
        told = log.events
    with resumed_at(1.0) as ec:
        go_on(told, ec)
        advance(ec, 10.0)
        assert ec.get(one, "word") == "hello"
