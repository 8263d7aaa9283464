"""A network as SVG."""

import random
import re
from itertools import combinations
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from nepishell.core.states import ResourceState
from nepishell.formats.network import HOST, ROUTER, SWITCH, Network
from nepishell.formats.picture import svg
from tests.formats.stand import node, pair, tie

NS = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(picture).iter(f"{NS}text")]


def boxes(picture: str) -> list[tuple[float, float, float, float]]:
    """The frame of each node."""
    found = [group.findall(f"{NS}rect")[0] for group in ET.fromstring(picture).iter(f"{NS}g")]
    return [tuple(float(b.get(n, "0")) for n in ("x", "y", "width", "height")) for b in found]  # type: ignore[misc]


def large(count: int) -> Network:
    """A random tree with some cross links, in all states and roles."""
    random_ = random.Random(count)
    graph = nx.barabasi_albert_graph(count, 1, seed=3)
    graph.add_edges_from(random_.sample(range(count), 2) for _ in range(count // 5))
    nodes = [
        node(
            key,
            f"router-{key}.example",
            role=random_.choice((HOST, ROUTER, SWITCH)),
            state=random_.choice(list(ResourceState)[:7]),
            items=[(f"ping{key}-{n}", ResourceState.STARTED) for n in range(random_.randrange(9))],
        )
        for key in graph
    ]
    return Network(nodes, [tie(one, two, values="20ms") for one, two in graph.edges], [])


@pytest.mark.parametrize("count", [12, 200])
def test_a_large_picture_stays_readable(count: int) -> None:
    picture = svg(large(count))
    found = boxes(picture)
    assert len(found) == count
    for (x, y, wide, high), (px, py, pwide, phigh) in combinations(found, 2):
        assert x >= px + pwide or px >= x + wide or y >= py + phigh or py >= y + high
    _, _, across, down = map(float, ET.fromstring(picture).get("viewBox", "").split())
    assert all(x >= 0 and y >= 0 and x + w <= across and y + h <= down for x, y, w, h in found)
    # every name can be read, none is cut off; most links say what they do
    assert {f"router-{key}.example" for key in range(count)} <= set(texts(picture))
    assert sum("20ms" in text for text in texts(picture)) > count * 0.7


def test_a_small_picture_tells_all_of_its_links() -> None:
    nodes = [node(key) for key in range(5)]
    ties = [tie(0, 1, "a", "20ms 10mbit"), tie(1, 2, "b"), tie(2, 0, "c", "1ms"), tie(3, 4, "d")]
    assert {"a 20ms 10mbit", "b", "c 1ms", "d"} <= set(texts(svg(Network(nodes, ties, []))))


def test_several_links_between_two_are_several_lines() -> None:
    network = Network([node(1), node(2)], [tie(1, 2, f"wire{n}") for n in range(3)], [])
    picture = svg(network)
    lines = re.findall(r'<path d="(M[^"]*Q[^"]*)"', picture)
    assert len(set(lines)) == 3
    assert {"wire0", "wire1", "wire2"} <= set(texts(picture))


def test_names_are_text_whatever_is_in_them() -> None:
    picture = svg(pair(name='<b a="1">&\x1b[31m'))
    assert any(text.startswith('<b a="1">&') for text in texts(picture))
    assert "\x1b" not in picture


def test_roles_and_states_are_told_by_more_than_colour() -> None:
    roles = {svg(pair(name="x", role=role)).count("<rect") for role in (HOST, ROUTER)}
    assert len(roles) == 2
    assert "stroke-dasharray" in svg(pair(role=SWITCH))
    states = {svg(pair(state=state)).split("</g>")[0] for state in list(ResourceState)[:7]}
    shapes = {re.sub(r"#[0-9a-f]{6}|[A-Z]{3,}", "", text) for text in states}
    assert len(shapes) == 7


def test_a_link_that_is_down_is_dashed() -> None:
    network = Network([node(1), node(2)], [tie(1, 2, up=False)], [])
    assert "stroke-dasharray" in svg(network)
    assert "is down" in svg(network)


def test_nodes_with_places_stand_where_they_say() -> None:
    cities = {"Lisbon": (-9.1, 38.7), "Helsinki": (24.9, 60.2), "Paris": (2.3, 48.9)}
    nodes = [node(k, n, place=at, on_map=True) for k, (n, at) in enumerate(cities.items())]
    lisbon, helsinki, paris = boxes(svg(Network(nodes, [tie(0, 1), tie(1, 2)], [])))
    assert lisbon[0] < paris[0] < helsinki[0]
    assert lisbon[1] > paris[1] > helsinki[1]


def test_nothing_and_what_belongs_to_no_node_is_said() -> None:
    assert "nothing to draw" in svg(Network([], [], []))
    assert "on no node: lost" in svg(Network([node(1)], [], ["lost"]))
