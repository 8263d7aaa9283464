"""Describing an experiment by lines."""

import pytest

from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from tests.commands.stand import Session


def test_add_names_what_it_adds(session: Session) -> None:
    noted = session("add test::Node web")
    assert noted.text == "web is resource 1, a test::Node"
    assert noted.facts == {"guids": [1], "labels": ["web"], "rtype": "test::Node"}


def test_add_makes_one_resource_for_each_name(session: Session) -> None:
    session("add test::Node h[1-3]")
    assert [session.ec.label(guid) for guid in session.ec.resources] == ["h1", "h2", "h3"]


def test_add_sets_attributes(session: Session) -> None:
    session("add test::Link wire delay=20ms up=false")
    assert (session.ec.get(1, "delay"), session.ec.get(1, "up")) == (0.02, False)


def test_on_connects_one_to_one_when_there_are_as_many(session: Session) -> None:
    session("add test::Node h[1-2]", "add test::App a[1-2] on h[1-2]")
    assert (session.ec.connections(3), session.ec.connections(4)) == ([1], [2])


def test_on_connects_each_new_resource_to_all_otherwise(session: Session) -> None:
    session("add test::Node h[1-2]", "add test::Link wire on h[1-2]")
    assert session.ec.connections(3) == [1, 2]


def test_an_add_that_fails_adds_nothing(session: Session) -> None:
    session("add test::Node h[1-2]")
    with pytest.raises(NepishellError, match="cannot be connected"):
        session("add test::App probe on h[1-2]")
    assert session.ec.resources == [1, 2]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("add test::Nod x", "no resource type 'test::Nod'; did you mean 'test::Node'"),
        ("add test::Link x dely=5ms", "test::Link has no attribute 'dely'; did you mean 'delay'"),
        ("add test::Link x delay=5", "'5' is not a duration"),
        ("add test::Link x loss=101%", "'101%' is not a percentage"),
        ("add test::Link x delay=1s delay=2s", "'delay' is given twice"),
        ("add test::Node 9x", "'9x' is not a label"),
        ("add test::Node x,x", "label 'x' is named twice"),
        ("add test::Node all", "'all' cannot be a label"),
        ("add", "expected <rtype>"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_added(
    session: Session, line: str, message: str
) -> None:
    with pytest.raises(NepishellError, match=message):
        session(line)
    assert session.ec.resources == []


def test_connect_makes_a_chain(session: Session) -> None:
    session("add test::Node h[1-2]", "add test::Link wire", "connect h1 wire h2")
    assert session.ec.connections(3) == [1, 2]


def test_a_chain_that_breaks_connects_nothing(session: Session) -> None:
    session("add test::Node h[1-3]", "add test::Link wire")
    with pytest.raises(NepishellError, match="has its 2 test::Node already"):
        session("connect h[1-3] wire")
    assert session.ec.connections(4) == []


def test_disconnect_parts(pair: Session) -> None:
    pair("disconnect h1 wire")
    assert pair.ec.connections(3) == [2]


def test_remove_forgets(pair: Session) -> None:
    pair("remove probe,wire")
    assert pair.ec.resources == [1, 2]


def test_what_is_deployed_is_not_removed_nor_anything_else(running: Session) -> None:
    with pytest.raises(NepishellError, match="h1 is STARTED; release it first"):
        running("remove h1,h2")
    assert len(running.ec.resources) == 4


def test_a_label_can_be_given_later(session: Session) -> None:
    session("add test::Node", "label 1 web")
    assert session.ec.label(1) == "web"


def test_set_takes_one_value_or_many(pair: Session) -> None:
    assert pair("set wire delay 50ms").text == "wire: delay is 50ms"
    pair("set wire delay=5ms loss=1%")
    assert (pair.ec.get(3, "delay"), pair.ec.get(3, "loss")) == (0.005, 1.0)


def test_set_is_all_or_nothing(running: Session) -> None:
    running("set wire loss 2%")
    with pytest.raises(NepishellError, match="13ms brings bad luck"):
        running("set wire loss=3% delay=13ms")
    assert (running.ec.get(3, "loss"), running.ec.get(3, "delay")) == (2.0, 0.02)


def test_what_is_set_before_deployment_cannot_be_set_after_it(running: Session) -> None:
    with pytest.raises(NepishellError, match="is set before deployment"):
        running("set wire engine relay")


def test_get_shows_values_as_they_are_written(pair: Session) -> None:
    assert pair.text("get wire delay | cols name,value | csv") == "name,value\ndelay,20ms"
    names = pair.text("get wire | cols name | csv").splitlines()
    assert {"delay", "loss", "up", "critical"} <= set(names)


def test_a_credential_is_never_shown(pair: Session) -> None:
    pair("set wire secret hunter2")
    assert "hunter2" not in pair.text("get wire") + pair.text("show wire")


def test_a_parameter_stands_for_its_value(session: Session) -> None:
    session("param delay 7ms", "add test::Link wire delay=${delay}")
    assert session.ec.get(1, "delay") == 0.007
    assert session.text("param | csv") == "name,value,type\ndelay,7ms,text"


def test_a_parameter_given_from_outside_is_not_changed_by_a_recipe(session: Session) -> None:
    session.ctx.parameters["delay"] = "9ms"
    session.ctx.fixed = frozenset({"delay"})
    assert session("param delay 7ms").text == "delay is 9ms"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("param dela", "no parameter 'dela'; did you mean 'delay'"),
        ("param 9 x", "'9' is not a parameter's name"),
        ("set wire delay ${dela}", "no parameter 'dela'; did you mean 'delay'"),
    ],
)
def test_an_unknown_parameter_is_an_error(session: Session, line: str, message: str) -> None:
    session("param delay 7ms", "add test::Link wire")
    with pytest.raises(NepishellError, match=message):
        session(line)


def test_an_empty_line_does_nothing(session: Session) -> None:
    assert session("", "   # only a comment") is None


def test_an_unknown_command_is_an_error_that_says_where(session: Session) -> None:
    with pytest.raises(LangError, match="did you mean 'list'") as caught:
        session("lits")
    assert (caught.value.column, caught.value.length) == (0, 4)


def test_a_secret_is_nowhere_to_be_read(session: Session) -> None:
    session("add test::Link wire secret=hunter2")
    session.ctx.remember()
    shown = [
        session.text(line)
        for line in (
            "set wire secret hunter3 | json", "get wire", "show wire", "list",
            "at 1h set wire secret hunter4", "every 1h set wire secret=hunter5", "tasks",
            "history", "explain set wire secret hunter6",
        )
    ]  # fmt: skip
    assert "****" in shown[0]
    assert "hunter" not in "".join(shown)
    assert session.ec.get(1, "secret") == "hunter3"


def test_remove_says_whom_it_disconnects(pair: Session) -> None:
    pair("deploy", "add test::Link spare", "connect h1 spare")
    assert pair("remove spare").text == "removed spare; h1 had a connection to it"
