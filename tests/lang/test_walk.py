"""The walk as tables: line -> tokens, candidates, error, call."""

import pytest

from nepishell.core.states import ResourceAction, ResourceState
from nepishell.lang.call import Call
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
    ("line", "offered"),
    [
        ("broken", ["broken"]),
        ("  bro", ["broken"]),
        ("deploy; bro", ["broken"]),
        ("deploy bro", []),
        ("list | bro", []),
        ("'bro", ["broken"]),
    ],
)
def test_aliases_are_offered_where_a_command_begins(
    grammar: Grammar, view: StaticView, line: str, offered: list[str]
) -> None:
    found = walk(grammar, line, view, aliases={"broken": "list @FAILED", "ll": "list"})
    entries = [entry for entry in found.candidates() if "stands for" in entry.meta]
    assert [entry.text for entry in entries] == offered
    assert all(entry.meta == "stands for 'list @FAILED'" for entry in entries)


def test_aliases_are_offered_on_an_empty_line_too(grammar: Grammar, view: StaticView) -> None:
    found = walk(grammar, "", view, aliases={"ll": "list"}).candidates()
    assert ("ll", "stands for 'list'") in [(entry.text, entry.meta) for entry in found]
