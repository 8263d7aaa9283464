"""The table of moves, pair by pair, and the names of states and actions."""

import pytest

from nepishell.core.errors import UnknownName
from nepishell.core.states import (
    GOAL_OF,
    MOVES,
    READY_FOR,
    ECState,
    FailureLevel,
    ResourceAction,
    ResourceState,
    is_legal,
    parse_action,
    parse_state,
)

# written once more, as a drawing: rows are the old state, columns the new one
DRAWN = """
             NEW DISCOVERED PROVISIONED READY STARTED STOPPED FAILED RELEASED
NEW           .      x           x        x      .       .      x       x
DISCOVERED    .      .           x        x      .       .      x       x
PROVISIONED   .      .           .        x      .       .      x       x
READY         .      .           .        .      x       .      x       x
STARTED       .      .           .        .      .       x      x       x
STOPPED       .      .           .        .      x       .      x       x
FAILED        .      .           .        .      .       .      .       x
RELEASED      .      .           .        .      .       .      .       .
"""


def drawn_pairs() -> list[tuple[ResourceState, ResourceState, bool]]:
    header, *rows = (line.split() for line in DRAWN.strip().splitlines())
    return [
        (ResourceState[old], ResourceState[new], mark == "x")
        for old, *marks in rows
        for new, mark in zip(header, marks, strict=True)
    ]


@pytest.mark.parametrize(("old", "new", "legal"), drawn_pairs())
def test_a_move_is_legal_exactly_when_it_is_drawn(
    old: ResourceState, new: ResourceState, legal: bool
) -> None:
    assert is_legal(old, new) is legal


def test_every_state_has_its_row() -> None:
    assert set(MOVES) == set(ResourceState)
    assert len(drawn_pairs()) == len(ResourceState) ** 2


def test_released_is_final() -> None:
    assert MOVES[ResourceState.RELEASED] == frozenset()


def test_every_other_state_can_be_released() -> None:
    released = ResourceState.RELEASED

    assert all(is_legal(old, released) for old in ResourceState if old is not released)


@pytest.mark.parametrize("action", ResourceAction)
def test_an_action_leads_somewhere_from_each_state_it_may_run_in(action: ResourceAction) -> None:
    assert all(is_legal(old, GOAL_OF[action]) for old in READY_FOR[action])


def test_names_and_numbers_are_those_of_nepi() -> None:
    assert [(s.name, s.value) for s in ResourceState] == [
        ("NEW", 0),
        ("DISCOVERED", 1),
        ("PROVISIONED", 2),
        ("READY", 3),
        ("STARTED", 4),
        ("STOPPED", 5),
        ("FAILED", 6),
        ("RELEASED", 7),
    ]
    assert [(a.name, a.value) for a in ResourceAction] == [("DEPLOY", 0), ("START", 1), ("STOP", 2)]
    assert [s.value for s in ECState] == [1, 2, 3, 4]
    assert [level.value for level in FailureLevel] == [1, 2, 3]


@pytest.mark.parametrize("text", ["STARTED", "started", "Started", 4, ResourceState.STARTED])
def test_reads_a_state_by_name_or_number(text: str | int) -> None:
    assert parse_state(text) is ResourceState.STARTED


@pytest.mark.parametrize("text", ["START", "stop", 0, ResourceAction.DEPLOY])
def test_reads_an_action_by_name_or_number(text: str | int) -> None:
    assert parse_action(text) in ResourceAction


def test_an_unknown_state_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownName) as caught:
        parse_state("startd")
    assert str(caught.value) == (
        "'startd' is not a state; states are NEW, DISCOVERED, PROVISIONED, READY, STARTED, "
        "STOPPED, FAILED, RELEASED; did you mean 'STARTED'?"
    )


@pytest.mark.parametrize("text", ["", 8, -1, "4"])
def test_what_is_no_state_is_refused(text: str | int) -> None:
    with pytest.raises(UnknownName):
        parse_state(text)


@pytest.mark.parametrize("text", ["RUN", "", 3])
def test_what_is_no_action_is_refused(text: str | int) -> None:
    with pytest.raises(UnknownName, match="actions are DEPLOY, START, STOP"):
        parse_action(text)
