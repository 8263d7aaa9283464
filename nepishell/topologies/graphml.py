"""GraphML, with hyperedges, and the labels that yEd draws (U. Brandes et al., GraphML Progress
Report, 2001). Files with a document type are refused: an entity can grow without end.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from nepishell.topologies.rawgraph import (
    BadGraph,
    RawEdge,
    RawGraph,
    RawNode,
    Scalar,
    number_or_text,
    shown,
)

_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_graphml(text: str) -> RawGraph:
    """The first graph of a GraphML file; raises BadGraph."""
    declared = _DECLARES.search(text)
    if declared:
        line = text.count("\n", 0, declared.start()) + 1
        raise BadGraph(line, "a document type is not read; take this line out")
    try:
        # what a file says about its encoding is no longer true: it is text by now
        top = ElementTree.fromstring(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1))
    except ElementTree.ParseError as problem:
        line = problem.position[0]
        raise BadGraph(line, str(problem).partition(":")[0]) from None
    found = next(_inside(top, "graph"), None)
    if found is None:
        raise BadGraph(0, "there is no <graph> in it")
    names = {key.get("id", ""): key.get("attr.name", "").lower() for key in _inside(top, "key")}
    graph = RawGraph()
    for node in _inside(found, "node"):
        key = _wanted(node, "id")
        if key in graph.nodes:
            raise BadGraph(0, f"node '{shown(key)}' is there twice")
        graph.nodes[key] = RawNode(key, _data(node, names))
    for edge in _inside(found, "edge"):
        ends = _wanted(edge, "source"), _wanted(edge, "target")
        graph.edges.append(RawEdge(ends, _data(edge, names)))
    for edge in _inside(found, "hyperedge"):
        ends_of = tuple(_wanted(end, "node") for end in _children(edge, "endpoint"))
        graph.edges.append(RawEdge(ends_of, _data(edge, names)))
    _check(graph)
    graph.name = str(_data(found, names).get("label", ""))
    return graph


def _check(graph: RawGraph) -> None:
    for edge in graph.edges:
        for end in edge.ends:
            if end not in graph.nodes:
                raise BadGraph(0, f"an edge ends at '{shown(end)}', and no node has that id")


def _local(element: "ElementTree.Element[str]") -> str:
    return str(element.tag).rpartition("}")[2]


def _inside(element: "ElementTree.Element[str]", name: str) -> "Iterator[ElementTree.Element[str]]":
    return (each for each in element.iter() if _local(each) == name)


def _children(
    element: "ElementTree.Element[str]", name: str
) -> "Iterator[ElementTree.Element[str]]":
    return (each for each in element if _local(each) == name)


def _wanted(element: "ElementTree.Element[str]", name: str) -> str:
    value = element.get(name)
    if value is None:
        raise BadGraph(0, f"a <{_local(element)}> has no {name}")
    return value


def _data(element: "ElementTree.Element[str]", names: dict[str, str]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for data in _children(element, "data"):
        key = data.get("key", "")
        text = (data.text or "").strip()
        if text:
            found.setdefault(names.get(key) or key.lower(), number_or_text(text))
        drawn = next(_inside(data, "NodeLabel"), None)
        if drawn is not None and (drawn.text or "").strip():
            found.setdefault("label", (drawn.text or "").strip())
    return found
