"""Looking at an experiment by lines."""

import re

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_list_shows_resources_and_their_neighbours(pair: Session) -> None:
    assert pair.text("list | csv").splitlines() == [
        "guid,label,rtype,state,with,reason",
        '1,h1,test::Node,NEW,"probe,wire",',
        "2,h2,test::Node,NEW,wire,",
        "3,wire,test::Link,NEW,h[1-2],",
        "4,probe,test::App,NEW,h1,",
    ]


def test_list_takes_a_set(pair: Session) -> None:
    assert pair.text("list test::Node | cols label | csv") == "label\nh1\nh2"


def test_list_says_why_something_failed(pair: Session) -> None:
    pair("set probe fails=true critical=false", "deploy")
    assert pair.text("list @FAILED | cols reason | csv") == "reason\nit was told to"


def test_an_empty_list_says_so(session: Session) -> None:
    assert session.text("list") == "no resources"


def test_show_tells_all_about_one(pair: Session) -> None:
    pair("when wire STARTED +5ms start probe", "deploy", "wait probe STARTED timeout 5s")
    shown = pair.text("show probe")
    for line in (
        "label       probe",
        "state       STARTED",
        "with        h1",
        "conditions  start after wire STARTED +5ms",
        "traces      stdout,rtt,debug",
    ):
        assert line in shown


def test_show_says_what_something_waits_for(pair: Session) -> None:
    pair("when wire STOPPED start probe", "deploy")
    assert "waits_for   start after wire STOPPED" in pair.text("show probe")


def test_types_lists_them_with_their_help(session: Session) -> None:
    assert "test::Link,A link that only remembers what it should do." in session.text("types | csv")


def test_types_is_the_manual_of_a_type(session: Session) -> None:
    rows = session.text("types test::App | cols member,name,default | csv").splitlines()
    wanted = {"attribute,fails,false", "trace,stdout,on", "trace,debug,off"}
    assert wanted | {"peer,node,1 test::Node"} <= set(rows)


def test_status_counts(running: Session) -> None:
    running("stop probe", "at 1h say later")
    shown = running.text("status")
    assert "states         3 STARTED,1 STOPPED" in shown
    assert "tasks          1" in shown
    assert "experiment     test" in shown


def test_status_tells_what_is_doubtful(running: Session) -> None:
    running.ec.fidelity.doubt("relay", "frames were lost", guid=running.ec.find("probe") or 0)
    assert re.search(r"probe: \S+: frames were lost", running.text("status"))


def test_groups_are_what_was_deployed_together(pair: Session) -> None:
    pair("deploy h1,h2", "deploy")
    assert pair.text("groups | csv").splitlines() == [
        "group,resources,states",
        "1,h[1-2],2 STARTED",
        '2,"probe,wire",2 STARTED',
    ]


def test_the_log_is_in_order_of_time(running: Session) -> None:
    running("stop probe")
    assert running.text("log probe | cols label,to | csv").splitlines()[1:] == [
        "probe,DISCOVERED", "probe,PROVISIONED", "probe,READY", "probe,STARTED", "probe,STOPPED",
    ]  # fmt: skip
    assert running.text("log last 1 | cols label,to | csv").splitlines()[1:] == ["probe,STOPPED"]


def test_the_log_of_what_has_not_begun_says_so(pair: Session) -> None:
    with pytest.raises(NepishellError, match="nothing has happened to probe yet"):
        pair("log probe")
