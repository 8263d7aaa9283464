"""The view written by hand answers as the protocol says."""

from nepishell.core.states import ResourceState
from nepishell.lang.view import StaticRow, StaticType, StaticView, View

ROWS = [
    StaticRow(2, "a::B", "two", ResourceState.READY, group=7),
    StaticRow(1, "a::B"),
]
VIEW: View = StaticView(
    ROWS,
    {"a::B": StaticType("Help."), "a::C": StaticType()},
    values={(1, "x"): 5},
    names={"task": {"3": "deploy"}},
)


def test_resources_are_found_by_guid_and_label() -> None:
    assert list(VIEW.guids()) == [1, 2]
    assert VIEW.having(state=ResourceState.READY) == VIEW.having(group=7) == [2]
    assert VIEW.having(rtypes=("a::B",)) == [1, 2]
    assert (VIEW.state(2), VIEW.state(9)) == (ResourceState.READY, None)
    assert VIEW.row(2) == ROWS[0]
    assert VIEW.find("two") == 2
    assert (VIEW.row(9), VIEW.find("nine")) == (None, None)


def test_names_are_indexed_by_kind() -> None:
    kinds = ("label", "rtype", "used rtype", "group", "task", "nothing")

    assert [list(VIEW.names(kind)) for kind in kinds] == [
        ["two"], ["a::B", "a::C"], ["a::B"], ["7"], ["3"], []
    ]  # fmt: skip


def test_notes_and_values_are_empty_when_there_are_none() -> None:
    assert (VIEW.note("rtype", "a::B"), VIEW.note("task", "3")) == ("Help.", "deploy")
    assert (VIEW.note("rtype", "x"), VIEW.note("task", "4")) == ("", "")
    assert (VIEW.value(1, "x"), VIEW.value(2, "x")) == (5, None)
