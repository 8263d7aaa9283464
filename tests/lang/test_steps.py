"""Which reading of a line wins."""

import pytest

from nepishell.lang.grammar import Grammar
from nepishell.lang.view import StaticRow, StaticView
from nepishell.lang.walk import parse, walk


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("dep h1", "deploy"),
        ("deploy h1 w", "deploy"),
        ("sh tas", "show tasks"),
        ("h1 ls", "h1 cmd"),
    ],
)
def test_keywords_may_be_shortened_at_the_prompt_only(
    line: str, command: str, grammar: Grammar, view: StaticView
) -> None:
    assert [call.command for call in parse(grammar, line, view, interactive=True)] == [command]
    assert command == "h1 cmd" or walk(grammar, line, view).error is not None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("show tasks", "show tasks"),  # a keyword in full ends all other readings
        ("show 'tasks'", "show one"),  # in quotes it is none
        ("show h1", "show one"),
        ("list", "list"),
        ("'list' ls", None),  # no resource has the label 'list'
        ("tasks ls", "h1 cmd"),  # a label in the place of a verb
        ("h1 list", "h1 cmd"),
    ],
)
def test_a_keyword_in_full_beats_an_argument(
    line: str, command: str | None, grammar: Grammar, view: StaticView
) -> None:
    found = walk(grammar, line, view)

    assert [call.command for call in found.calls] == ([command] if command else [])


def test_a_label_beats_the_beginning_of_a_verb_when_only_it_fits(
    grammar: Grammar, view: StaticView
) -> None:
    # 'h' is the beginning of 'help', yet only a label can be followed by 'ls -l'
    rows = [StaticRow(1, "netns::Node", "h")]
    [call] = parse(grammar, "h ls -l", StaticView(rows), interactive=True)

    assert call.command == "h1 cmd"


@pytest.mark.parametrize(
    ("line", "complete"),
    [
        ("deploy wait timeout 5s", True),
        ("deploy timeout 5s wait", True),
        ("deploy wait nowait", False),
        ("deploy timeout 5s timeout 6s", False),
    ],
)
def test_what_stands_in_braces_may_come_in_any_order_but_once(
    line: str, complete: bool, grammar: Grammar, view: StaticView
) -> None:
    assert (walk(grammar, line, view).call is not None) is complete
