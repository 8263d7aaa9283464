"""Lists of edges."""

import pytest

from nepishell.topologies.edgelist import read_edgelist
from nepishell.topologies.rawgraph import BadGraph


@pytest.mark.parametrize(
    ("line", "ends", "data"),
    [
        ("a b", ("a", "b"), {}),
        ("a b 3", ("a", "b"), {"weight": 3}),
        ("a b 5ms", ("a", "b"), {"delay": "5ms"}),
        ("a,b,5ms", ("a", "b"), {"delay": "5ms"}),
        ('"New York";Bonn', ("New York", "Bonn"), {}),
        ("a b delay=5ms rate=10mbit", ("a", "b"), {"delay": "5ms", "rate": "10mbit"}),
        ("a b {'weight': 3.5, \"delay\": '2ms'} # x", ("a", "b"), {"weight": 3.5, "delay": "2ms"}),
        ("a b {}", ("a", "b"), {}),
    ],
)
def test_an_edge(line: str, ends: tuple[str, str], data: dict[str, object]) -> None:
    graph = read_edgelist(f"# a remark\n\n{line}\n")
    assert [(edge.ends, edge.data) for edge in graph.edges] == [(ends, data)]


def test_a_first_line_may_name_the_columns() -> None:
    graph = read_edgelist("source,target,capacity,km\na,b,10G,\nb,c,1G,7\n")
    assert [edge.data for edge in graph.edges] == [
        {"capacity": "10G"}, {"capacity": "1G", "km": 7},
    ]  # fmt: skip
    assert list(graph.nodes) == ["a", "b", "c"]


def test_a_name_alone_is_a_node() -> None:
    graph = read_edgelist("a\nb c\n")
    assert (list(graph.nodes), len(graph.edges)) == (["a", "b", "c"], 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no edge in it"),
        ("# nothing\n", "there is no edge in it"),
        ("a b\nc,,d", "line 2: 'c,,d' names no two nodes"),
        ("a b c d", "line 1: 'c' is neither name=value nor a number"),
    ],
)
def test_what_is_wrong_is_told(text: str, message: str) -> None:
    with pytest.raises(BadGraph, match=message):
        read_edgelist(text)
