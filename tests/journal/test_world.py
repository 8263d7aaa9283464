"""What the events of a journal come to is what the controller came to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell import ExperimentController, NepishellError, ResourceState
from nepishell.core.events import Event
from nepishell.journal.world import World, before_release, fold
from nepishell.testing import EventLog, advance, virtual


def same(ec: ExperimentController, world: World) -> None:
    assert sorted(world.resources) == sorted(ec.resources)
    for guid, past in world.resources.items():
        rm = ec.get_resource(guid)
        assert rm is not None
        assert (past.rtype, past.label, past.state) == (rm.rtype, rm.label, rm.state)
        assert sorted(past.connections) == sorted(rm.connections)
        assert past.conditions == list(rm.conditions)
        assert past.reason == rm.failure
        for name, value in past.values.items():
            assert value == rm.attribute(name).format(rm.get(name))
        for name, enabled in past.traces.items():
            assert rm.trace_enabled(name) == enabled


ACTS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(1, 6), st.integers(1, 6)), min_size=5, max_size=60
)


def act(ec: ExperimentController, what: int, one: int, two: int) -> None:
    match what:
        case 0 | 1:
            ec.register_resource("test::Recorder", word=f"w{one}")
        case 2:
            ec.register_connection(one, two)
        case 3:
            ec.set_label(one, f"label{two}")
        case 4:
            ec.register_condition(one, "start", two, "STARTED", f"{two}s")
        case 5:
            ec.enable_trace(one, "stderr")
        case 6:
            ec.remove_resource(one)
        case 7:
            ec.deploy([one])


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_any_experiment_is_folded_to_what_it_is(acts: list[tuple[int, int, int]]) -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        for what, one, two in acts:
            try:
                with ec.recording() as change:
                    act(ec, what, one, two)
                if change and what in (3, 4, 5) and two == 1:
                    ec.take_back(change)
            except NepishellError:
                continue
        advance(ec)
        same(ec, fold(log.events))


def test_a_moment_in_the_past_knows_nothing_of_what_came_later(ec: ExperimentController) -> None:
    log = EventLog(ec.bus)
    one = ec.register_resource("test::Recorder", run_for="5s")
    ec.deploy()
    ec.wait_finished(one)
    assert fold(log.events, 4.9).resources[one].state is ResourceState.STARTED
    assert fold(log.events, 5.0).resources[one].state is ResourceState.STOPPED


def test_what_was_removed_is_remembered(ec: ExperimentController) -> None:
    log = EventLog(ec.bus)
    one = ec.register_resource("test::Recorder", label="web")
    ec.remove_resource(one)
    world = fold(log.events)
    assert world.resources == {}
    found = world.find(one)
    assert found is not None
    assert found.rtype == "test::Recorder"


def test_what_was_set_last_counts_and_what_releasing_did_does_not() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        one = ec.register_resource("test::Recorder", word="early")
        two = ec.register_resource("test::Recorder")
        ec.deploy()
        ec.wait_started([one, two])
        ec.release(two)
        ec.set(one, "word", "late")
        ec.register_resource("test::Recorder")
        ec.release(one)
        ec.bus.drain()
        world = before_release(log.events)
    assert world.resources[one].values["word"] == "late"
    assert [past.state.name for past in world.resources.values()] == ["STARTED", "RELEASED", "NEW"]


def test_without_any_release_the_end_is_the_end() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        one = ec.register_resource("test::Recorder", label="web")
        ec.bus.drain()
        assert before_release(log.events).resources[one].name == "web"
    assert before_release([]).resources == {}


def test_events_of_nobody_change_nothing() -> None:
    log: list[Event] = []
    with virtual() as ec:
        seen = EventLog(ec.bus)
        one = ec.register_resource("test::Recorder", label="x")
        ec.register_connection(one, ec.register_resource("test::Recorder"))
        ec.deploy()
        log = [event for event in seen.events if type(event).__name__ != "ResourceAdded"]
    assert fold(log).resources == {}


@pytest.mark.parametrize("until", [0.0, 1.0])
def test_nothing_is_a_world_too(until: float) -> None:
    assert fold([], until).resources == {}
