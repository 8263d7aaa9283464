"""Wrong lines, and what is said about them."""

import pytest

from nepishell.lang.grammar import Grammar
from nepishell.lang.view import StaticView
from nepishell.lang.walk import walk


@pytest.mark.parametrize(
    ("line", "message", "culprit"),
    [
        ("depoly", "no command 'depoly'; did you mean 'deploy'?", "depoly"),
        ("s", "no command 's'; it may be the beginning of save | set | show | source", "s"),
        ("zzz 1", "no command 'zzz'", "zzz"),
        ("set prob count 3", "no resource 'prob'; did you mean 'probe'?", "prob"),
        ("set 99 count 3", "no resource 99; known: 1-4,10-17,30-31", "99"),
        ("set h1,hh count 3", "no resource 'hh'", "hh"),
        (
            "set probe cuont 3",
            "linux::Ping has no attribute 'cuont'; did you mean 'count'?",
            "cuont",
        ),
        ("set probe count 0", "count: '0' is less than 1", "0"),
        (
            "set probe engine netm",
            "engine: 'netm' is not one of netem, tbf, relay; did you mean 'netem'?",
            "netm",
        ),
        (
            "add linux::Ping p1 cuont=3",
            "linux::Ping has no attribute 'cuont'; did you mean 'count'?",
            "cuont",
        ),
        (
            "add linux::Ping count=x",
            "count: 'x' is not an integer; write digits, as in 42",
            "x",
        ),
        ("add linux::Png", "no resource type 'linux::Png'; did you mean 'linux::Ping'?",
         "linux::Png"),
        ("add linux::Ping h1", "label 'h1' is taken by resource 1; choose another", "h1"),
        ("add linux::Ping 1a", "'1a' is not a label; begin with a letter, then letters, digits, "
         "'-', '_', '.'", "1a"),
        ("when h1 STARTD", "'STARTD' is not a state; states are NEW, DISCOVERED, PROVISIONED, "
         "READY, STARTED, STOPPED, FAILED, RELEASED; did you mean 'STARTED'?", "STARTD"),
        ("when h1 STARTED", "incomplete: expected +<delay> | <action>", ""),
        ("when h1 STARTED +2x", "'2x' is not a duration; write a number and a unit, as in 250ms, "
         "1.5s, 2m", "2x"),
        ("deploy h1 timout 5s", "unexpected 'timout'; did you mean 'timeout'?", "timout"),
        ("deploy wait wait", "unexpected 'wait'; expected timeout", "wait"),
        ("show tasks now", "unexpected 'now': nothing more may follow", "now"),
        ("at 5s depoly", "no command 'depoly'; did you mean 'deploy'?", "depoly"),
        ("at 5s", "incomplete: expected <what>", ""),
        ("exec h1", "incomplete: expected <argv>", ""),
        ("trace probe of rtt", "unexpected 'of'; did you mean 'off'?", "of"),
        ("trace probe on rt", "linux::Ping has no trace 'rt'; did you mean 'rtt'?", "rt"),
        ("expect prob.x 3", "'prob.x' begins with no label; did you mean 'probe'?", "prob"),
        ("list | haed", "no stage 'haed'; did you mean 'head'?", "haed"),
        ("list | cols guid,lable", "no column 'lable'; did you mean 'label'?", "lable"),
        ("list | where stat=NEW", "no column 'stat'; did you mean 'state'?", "stat"),
        ("list |", "incomplete: expected where | cols | sort | head | tail | count | json | csv "
         "| ...", ""),
        ("set | head", "incomplete: expected <targets>", "|"),
        ("list >", "incomplete: expected <file>", ""),
        ("list > x y", "nothing may follow the file of '>'", "y"),
        ("deploy 'h1", "a quote is not closed", "'h1"),
        ("deploy @FAILD", "'FAILD' is not a state; states are NEW, DISCOVERED, PROVISIONED, READY, "
         "STARTED, STOPPED, FAILED, RELEASED; did you mean 'FAILED'?", "@FAILD"),
        ("deploy @RELEASED", "no resource is RELEASED", "@RELEASED"),
        ("wait bad STOPPED", "no resource 'bad'", "bad"),
        ("wait bad", "no resource 'bad'", "bad"),
        ("wait 12x", "'12x' is not a duration; write a number and a unit, as in 250ms, 1.5s, 2m",
         "12x"),
        ("wait prob", "no resource 'prob'; did you mean 'probe'?", "prob"),
        ("wait probe STARTD", "'STARTD' is not a state; states are NEW, DISCOVERED, PROVISIONED, "
         "READY, STARTED, STOPPED, FAILED, RELEASED; did you mean 'STARTED'?", "STARTD"),
        ("link 1mbit 1kB 5% h 1 70000", "'70000' is more than 65535", "70000"),
    ],
)  # fmt: skip
def test_a_bad_line_says_what_and_where(
    line: str, message: str, culprit: str, grammar: Grammar, view: StaticView
) -> None:
    error = walk(grammar, line, view).error

    assert error is not None
    assert str(error) == message
    assert line[error.column :][: error.length] == culprit


def test_an_ambiguous_beginning_is_no_command(grammar: Grammar, view: StaticView) -> None:
    error = walk(grammar, "s h1", view, interactive=True).error

    assert str(error) == "no command 's'; it may be the beginning of save | set | show | source"
