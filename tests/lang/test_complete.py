"""What is offered, hinted and answered at the end of a line."""

import pytest

from nepishell.lang.grammar import Grammar
from nepishell.lang.view import StaticView
from nepishell.lang.walk import walk


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("de", ["deploy"]),
        ("show ", ["tasks", "status", "h1", "h2", "lab3.n7", "probe"]),
        ("show t", ["tasks", "'tasks'"]),
        ("deploy h", ["h1", "h2"]),
        ("deploy h1,", ["h1,h1", "h1,h2"]),
        ("deploy all,-w", ["all,-web1", "all,-web2"]),
        ("deploy @F", ["@FAILED"]),
        ("deploy @r", ["@READY", "@RELEASED"]),
        ("deploy %", ["%g1", "%g2"]),
        ("deploy li", ["linux::Ping"]),
        ("release ", ["h1", "h2", "lab3.n7", "probe"]),
        ("set 4 ", ["count", "engine", "factor"]),
        ("set probe en", ["engine"]),
        ("set 4 engine ", ["relay", "netem", "tbf"]),
        ("set 4 quiet ", ["true", "false"]),
        ("set 4 target h", ["h2", "h1"]),
        ("set 4 target ", ["h2", "h1", "lab3.n7", "tasks", "web1"]),
        ("set 4 count ", []),
        ("list web", ["web1", "web2"]),
        ("list eb3", ["web3"]),
        ("list ro", ["probe"]),
        ("list wb", ["web1", "web2"]),
        ("list @READY,rob", ["@READY,probe"]),
        ("set 4 et", ["quiet", "target"]),
        ("set 4 engine el", ["relay"]),
        ("add linux::Ping engine=el", ["engine=relay"]),
        ("add ping", []),
        ("add Ping", ["linux::Ping"]),
        ("ploy", ["deploy"]),
        ("dpl", ["deploy"]),
        ("x", []),
        ("source st", ["star"]),
        ("list | where state ", ["=", "!=", "<", "<=", ">", ">=", "~"]),
        ("list | where state = ", ["NEW", "DISCOVERED"]),
        ("list | where state = f", ["FAILED"]),
        ("list | where label=pr", ["label=probe"]),
        ("list | cols guid,ab", ["guid,label"]),
        ("add l", ["linux::Ping"]),
        ("add linux::Ping ta", ["target="]),
        ("add linux::Ping target=h1 t", []),
        ("add linux::Ping engine=t", ["engine=tbf"]),
        ("when h1 st", ["STARTED", "STOPPED"]),
        ("when h1 STARTED ", ["+", "deploy", "start", "stop"]),
        ("when h1 STARTED +2", ["+2s", "+2ms", "+2m"]),
        ("trace probe ", ["on", "off", "show"]),
        ("trace probe on ", ["stdout", "rtt"]),
        ("exec h1 ping h", ["h1", "h2"]),
        ("expect pr", ["probe."]),
        ("expect probe.r", ["probe.rtt.avg", "probe.rtt.max"]),
        ("help d", ["deploy"]),
        ("at 5s dep", ["deploy"]),
        ("unset ", ["n"]),
        ("group 1 ", ["12", "7"]),
        ("list | s", ["sort"]),
        ("list | cols guid,", ["guid,label", "guid,state", "guid,rtt"]),
        ("list | cols guid | sort ", ["guid"]),
        ("list | where st", ["state="]),
        ("list | where state=F", ["state=FAILED"]),
        ("list # h", []),
        ("nonsense h", []),
        ("nonsense ", []),
        ("set 4 interval ", ["1s"]),
        ("set probe interval 2", ["2s", "250ms", "2ms"]),
        ("set probe interval ", ["1s", "250ms"]),
        ("add linux::Ping rate=5", ["rate=5mbit", "rate=5kbit"]),
    ],
)  # fmt: skip
def test_at_the_end_of_the_line_these_are_offered_first(
    line: str, offered: list[str], grammar: Grammar, view: StaticView
) -> None:
    found = [candidate.text for candidate in walk(grammar, line, view).candidates()]

    assert found[: len(offered)] == offered
    assert offered or not found


def test_an_attribute_is_offered_in_one_form(grammar: Grammar, view: StaticView) -> None:
    assert [c.text for c in walk(grammar, "let 4 cou", view).candidates()] == ["count"]
    assert [c.text for c in walk(grammar, "let 4 engine=ne", view).candidates()] == ["engine=netem"]


def test_an_attributes_entry_says_what_it_is_now_and_what_it_may_be(
    grammar: Grammar, view: StaticView
) -> None:
    [found] = walk(grammar, "set 4 coun", view).candidates()

    assert found.meta == "integer 1.."


def test_design_attributes_are_not_offered_once_deployed(
    grammar: Grammar, view: StaticView
) -> None:
    before = [each.text for each in walk(grammar, "set 4 co", view).candidates()]
    after = [each.text for each in walk(grammar, "set probe co", view).candidates()]

    assert (before, after) == (["count"], [])


def test_a_candidate_shows_what_it_is(grammar: Grammar, view: StaticView) -> None:
    [found] = walk(grammar, "deploy prob", view).candidates()

    assert (found.meta, found.style, found.start, found.end) == (
        "#3 linux::Ping READY", "guid", 7, 11)  # fmt: skip


def test_completion_at_a_cursor_sees_only_what_stands_before_it(
    grammar: Grammar, view: StaticView
) -> None:
    found = walk(grammar, "set h1 forwarding true", view).candidates(5)

    assert [each.text for each in found] == ["h1", "h2"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("", ""),
        ("set ", "<targets> <attr> <value>"),
        ("set", "<targets> <attr> <value>"),
        ("set probe ", "<attr> <value>"),
        ("set pro", "<attr> <value>"),
        ("when h1 STARTED", "[+<delay>] <action> <targets>"),
        ("deploy", "[<targets>] [wait|nowait] [timeout <timeout>]"),
        ("add linux::Ping p1", "[<attributes>...]"),
        ("exec h1 ls", "[<argv>...]"),
        ("list > ", "<file>"),
        ("nonsense ", ""),
    ],
)
def test_the_hint_is_what_is_still_to_come(
    line: str, hint: str, grammar: Grammar, view: StaticView
) -> None:
    assert walk(grammar, line, view).hint == hint


def test_a_question_is_answered_with_what_may_come_next(grammar: Grammar, view: StaticView) -> None:
    found = walk(grammar, "when h1 STARTED ", view).expected()

    assert [(each.text, each.style) for each in found] == [
        ("+<delay>", "number"),
        ("<action>", "keyword"),
    ]
    assert found[0].help == "a duration, as in 250ms, 1.5s, 2m"
