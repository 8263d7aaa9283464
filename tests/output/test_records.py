"""How results are declared."""

import pytest

from nepishell.core.errors import UnknownName
from nepishell.output.records import Column, Record, Records


def test_rows_may_be_mappings_with_gaps() -> None:
    assert Records(["a", "b"], [{"a": 1}, {"b": "x"}]) == Records(
        ["a", "b"], [(1, None), (None, "x")]
    )


def test_a_column_takes_its_kind_from_its_first_value() -> None:
    records = Records(["a", "b", "c:duration"], [(None, True, 1.0), (2, False, 2.0)])

    assert records.columns == (Column("a", "int"), Column("b", "bool"), Column("c", "duration"))


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(UnknownName, match="column 'a' has no kind 'durations'; did you mean"):
        Records(["a:durations"], [])


def test_one_record_becomes_a_listing_of_one_row() -> None:
    assert Record({"a": 1}).as_records() == Records(["a"], [(1,)])
