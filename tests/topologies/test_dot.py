"""DOT."""

import pytest

from nepishell.topologies.dot import read_dot
from nepishell.topologies.rawgraph import BadGraph

MAP = """\
# made by hand
strict digraph "My net" { // with remarks
  node [shape=box, site="x"];
  rankdir = LR
  a [label="Berlin\\nMitte"]; b [label=<<b>Bonn</b>>]
  edge [delay=5ms] /* from
  here on */
  a -> b:port -> c [bandwidth="10" + "G"]
  subgraph cluster_0 { d; e }
  a -- {d e}
  c -- { subgraph s { f } }
}
"""


def test_chains_groups_defaults_and_labels_are_read() -> None:
    graph = read_dot(MAP)
    assert graph.name == "My net"
    assert [edge.ends for edge in graph.edges] == [
        ("a", "b"), ("b", "c"), ("a", "d"), ("a", "e"), ("c", "f"),
    ]  # fmt: skip
    assert graph.edges[0].data == {"delay": "5ms", "bandwidth": "10G"}
    assert graph.edges[2].data == {"delay": "5ms"}
    assert graph.nodes["a"].data["label"] == "Berlin Mitte"
    assert graph.nodes["b"].data["label"] == "Bonn"
    assert graph.nodes["c"].data == {"shape": "box", "site": "x"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "neither 'graph' nor 'digraph'"),
        ("graph {\n a -- \n}", 3, "'}' stands where a node should"),
        ("graph {\n a", 2, "the file is cut off"),
        ("graph { a [x=] }", 1, r"'\]' stands where a value should"),
        ("graph { a [=x] }", 1, "'=' stands where a name should"),
        ("graph a b", 1, "'b' stands where '{' should"),
        ("graph { a -- \n\x01 }", 2, "cannot stand here"),
        ("graph { a [label=<b> }", 1, "the file is cut off|without its >|stands where"),
        ("graph { a [label=<b }", 1, "a < without its >"),
        ("graph " + "{" * 100, 1, "more than 40 groups"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadGraph, match=message) as caught:
        read_dot(text)
    assert caught.value.line == line


def test_groups_that_would_make_millions_of_edges_are_refused() -> None:
    many = " ".join(f"n{number}" for number in range(600))
    with pytest.raises(BadGraph, match="more than 200,000 edges"):
        read_dot(f"graph {{ {{{many}}} -- {{{many}}} }}")
