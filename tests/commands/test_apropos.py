"""Searching the help."""

import pytest

from nepishell.core.errors import UnknownName
from tests.commands.stand import Session


def test_commands_types_attributes_and_traces_are_searched(session: Session) -> None:
    found = session("apropos trips")
    assert ("trace", "test::App rtt", "round trips") in found.rows

    kinds = {row[0] for row in session("apropos host").rows}
    assert {"command", "type", "attribute"} <= kinds
    assert any(row[:2] == ("attribute", "test::Link delay") for row in session("apropos LONG").rows)


def test_all_words_must_be_there(session: Session) -> None:
    rows = session("apropos packet lost").rows
    assert [row[1] for row in rows if row[1].startswith("test::")] == ["test::Link loss"]


def test_nothing_found_says_where_to_look(session: Session) -> None:
    with pytest.raises(UnknownName, match="no help has 'xyzzy' in it; 'help' lists the commands"):
        session("apropos xyzzy")
