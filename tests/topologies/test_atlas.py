"""Files of graphs as maps of networks."""

from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.topologies.atlas import distance_m, read_map, rescaled
from nepishell.topologies.model import SWITCH, Place

DATA = Path(__file__).parent / "data"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "nodes", "links"),
    [("Abilene", 11, 14), ("Airtel", 16, 37), ("Bellsouth", 51, 66), ("Geant2012", 40, 61)],
)
def test_a_real_map_is_read_whole(name: str, nodes: int, links: int) -> None:
    found = read_map(DATA / f"{name}.gml")
    assert (len(found.places), len(found.cables)) == (nodes, links)
    assert len({place.name for place in found.places}) == nodes


def test_delay_is_the_distance_at_two_thirds_of_the_speed_of_light() -> None:
    found = read_map(DATA / "Abilene.gml")
    names = [place.name for place in found.places]
    cable = next(c for c in found.cables if {c.one, c.other} == {names.index("new-york"),
                 names.index("chicago")})  # fmt: skip
    # 1,146 km along the great circle
    assert cable.delay == pytest.approx(0.00573, rel=0.01)


def test_the_pole_is_ten_thousand_kilometres_from_the_equator() -> None:
    pole, equator = Place("p", latitude=90, longitude=0), Place("e", latitude=0, longitude=70)
    assert distance_m(pole, equator) == pytest.approx(10_007_557, rel=1e-4)
    assert distance_m(pole, Place("x")) is None


def test_what_was_assumed_is_told() -> None:
    assert read_map(DATA / "Geant2012.gml").assumed == (
        "58 links: delay from the distance at 2/3 of the speed of light",
        "3 links: no delay, since the place of an end is not known",
        "22 links: not limited, since no speed is given",
    )
    told = read_map(DATA / "Bellsouth.gml").assumed
    assert "1 place: no legible name, so called by its number" in told
    assert any("beside another" in line for line in read_map(DATA / "Airtel.gml").assumed)


def test_a_node_that_stands_for_a_link_of_many_ends_is_a_switch(tmp_path: Path) -> None:
    nodes = "".join(f'node [ id {n} label "n" ]' for n in range(3))
    text = f"graph [ {nodes} node [ id 9 hyperedge 1 ] " + "".join(
        f"edge [ source {n} target 9 ]" for n in range(3)
    )
    found = read_map(write(tmp_path, "x.gml", text + "]"))
    assert [place.kind for place in found.places].count(SWITCH) == 1
    assert "1 link: more than two ends, so a switch" in found.assumed


def test_two_switches_are_not_plugged_into_each_other(tmp_path: Path) -> None:
    text = ("graph [ node [ id 1 hyperedge 1 ] node [ id 2 hyperedge 1 ] node [ id 3 ]"
            " edge [ source 1 target 2 ] edge [ source 2 target 3 ] ]")  # fmt: skip
    found = read_map(write(tmp_path, "x.gml", text))
    assert [place.kind for place in found.places].count(SWITCH) == 1


def test_an_edge_of_many_ends_is_a_switch(tmp_path: Path) -> None:
    text = "<graphml><graph><node id='a'/><node id='b'/><node id='c'/><hyperedge>" + "".join(
        f"<endpoint node='{n}'/>" for n in "abc"
    )
    found = read_map(write(tmp_path, "x.graphml", text + "</hyperedge></graph></graphml>"))
    assert [(place.name, place.kind) for place in found.places][-1] == ("lan", SWITCH)
    assert len(found.cables) == 3


def test_bare_delays_are_milliseconds_and_loops_are_left_out(tmp_path: Path) -> None:
    found = read_map(write(tmp_path, "x.edges", "a b {'delay': 5}\na a\nb c 20ms\n"))
    assert [cable.delay for cable in found.cables] == [0.005, 0.02]
    assert "1 link: a delay without a unit is taken for milliseconds" in found.assumed
    assert "1 link: from a place to itself, left out" in found.assumed


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x", "strict graph { a -- b }"),
        ("x", "graph [ node [ id a ] ]".replace("a ]", "1 ]")),
        ("x", "<?xml version='1.0'?><graphml><graph><node id='a'/></graph></graphml>"),
        ("x.GV", "graph { a -- b }"),
    ],
)
def test_a_format_is_known_by_its_ending_or_by_how_it_begins(
    tmp_path: Path, name: str, text: str
) -> None:
    assert read_map(write(tmp_path, name, text)).places


def test_rates_are_multiplied_where_asked() -> None:
    found = rescaled(read_map(DATA / "Geant2012.gml"), 0.001, 2e8)
    assert {cable.rate for cable in found.cables} == {None, 1e7, 1e6, 2.5e6, 155e3}
    assert found.assumed[-1] == "speeds are multiplied by 0.001"


def test_what_no_machine_carries_is_not_limited_and_it_is_told() -> None:
    found = rescaled(read_map(DATA / "Geant2012.gml"), 1.0, 2e8)
    assert {cable.rate for cable in found.cables} == {None, 155e6}
    assert found.assumed[-1] == (
        "37 links: not limited, since faster than 200mbit (scale=0.001 keeps the ratios)"
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.gml", "graph [\nnode [ id 1 ]\n", r"x\.gml:1: the \[ of this line is never closed"),
        ("x.gml", "graph [ ]", r"x\.gml: there is no node in it"),
        ("x.bin", "\x00\x01", "is no graph that is read: use one of .gml"),
        ("x.csv", "".join(f"a{n} b{n}\n" for n in range(3000)), "6,000 nodes and 3,000 links"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_file(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(BadValue, match=message) as caught:
        read_map(write(tmp_path, name, text))
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match=r"cannot read .*: No such file"):
        read_map(tmp_path / "nix.gml")
    with pytest.raises(BadValue, match=r"cannot read .*: Is a directory"):
        read_map(tmp_path)
