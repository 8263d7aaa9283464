"""Conditions, and those that could never hold."""

import pytest

from nepishell.core.conditions import Condition, find_cycle
from nepishell.core.states import ResourceAction, ResourceState

DEPLOY, START, STOP = ResourceAction
READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED

Book = dict[int, list[Condition]]


def circle(guid: int, added: Condition, others: Book) -> list[str] | None:
    """The circle as '1 STARTED', ...; None when there is none."""
    found = find_cycle(guid, added, lambda other: others.get(other, ()))
    return None if found is None else [f"{guid} {state.name}" for guid, state in found]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition(START, (1, 2), STARTED), "start after 1,2 STARTED"),
        (Condition(STOP, (3,), STOPPED, 2.5), "stop after 3 STOPPED +2.5s"),
    ],
)
def test_reads_as_a_sentence(condition: Condition, text: str) -> None:
    assert str(condition) == text


def test_waiting_for_another_is_no_circle() -> None:
    assert circle(1, Condition(START, (2,), STARTED), {}) is None


def test_nobody_starts_after_his_own_start() -> None:
    assert circle(1, Condition(START, (1,), STARTED), {}) == ["1 STARTED", "1 STARTED"]


def test_an_offset_does_not_open_a_circle() -> None:
    assert circle(1, Condition(START, (1,), STARTED, 5.0), {}) is not None


def test_finds_two_that_start_after_each_other() -> None:
    others = {2: [Condition(START, (1,), STARTED)]}

    assert circle(1, Condition(START, (2,), STARTED), others) == [
        "1 STARTED", "2 STARTED", "1 STARTED",
    ]  # fmt: skip


@pytest.mark.parametrize("length", [3, 5, 50])
def test_finds_a_longer_circle(length: int) -> None:
    others = {
        guid: [Condition(START, (guid % length + 1,), STARTED, 1.0)]
        for guid in range(2, length + 1)
    }
    found = circle(1, Condition(START, (2,), STARTED), others)

    assert found is not None
    assert found[0] == found[-1] == "1 STARTED"
    assert len([point for point in found if point.endswith("STARTED")]) == length + 1


def test_a_chain_is_no_circle() -> None:
    others = {guid: [Condition(START, (guid + 1,), STARTED)] for guid in range(1, 50)}

    assert circle(0, Condition(START, (1,), STARTED), others) is None


def test_two_ways_to_the_same_point_are_no_circle() -> None:
    others = {
        2: [Condition(START, (4,), STARTED)],
        3: [Condition(START, (4,), STARTED)],
    }

    assert circle(1, Condition(START, (2, 3), STARTED), others) is None


def test_finds_a_circle_through_the_states_of_one_resource() -> None:
    # 2 cannot start before it is READY, and it deploys after 1 started
    others = {2: [Condition(DEPLOY, (1,), STARTED)]}

    assert circle(1, Condition(START, (2,), READY), others) is not None
    assert circle(1, Condition(START, (2,), STARTED), others) is not None


def test_deploying_one_after_the_other_started_is_no_circle() -> None:
    others = {2: [Condition(DEPLOY, (1,), READY)]}

    assert circle(1, Condition(START, (2,), READY), others) is None


def test_two_that_deploy_after_each_other_are_a_circle() -> None:
    others = {2: [Condition(DEPLOY, (1,), READY)]}

    assert circle(1, Condition(DEPLOY, (2,), READY), others) is not None


def test_nobody_starts_after_his_own_end() -> None:
    assert circle(1, Condition(START, (1,), STOPPED), {}) is not None


def test_nobody_stops_after_his_own_stop() -> None:
    assert circle(1, Condition(STOP, (1,), STOPPED), {}) is not None


def test_stopping_after_ones_own_start_is_no_circle() -> None:
    assert circle(1, Condition(STOP, (1,), STARTED, 10.0), {}) is None


def test_two_that_stop_after_each_other_may_end_by_themselves() -> None:
    others = {2: [Condition(STOP, (1,), STOPPED)]}

    assert circle(1, Condition(STOP, (2,), STOPPED), others) is None


def test_starting_after_the_end_of_one_that_starts_after_us_is_a_circle() -> None:
    others = {2: [Condition(START, (1,), STARTED)]}

    assert circle(1, Condition(START, (2,), STOPPED), others) is not None


@pytest.mark.parametrize("state", [ResourceState.FAILED, ResourceState.RELEASED])
def test_waiting_for_an_end_is_no_circle(state: ResourceState) -> None:
    others = {2: [Condition(START, (1,), STARTED)]}

    assert circle(1, Condition(START, (2,), state), others) is None
