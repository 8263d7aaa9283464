"""The experiment as a picture."""

import json
from pathlib import Path

import pytest

from nepishell.commands.plot import MOST
from nepishell.output.style import Style
from tests.commands.stand import Session


def test_nodes_are_boxes_links_are_lines_and_programs_stand_inside(pair: Session) -> None:
    assert pair.text("plot").splitlines() == [
        "+---------+                 +------+",
        "| o h1    +--- o wire 20ms -+ o h2 |",
        "| o probe |                 +------+",
        "+---------+",
        "o NEW",
    ]


def test_states_are_marked_and_painted(running: Session) -> None:
    painted = running("plot").draw(Style(colour=True, glyphs=True))
    assert "\x1b[32m● probe\x1b[0m" in painted
    assert painted.endswith("\x1b[32m●\x1b[0m STARTED")


def test_programs_in_the_same_state_are_one_line(pair: Session) -> None:
    pair("add test::App p[1-4] on h1")
    assert "| o p[1-4] " in pair.text("plot")


def test_what_a_link_does_stands_beside_its_name(pair: Session) -> None:
    pair("set wire delay 30ms", "set wire loss 1%")
    assert "- o wire 30ms loss 1% -" in pair.text("plot")


def test_what_is_on_no_node_is_told(session: Session) -> None:
    session("add test::App lost")
    assert session.text("plot") == "on no node: lost"


def test_nothing_is_nothing(session: Session) -> None:
    assert session.text("plot") == "nothing to draw: there are no resources"


def test_what_does_not_fit_is_a_list(pair: Session) -> None:
    assert pair("plot").draw(Style(width=30)).splitlines()[0].split()[0] == "node"
    pair(f"add test::Node n[1-{MOST}]")
    assert pair.text("plot").splitlines()[0].split() == ["node", "rtype", "state", "joined", "with"]


def test_programs_get_who_is_joined_with_whom(pair: Session) -> None:
    found = json.loads(pair.text("plot | json"))
    assert found[0] == {
        "node": "h1", "rtype": "test::Node", "state": "NEW", "joined": ["wire: h2"],
        "with": ["probe"],
    }  # fmt: skip


@pytest.mark.parametrize("line", ["plot > {}", "plot save {}"])
@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("net.svg", b"<svg"), ("net.png", b"\x89PNG"), ("net.pdf", b"%PDF"),
        ("net.dot", b"graph experiment {"), ("net.graphml", b"<graphml"), ("net.mmd", b"graph LR"),
    ],
)  # fmt: skip
def test_a_file_gets_a_picture(
    pair: Session, tmp_path: Path, line: str, name: str, begin: bytes
) -> None:
    pair(line.format(tmp_path / name))
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_a_picture_of_some_is_of_these_alone(pair: Session, tmp_path: Path) -> None:
    pair(f"plot save {tmp_path}/net.svg h1")
    assert "h2" not in (tmp_path / "net.svg").read_text()


def test_what_was_released_is_not_drawn(running: Session) -> None:
    running("release probe")
    assert "probe" not in running.text("plot")
