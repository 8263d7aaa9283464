"""Attributes, values, assignments and traces of what an earlier argument bound."""

import pytest

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import NepishellError
from nepishell.lang.types.attributes import (
    Assigned,
    AssignmentType,
    AttrType,
    FieldType,
    RtypeType,
    TraceType,
    ValueType,
    describe,
    value_may_begin,
)
from nepishell.lang.view import StaticView

PING = {"x": "linux::Ping"}


@pytest.mark.parametrize("subject", ["linux::Ping", 3, (3, 1)])
def test_a_type_a_resource_or_a_set_decides_which_attributes_there_are(
    subject: object, view: StaticView
) -> None:
    assert AttrType(("x",)).parse(view, {"x": subject}, "count") == "count"
    with pytest.raises(NepishellError, match="linux::Ping has no attribute 'forwarding'"):
        AttrType(("x",)).parse(view, {"x": subject}, "forwarding")


@pytest.mark.parametrize(
    ("attr", "text", "value", "written"),
    [
        ("count", "3", 3, "3"),
        ("interval", "0.25s", 0.25, "250ms"),
        ("rate", "1000kbit", 1e6, "1mbit"),
        ("size", "64000B", 64000, "64kB"),
        ("loss", "5", 5.0, "5%"),
        ("quiet", "on", True, "true"),
        ("factor", "0.5", 0.5, "0.5"),
        ("engine", "tbf", "tbf", "tbf"),
        ("target", "", "", ""),
    ],
)
def test_a_value_is_read_and_written_in_its_attributes_type(
    attr: str, text: str, value: object, written: str, view: StaticView
) -> None:
    kind, env = ValueType(("x", "attr")), {**PING, "attr": attr}

    assert kind.parse(view, env, text) == value
    assert kind.format(value, view, env) == written
    assignment = AssignmentType(("x",))
    assert assignment.parse(view, PING, f"{attr}={text}") == Assigned(attr, value)  # type: ignore[arg-type]
    assert assignment.format((Assigned(attr, value)), view, PING) == f"{attr}={written}"  # type: ignore[arg-type]


def test_an_attribute_that_was_given_is_not_offered_again(view: StaticView) -> None:
    env = {**PING, "settings": (Assigned("count", 3),)}
    found = [each.text for each in AssignmentType(("x",)).complete(view, env, "", 99)]

    assert "interval=" in found
    assert "count=" not in found


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        (Attribute(int, min=0, max=9, default=3, help="how many"),
         "integer 0..9 default 3 - how many"),
        (Attribute(Types.Duration, min=0.5, required=True), "duration 500ms.. required"),
        (Attribute(str, choices=("a", "b")), "a|b"),
    ],
)  # fmt: skip
def test_the_menu_tells_type_range_default_and_help(attribute: Attribute, text: str) -> None:
    assert describe(attribute) == text


@pytest.mark.parametrize(
    ("attribute", "begun", "wrong"),
    [
        (Attribute(int), ["", "1", "-"], ["x"]),
        (Attribute(bool), ["", "t", "ON"], ["x"]),
        (Attribute(str), ["", "x"], []),
        (Attribute(str, choices=("ab",)), ["", "a"], ["b"]),
        (Attribute(Types.Duration), ["", "2", "2m"], ["x"]),
        (Attribute(Types.Percent), ["", "2", "2 "], ["x"]),
    ],
)
def test_what_may_become_a_value_is_told_from_what_cannot(
    attribute: Attribute, begun: list[str], wrong: list[str]
) -> None:
    assert all(value_may_begin(attribute, text) for text in begun)
    assert not any(value_may_begin(attribute, text) for text in wrong)


def test_a_type_and_a_trace_are_refused_with_what_was_meant(view: StaticView) -> None:
    with pytest.raises(NepishellError, match="no resource type 'linux::Pin'; did you mean"):
        RtypeType().parse(view, {}, "linux::Pin")
    with pytest.raises(NepishellError, match="linux::Ping has no trace 'stdot'; did you mean"):
        TraceType(("x",)).parse(view, PING, "stdot")


def test_examples_are_accepted(view: StaticView) -> None:
    for kind in (RtypeType(), AttrType(("x",)), TraceType(("x",))):
        assert kind.parse(view, PING, kind.example(view, PING))


def test_what_cannot_be_set_any_more_can_be_looked_at(view: StaticView) -> None:
    deployed = {"x": 3}

    assert [each.text for each in AttrType(("x",)).complete(view, deployed, "", 99)] == [
        "engine", "interval",
    ]  # fmt: skip
    assert "count" in [each.text for each in FieldType(("x",)).complete(view, deployed, "", 99)]


def test_one_deployed_resource_of_a_set_decides(view: StaticView) -> None:
    assert "count" not in [
        each.text for each in AttrType(("x",)).complete(view, {"x": (4, 3)}, "", 99)
    ]
