"""Stages over records, as tables of stage and rows left."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.output.pipeline import shape
from nepishell.output.records import Message, Record, Records, Result


class Stage(NamedTuple):
    command: str
    args: Mapping[str, object] = {}


ROWS = [
    (1, "web10", ResourceState.STARTED, 0.03, 1e6, ["a", "b"]),
    (2, "web9", ResourceState.FAILED, 0.2, None, []),
    (3, None, ResourceState.NEW, None, 5e5, ["b"]),
]
LIST = Records(["guid", "label", "state", "rtt:duration", "rate:rate", "peers"], ROWS)


def guids(result: Result) -> list[object]:
    assert isinstance(result, Records)
    return [row[0] for row in result.rows]


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (("state", "=", "FAILED"), [2]),
        (("state", "=", "failed"), [2]),
        (("state", "!=", "FAILED"), [1, 3]),
        (("state", "<", "STARTED"), [3]),
        (("guid", ">=", "2"), [2, 3]),
        (("guid", "!=", "2"), [1, 3]),
        (("rtt", ">", "30ms"), [2]),
        (("rtt", ">=", "30ms"), [1, 2]),
        (("rtt", "<", "0.1"), [1]),
        (("rtt", "=", ""), [3]),
        (("rtt", "!=", ""), [1, 2]),
        (("rate", "<=", "1mbit"), [1, 3]),
        (("label", "=", "web9"), [2]),
        (("label", "=", ""), [3]),
        (("label", "<", "web10"), [2, 3]),
        (("label", "~", "^web"), [1, 2]),
        (("rtt", "~", "ms"), [1, 2]),
        (("peers", "=", "b"), [1, 3]),
    ],
)
def test_where_keeps_rows_that_meet_the_condition(
    condition: tuple[str, str, str], left: list[int]
) -> None:
    found = shape(LIST, [Stage("where", {"conditions": (condition,)})])

    assert guids(found.result) == left


def test_where_asks_for_all_of_its_conditions() -> None:
    conditions = (("guid", ">", "1"), ("state", "=", "NEW"))

    assert guids(shape(LIST, [Stage("where", {"conditions": conditions})]).result) == [3]


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([("label", False)], [2, 1, 3]),
        ([("label", True)], [1, 2, 3]),
        ([("rtt", True)], [2, 1, 3]),
        ([("rate", False)], [3, 1, 2]),
        ([("state", False)], [3, 1, 2]),
    ],
)
def test_sort_knows_numbers_in_names_and_puts_the_unknown_last(
    keys: list[tuple[str, bool]], order: list[int]
) -> None:
    assert guids(shape(LIST, [Stage("sort", {"keys": keys})]).result) == order


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        (Stage("head", {"count": 2}), [1, 2]),
        (Stage("head"), [1, 2, 3]),
        (Stage("tail", {"count": 1}), [3]),
        (Stage("tail", {"count": 0}), []),
        (Stage("tail", {"count": 9}), [1, 2, 3]),
    ],
)
def test_head_and_tail_keep_so_many_rows(stage: Stage, left: list[int]) -> None:
    assert guids(shape(LIST, [stage]).result) == left


def test_cols_chooses_columns_and_keeps_their_kinds() -> None:
    found = shape(LIST, [Stage("cols", {"columns": ("rtt", "guid")})]).result

    assert found == Records(["rtt:duration", "guid:int"], [(0.03, 1), (0.2, 2), (None, 3)])


def test_count_gives_one_number() -> None:
    assert shape(LIST, [Stage("count")]).result == Record({"count": 3})


def test_one_record_is_a_listing_of_one_row() -> None:
    found = shape(Record({"guid": 7, "label": "x"}), [Stage("cols", {"columns": ("label",)})])

    assert found.result == Records(["label"], [("x",)])


def test_a_format_is_told_and_changes_nothing() -> None:
    assert shape(LIST, [Stage("json")]) == (LIST, "json")


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([Stage("cols", {"columns": ("lable",)})], "no column 'lable'; did you mean 'label'?"),
        (
            [Stage("cols", {"columns": ("zz",)})],
            "no column 'zz'; columns are guid, label, state, rtt, rate, peers",
        ),
        (
            [Stage("where", {"conditions": (("rtt", ">", "x"),)})],
            "column 'rtt': 'x' is not a duration; write a number and a unit, as in 250ms, 1.5s, 2m",
        ),
        ([Stage("json"), Stage("head")], "nothing may follow '| json': put 'head' before it"),
        ([Stage("haed")], "no stage 'haed'; did you mean 'head'?"),
    ],
)
def test_a_wrong_stage_says_what_to_type_instead(stages: list[Stage], message: str) -> None:
    with pytest.raises(NepishellError) as caught:
        shape(LIST, stages)

    assert str(caught.value) == message


def test_a_bad_pattern_is_an_error_and_no_traceback() -> None:
    with pytest.raises(NepishellError, match=r"^'\(' is not a pattern"):
        shape(LIST, [Stage("where", {"conditions": (("label", "~", "("),)})])


def test_a_sentence_cannot_be_filtered() -> None:
    with pytest.raises(NepishellError, match="needs records"):
        shape(Message("done"), [Stage("head")])


def test_any_text_can_be_sorted_and_compared() -> None:
    texts = ["9" * 5000, "²", "", "a10", "a9", "10a", "٣", "a"]
    found = shape(
        Records(["t"], [(text,) for text in texts]), [Stage("sort", {"keys": [("t", False)]})]
    )

    assert isinstance(found.result, Records)
    assert sorted(row[0] for row in found.result.rows) == sorted(texts)  # type: ignore[type-var]
    shape(found.result, [Stage("where", {"conditions": (("t", "<", "9" * 5000),)})])
