"""Whole networks by one line."""

from pathlib import Path
from typing import Any

import pytest

from nepishell.core.errors import NepishellError
from nepishell.resources import table
from tests.commands.stand import Session

MAP = Path(__file__).parent.parent / "topologies" / "data" / "Abilene.gml"
OF_TEST = "node=test::Node link=test::Link"


def test_a_network_is_described_by_its_name_and_parameters(session: Session) -> None:
    noted = session(f"topology tree depth=2 {OF_TEST} link.delay=5ms")
    assert noted.text == "tree: 3 routers, 4 hosts and 6 links"
    assert len(session.ec.resources) == 13
    assert session.ec.get(session.ec.find("r1--r2"), "delay") == 0.005


def test_a_map_is_described_and_what_was_assumed_is_told(session: Session) -> None:
    noted = session(f"topology file {MAP} {OF_TEST}")
    assert noted.text.splitlines() == [
        "Abilene: 11 routers and 14 links",
        "  14 links: delay from the distance at 2/3 of the speed of light",
        "  14 links: not limited, since faster than 200mbit (scale=0.001 keeps the ratios)",
    ]
    assert session.ec.get(session.ec.find("new-york--chicago"), "delay") == 0.005733


def test_names_and_kinds_are_listed(session: Session) -> None:
    shown = session("topologies")
    assert ("ring", ["nodes=4"], "a chain whose ends are joined") in shown.rows


def test_it_is_undone_in_one_step_and_done_again(session: Session) -> None:
    session.ctx.remember()
    session(f"topology ring nodes=3 {OF_TEST}")
    session("undo")
    assert session.ec.resources == []
    session("redo")
    assert [session.ec.label(guid) for guid in session.ec.resources[:3]] == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("topology tre depth=3", "no topology 'tre'; did you mean 'tree'"),
        ("topology tree depht=3", "has no attribute 'depht'; did you mean 'depth'"),
        ("topology tree depth=99", "'99' is more than 11"),
        ("topology ring depth=3", "has no attribute 'depth'"),
        ("topology tree node=test::Nod", "no resource type 'test::Nod'; did you mean 'test::Node'"),
        (f"topology tree {OF_TEST} link.dely=5ms", "no attribute 'link.dely'; did you mean"),
        (f"topology tree {OF_TEST} link.delay=5", "'5' is not a duration"),
        ("topology tree depth=2 depth=3", "'depth' is given twice"),
        ("topology adhoc", "adhoc needs edges"),
        ("topology ring routes by luck", "'luck' is not one of"),
        ("topology file nix.gml", "cannot read 'nix.gml': No such file"),
        (f"topology file {MAP} hosts=2", "has no attribute 'hosts'"),
        ("topology", "expected"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_described(
    session: Session, line: str, message: str
) -> None:
    with pytest.raises(NepishellError, match=message):
        session(line)
    assert session.ec.resources == []


def test_a_name_that_is_taken_is_told_with_the_way_out(session: Session) -> None:
    session("add test::Node r2")
    with pytest.raises(NepishellError, match="'r2' is taken by resource 1; prefix=x"):
        session(f"topology ring {OF_TEST}")
    assert session.ec.resources == [1]
    session(f"topology ring {OF_TEST} prefix=b-")
    assert session.ec.find("b-r2")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("topology tr", {"tree"}),
        ("topology f", {"file", "fat-tree"}),
        ("topology tree d", {"depth="}),
        ("topology tree node=test::N", {"node=test::Node"}),
        (f"topology tree {OF_TEST} link.d", {"link.delay="}),
        (f"topology tree {OF_TEST} link.engine=", {"link.engine=auto", "link.engine=relay"}),
        ("topology ring routes by ", {"delay", "hops", "weight"}),
        ("topology ring l", {"link=", "link."}),
    ],
)
def test_names_and_parameters_complete(session: Session, line: str, expected: set[str]) -> None:
    found = session.interpreter.walk(line).candidates()
    assert {each.text for each in found} >= expected


LAB = "topology adhoc edges=h1-a,a-b,b-h2,a-c,c-b link.delay=1ms routes by delay"


def test_routes_are_said_to_come_before_anything_is_deployed(session: Session) -> None:
    table.register_all()
    session(LAB)
    assert session("routes by weight").text == "routes by weight of 5 nodes, once they are deployed"
    assert session.ec.get(session.ec.find("a"), "routes") == "weight"
    session("set h1,h2,a,b,c routes none")
    with pytest.raises(NepishellError, match="no node here gets routes by itself"):
        session("routes")


@pytest.mark.lab
def test_routes_go_round_a_link_that_stops(session: Session) -> None:
    table.register_all()
    session(LAB, "set a--b delay 9ms", "when a--c STOPPED routes", "deploy")

    def hops() -> int:
        node: Any = session.ec.get_resource(session.ec.find("h1"))
        out = node.host.run(["ping", "-c", "1", "-W", "5", "h2"]).stdout
        return 64 - int(out.partition("ttl=")[2].split()[0])

    assert session("routes").text == "9 routes in 5 nodes"
    assert hops() == 3
    session("stop a--c")
    done = session.ec.wait(session.ec.find("a--c"), "STOPPED", timeout=20)
    assert done
    session("routes")
    assert hops() == 2
    session("start a--c", "routes by hops", "routes by delay")
    assert hops() == 3
