"""A network as text for other programs."""

import networkx as nx

from nepishell.core.states import ResourceState
from nepishell.formats.graph_text import dot, graphml, mermaid
from nepishell.formats.network import SWITCH, Network
from tests.formats.stand import node, pair, tie


def test_graphml_has_all_that_is_known() -> None:
    network = pair(
        name="Köln <1>", place=(6.9, 50.9), on_map=True, items=[("ping", ResourceState.STARTED)]
    )
    graph = nx.parse_graphml(graphml(network))
    assert graph.nodes["1"] == {
        "label": "Köln <1>", "rtype": "test::Node", "role": "host", "state": "STARTED",
        "with": "ping", "Longitude": 6.9, "Latitude": 50.9,
    }  # fmt: skip
    told = {"name": "wire", "values": "20ms", "state": "STARTED", "up": True}
    assert graph.edges["1", "2"].items() >= told.items()


def test_parallel_links_are_kept() -> None:
    network = Network([node(1), node(2)], [tie(1, 2, "a"), tie(1, 2, "b")], [])
    assert nx.parse_graphml(graphml(network)).number_of_edges() == 2
    assert dot(network).count(" -- ") == mermaid(network).count(" ---") == 2


def test_dot_keeps_every_name_in_its_quotes() -> None:
    text = dot(pair(name='a"];}\\ "\n', place=(3.0, 4.0), on_map=False))
    first = text.splitlines()[2]
    assert first.startswith('  1 [label="a\\"];}\\\\ \\"')
    assert 'pos="3,4!"' in first
    assert text.splitlines()[-2] == '  1 -- 2 [label="wire 20ms", state="STARTED"];'


def test_mermaid_shows_roles_and_what_runs() -> None:
    text = mermaid(pair(name='sw "1"', role=SWITCH, items=[("p", ResourceState.NEW)]))
    assert '  n1[["sw #quot;1#quot;<br/>p"]]:::STARTED' in text.splitlines()
    assert '  n1 ---|"wire 20ms"| n2' in text.splitlines()
