"""GML as it is found."""

import pytest

from nepishell.topologies.gml import read_gml
from nepishell.topologies.rawgraph import BadGraph

MAP = """\
Creator "somebody" # [ with a remark
graph [
  label "Twice"
  directed 0
  node [ id 0 label "?" Latitude -1.5e1 graphics [ x 1 y 2 ] ]
  node [ id 1 label "?" label "again" ]
  edge [ source 0 target 1 LinkLabel "10 &quot;G&quot;" ]
  edge [ source 0 target 1.0 ]
]
"""


def test_equal_labels_parallel_edges_and_repeated_keys_are_read() -> None:
    graph = read_gml(MAP)
    assert graph.name == "Twice"
    assert [node.data["label"] for node in graph.nodes.values()] == ["?", "?"]
    assert graph.nodes["0"].data["latitude"] == -15
    assert [edge.ends for edge in graph.edges] == [("0", "1"), ("0", "1")]
    assert graph.edges[0].data["linklabel"] == '10 "G"'


def test_edges_may_come_before_nodes() -> None:
    graph = read_gml("graph [ edge [ source 1 target 2 ] node [ id 1 ] node [ id 2 ] ]")
    assert len(graph.edges) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "there is no graph"),
        ("graph [\n node [ label 1 ]\n]", 2, "the node that begins here has no id"),
        ("graph [\n node [ id 1 ]\n node [ id 1 ]\n]", 3, "node 1 is there twice"),
        ("graph [ node [ id 1 ]\n edge [ source 1 target 9 ] ]", 2, "ends at 9, and no node"),
        ("graph [ node [ id 1 ]\n edge [ source 1 ] ]", 2, "the edge that begins here has no tar"),
        ("graph [\n node [ id 1 ]\n", 1, "never closed"),
        ("graph [ ]\n]", 2, "without its"),
        ('graph [\n label "x\n]', 2, "without its closing quote"),
        ("graph [ node ]", 1, "'node' has no value"),
        ("graph [ 5 5 ]", 1, "'5' stands where a key should"),
        ("graph [\n x {} ]", 2, "cannot stand here"),
        ("a [ " * 100, 1, "more than 40 lists"),
        ("graph", 1, "'graph' has no value"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadGraph, match=message) as caught:
        read_gml(text)
    assert caught.value.line == line
