"""Columns, conditions and sort keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from nepishell.lang.types.stages import (
    COLUMNS,
    ColumnsType,
    Condition,
    ConditionType,
    SortKey,
    SortKeyType,
)
from nepishell.lang.view import StaticView

VIEW = StaticView()
ENV = {COLUMNS: ("guid", "label", "state")}


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("state=FAILED", ("state", "=", "FAILED")),
        ("state != x", ("state", "!=", "x")),
        ("guid>=3", ("guid", ">=", "3")),
        ("label~a=b", ("label", "~", "a=b")),
        ("label=", ("label", "=", "")),
        ("guid< =3", ("guid", "<", "=3")),
    ],
)
def test_a_condition_is_column_operator_and_text(
    text: str, condition: tuple[str, str, str]
) -> None:
    kind = ConditionType()

    assert kind.parse(VIEW, ENV, text) == condition
    assert kind.parse(VIEW, ENV, kind.format(Condition(*condition), VIEW, ENV)) == condition


@given(st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~"]), st.text(min_size=1))
def test_any_condition_is_read_as_it_was_written(operator: str, text: str) -> None:
    kind, condition = ConditionType(), Condition("guid", operator, text.strip() or "x")

    assert kind.parse(VIEW, ENV, kind.format(condition, VIEW, ENV)) == condition


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [("rtt", True), ("rtt >", True), ("rtt>", True), ("state =", True), ("label=", False),
     ("rtt>3", False), ("rtt > 3", False), ("label = ", False)],
)  # fmt: skip
def test_a_condition_may_take_three_words(text: str, goes_on: bool) -> None:
    assert ConditionType().continues(text) is goes_on


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("state", "'state' is not a condition; write column=value, with = != < > <= >= or ~"),
        ("guid<", "'guid<': nothing stands after '<'"),
        ("stat=NEW", "no column 'stat'; did you mean 'state'?"),
    ],
)
def test_a_wrong_condition_is_refused(text: str, message: str) -> None:
    with pytest.raises(NepishellError) as caught:
        ConditionType().parse(VIEW, ENV, text)

    assert str(caught.value) == message


def test_without_declared_columns_any_column_is_accepted() -> None:
    assert ColumnsType().parse(VIEW, {}, "a,b") == ("a", "b")
    assert ColumnsType().partial(VIEW, {}, "a,")


def test_columns_already_chosen_are_not_offered_again() -> None:
    found = [each.text for each in ColumnsType().complete(VIEW, ENV, "guid,", 9)]

    assert found == ["guid,label", "guid,state"]


@pytest.mark.parametrize(
    ("text", "key"), [("guid", SortKey("guid")), ("-guid", SortKey("guid", descending=True))]
)
def test_a_minus_sorts_the_largest_first(text: str, key: SortKey) -> None:
    assert SortKeyType().parse(VIEW, ENV, text) == key
    assert SortKeyType().format(key, VIEW, ENV) == text


def test_values_of_well_known_columns_are_offered() -> None:
    kind = ConditionType()

    assert [each.text for each in kind.complete(VIEW, ENV, "state = fa", 9)] == ["state = FAILED"]
    assert [each.text for each in kind.complete(VIEW, ENV, "guid=", 9)] == []
