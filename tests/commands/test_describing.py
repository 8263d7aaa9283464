"""Events become lines: what belongs together in one, what was taken back in none."""

from nepishell.commands.describing import Describer, without_detours
from nepishell.core.events import (
    ConditionAdded,
    ConditionRemoved,
    Connected,
    Disconnected,
    ResourceAdded,
)
from nepishell.core.states import ResourceAction, ResourceState

NAMES = {number: f"n{number}" for number in range(1, 9)}
WHEN = (3, ResourceAction.START, (1, 2), ResourceState.STARTED, 0.25)


def lines(*events):
    describer = Describer(NAMES, {}, lambda guid, name, value: value)
    return list(describer.lines(without_detours(events, never=set())))


def test_a_chain_and_a_star_are_one_line_each():
    chain = [Connected(0, 1, 2), Connected(0, 2, 3)]
    star = [Connected(0, 4, 8), Connected(0, 5, 8), Connected(0, 6, 8)]
    fan = [Connected(0, 7, 1), Connected(0, 7, 2), Connected(0, 7, 3)]
    assert lines(*chain, *star) == ["connect n1 n2 n3", "connect n[4-6] n8"]
    assert lines(*fan) == ["connect n7 n[1-3]"]


def test_what_is_put_on_a_node_is_added_there():
    told = [ResourceAdded(0, 1, "test::App"), Connected(0, 1, 8), ResourceAdded(0, 2, "test::App")]
    assert lines(*told) == ["add test::App n1 on n8", "add test::App n2"]


def test_one_of_each_for_as_many_nodes_is_one_line():
    told = [ResourceAdded(0, 1, "test::App"), ResourceAdded(0, 2, "test::App")]
    assert lines(*told, Connected(0, 1, 7), Connected(0, 2, 8)) == [
        "add test::App n[1-2] on n[7-8]"
    ]


def test_a_connection_the_other_way_round_takes_it_back():
    assert lines(Connected(0, 1, 2), Disconnected(1, 2, 1)) == []


def test_conditions_say_whom_they_wait_for():
    assert lines(ConditionAdded(0, *WHEN)) == ["when n[1-2] STARTED +250ms start n3"]
    assert lines(ConditionAdded(0, *WHEN), ConditionRemoved(1, *WHEN)) == []
