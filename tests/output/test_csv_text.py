"""Records as CSV."""

from nepishell.core.states import ResourceState
from nepishell.output.records import Message, Record, Records
from nepishell.output.render import render


def test_csv_quotes_what_needs_it() -> None:
    records = Records(["a", "b"], [("x,y", ResourceState.NEW), ('"', None)])

    assert render(records, "csv") == 'a,b\n"x,y",NEW\n"""",'


def test_csv_has_numbers_in_base_units_and_states_by_name() -> None:
    record = Record(
        {"t": 0.25, "s": ResourceState.NEW, "b": True, "l": (1, 2), "n": None},
        {"t": "duration"},
    )

    assert render(record, "csv") == "t,s,b,l,n\n0.25,NEW,true,1 2,"


def test_csv_of_a_sentence_has_one_column() -> None:
    assert render(Message("done"), "csv") == "message\ndone"
