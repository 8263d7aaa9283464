"""GraphML."""

import pytest

from nepishell.topologies.graphml import read_graphml
from nepishell.topologies.rawgraph import BadGraph

MAP = """\
<?xml version="1.0" encoding="latin-1"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="Latitude"/>
  <key id="d1" for="edge" attr.name="LinkSpeedRaw"/>
  <graph edgedefault="undirected">
    <node id="n0"><data key="d0">52.5</data></node>
    <node id="n1"><data key="d9"><y:ShapeNode xmlns:y="http://y"><y:NodeLabel>Köln</y:NodeLabel>
    </y:ShapeNode></data></node>
    <node id="n2"/>
    <edge source="n0" target="n1"><data key="d1">1e9</data></edge>
    <hyperedge><endpoint node="n0"/><endpoint node="n1"/><endpoint node="n2"/></hyperedge>
  </graph>
</graphml>
"""


def test_nodes_edges_and_hyperedges_are_read_with_their_data() -> None:
    graph = read_graphml(MAP)
    assert graph.nodes["n0"].data == {"latitude": 52.5}
    assert graph.nodes["n1"].data == {"label": "Köln"}
    assert [edge.ends for edge in graph.edges] == [("n0", "n1"), ("n0", "n1", "n2")]
    assert graph.edges[0].data == {"linkspeedraw": 10**9}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a/>", "there is no <graph>"),
        ("<graphml><graph>", "line 1: no element found"),
        ("not xml", "line 1: syntax error"),
        ("<graph><node/></graph>", "a <node> has no id"),
        ("<graph><node id='a'/><node id='a'/></graph>", "node 'a' is there twice"),
        ("<graph><node id='a'/><edge source='a' target='b'/></graph>", "ends at 'b'"),
        ("<graph><edge source='a'/></graph>", "a <edge> has no target"),
        ("\n<!DOCTYPE x [<!ENTITY a 'aa'>]><graph/>", "line 2: a document type is not read"),
    ],
)
def test_what_is_wrong_is_told(text: str, message: str) -> None:
    with pytest.raises(BadGraph, match=message):
        read_graphml(text)
