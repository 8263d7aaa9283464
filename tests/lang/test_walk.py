"""The walk as tables: line -> tokens, candidates, error, call."""

import pytest

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.lang.call import Call, Redirect
from nepishell.lang.grammar import Grammar
from nepishell.lang.quantities import Bound
from nepishell.lang.types.attributes import Assigned
from nepishell.lang.types.quantities import Instant
from nepishell.lang.types.resources import Metric
from nepishell.lang.view import StaticView
from nepishell.lang.walk import parse, walk


@pytest.mark.parametrize(
    ("line", "command", "args"),
    [
        ("deploy", "deploy", {}),
        ("deploy h1", "deploy", {"targets": (1,)}),
        ("deploy wait", "deploy", {"mode": "wait"}),
        ("deploy timeout 5s nowait", "deploy", {"mode": "nowait", "timeout": 5.0}),
        ("set probe count 3", "set", {"targets": (3,), "attr": "count", "value": 3}),
        ("set h1 forwarding yes", "set", {"targets": (1,), "attr": "forwarding", "value": True}),
        ("add linux::Ping", "add", {"rtype": "linux::Ping"}),
        (
            "add linux::Ping p1 target='a b' count=3",
            "add",
            {
                "rtype": "linux::Ping",
                "label": "p1",
                "attributes": (Assigned("target", "a b"), Assigned("count", 3)),
            },
        ),
        (
            "add linux::Ping interval=250ms",
            "add",
            {"rtype": "linux::Ping", "attributes": (Assigned("interval", 0.25),)},
        ),
        (
            "when h1,h2 STARTED +2s start probe",
            "when",
            {
                "group": (1, 2),
                "state": ResourceState.STARTED,
                "delay": 2.0,
                "action": ResourceAction.START,
                "targets": (3,),
            },
        ),
        ("exec h1 ping -c 3 'a b'", "exec", {"node": 1, "argv": ("ping", "-c", "3", "a b")}),
        ("h1 ping h2", "h1 cmd", {"node": 1, "argv": ("ping", "h2")}),
        ("show tasks", "show tasks", {}),
        ("show 'tasks'", "show one", {"res": 30}),
        ("trace probe on rtt", "trace", {"res": 3, "mode": "on", "trace": "rtt"}),
        (
            "at t+5s deploy h1",
            "at",
            {"when": Instant(5.0, absolute=True), "what": Call("deploy", {"targets": (1,)})},
        ),
        (
            "at 5s at 1s h1 true",
            "at",
            {
                "when": Instant(5.0),
                "what": Call(
                    "at",
                    {
                        "when": Instant(1.0),
                        "what": Call("h1 cmd", {"node": 1, "argv": ("true",)}),
                    },
                ),
            },
        ),
        (
            "expect probe.rtt.avg 35ms..60ms",
            "expect",
            {"metric": Metric(3, "rtt.avg"), "bound": Bound(0.035, 0.06, "duration")},
        ),
        (
            "expect probe.loss <= 5%",
            "expect",
            {"metric": Metric(3, "loss"), "bound": Bound(None, 5.0, "percent")},
        ),
        (
            "repeat 2 every 1s a b",
            "repeat",
            {"times": 2, "period": 1.0, "text": ("a", "b")},
        ),
    ],
)
def test_a_line_means_this_call(
    line: str, command: str, args: dict[str, object], grammar: Grammar, view: StaticView
) -> None:
    assert parse(grammar, line, view) == [Call(command, args)]


def test_stages_and_redirection_belong_to_the_call(grammar: Grammar, view: StaticView) -> None:
    [call] = parse(
        grammar, "list | where state=FAILED rtt > 30ms | sort -rtt | json >> 'a b'", view
    )

    assert call == Call(
        "list",
        {},
        (
            Call("where", {"conditions": (("state", "=", "FAILED"), ("rtt", ">", "30ms"))}),
            Call("sort", {"keys": (("rtt", True),)}),
            Call("json"),
        ),
        Redirect("a b", append=True),
    )


def test_a_greater_sign_is_a_bound_where_one_may_stand_and_else_a_file(
    grammar: Grammar, view: StaticView
) -> None:
    [call] = parse(grammar, "expect probe.loss > 3 > x", view)

    assert call.args["bound"] == Bound(3.0, None, low_open=True)
    assert call.redirect == Redirect("x")


def test_semicolons_separate_calls_and_comments_are_none(
    grammar: Grammar, view: StaticView
) -> None:
    calls = parse(grammar, "deploy h1;; list # ; deploy\n# x\nlist", view)

    assert [call.command for call in calls] == ["deploy", "list", "list"]
    assert [call.source for call in calls] == ["deploy h1", "list", "list"]


@pytest.mark.parametrize("line", ["", "   ", "# note", " ; \n"])
def test_an_empty_line_is_neither_a_call_nor_an_error(
    line: str, grammar: Grammar, view: StaticView
) -> None:
    assert walk(grammar, line, view).error is None
    assert parse(grammar, line, view) == []


def test_parameters_are_replaced_inside_their_words(grammar: Grammar, view: StaticView) -> None:
    line = "set ${who} count ${n}"

    assert parse(grammar, line, view, params={"who": "probe", "n": "3"}) == [
        Call("set", {"targets": (3,), "attr": "count", "value": 3})
    ]


@pytest.mark.parametrize(
    ("line", "message", "culprit"),
    [
        ("depoly", "no command 'depoly'; did you mean 'deploy'?", "depoly"),
        ("s", "no command 's'; it may be the beginning of save | set | show", "s"),
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


@pytest.mark.parametrize(
    ("line", "incomplete"),
    [("dep", True), ("depo ", False), ("deploy web", True), ("deploy web ", False),
     ("set probe count", True), ("set probe nothing", False), ("h", True), ("depoly", False)],
)  # fmt: skip
def test_a_word_that_may_still_become_right_is_incomplete(
    line: str, incomplete: bool, grammar: Grammar, view: StaticView
) -> None:
    error = walk(grammar, line, view).error

    assert error is not None
    assert error.incomplete is incomplete


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
        ("list # h", []),
        ("nonsense h", []),
    ],
)  # fmt: skip
def test_at_the_end_of_the_line_these_are_offered_first(
    line: str, offered: list[str], grammar: Grammar, view: StaticView
) -> None:
    found = [candidate.text for candidate in walk(grammar, line, view).candidates()]

    assert found[: len(offered)] == offered
    assert offered or not found


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


@pytest.mark.parametrize(
    ("line", "styles"),
    [
        ("set probe count 3", "command guid attr value"),
        ("set probe cuont 3", "command guid error unknown"),
        ("deploy h1 wait # go", "command guid keyword comment"),
        ("list | sort -rtt > x", "command pipe command column redirect path"),
        ("deploy ; list", "command separator command"),
        ("at 5s deploy h1", "command number command guid"),
        ("dep", "unknown"),
    ],
)
def test_words_are_painted_by_what_they_are(
    line: str, styles: str, grammar: Grammar, view: StaticView
) -> None:
    assert [token.style for token in walk(grammar, line, view).tokens] == styles.split()


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


def test_an_ambiguous_beginning_is_no_command(grammar: Grammar, view: StaticView) -> None:
    error = walk(grammar, "s h1", view, interactive=True).error

    assert str(error) == "no command 's'; it may be the beginning of save | set | show"
