"""GML as it is found, not as it should be: labels may be equal, edges parallel, keys repeated.

(networkx refuses files of the Topology Zoo for the first two.) M. Himsolt, GML: a portable graph
file format, 1997.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from nepishell.topologies.rawgraph import (
    BadGraph,
    RawEdge,
    RawGraph,
    RawNode,
    Scalar,
    number_or_text,
    shown,
    text_of,
)

#: Lists in lists in lists ...: more than anybody writes.
_DEEPEST = 40
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<text>"[^"]*")
      | (?P<open>\[)
      | (?P<close>\])
      | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?=[\s\[\]"#]|$))
      | (?P<key>[A-Za-z_][\w.:-]*)""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


class _Pairs(NamedTuple):
    """A list of GML: what stands under each key, in order, keys in small letters."""

    values: dict[str, Scalar]
    lists: list[tuple[str, "_Pairs"]]
    line: int


def read_gml(text: str) -> RawGraph:
    """The first graph of a GML file; raises BadGraph."""
    top = _parse(text)
    found = next((inner for key, inner in top.lists if key == "graph"), None)
    if found is None:
        raise BadGraph(0, "there is no graph [ ... ] in it")
    named = found.values.get("label") or found.values.get("network") or ""
    graph = RawGraph(str(named))
    for key, inner in found.lists:
        if key == "node":
            node = text_of(_wanted(inner, "node", "id"))
            if node in graph.nodes:
                raise BadGraph(inner.line, f"node {shown(node)} is there twice")
            graph.nodes[node] = RawNode(node, inner.values)
        elif key == "edge":
            ends = tuple(text_of(_wanted(inner, "edge", end)) for end in ("source", "target"))
            graph.edges.append(RawEdge(ends, inner.values))
            _check_later(graph, ends, inner.line)
    return _checked(graph)


def _wanted(pairs: _Pairs, what: str, key: str) -> Scalar:
    if key not in pairs.values:
        raise BadGraph(pairs.line, f"the {what} that begins here has no {key}")
    return pairs.values[key]


def _check_later(graph: RawGraph, ends: tuple[str, ...], line: int) -> None:
    """Remember where an edge stands: its nodes may come after it."""
    edge = graph.edges[-1]
    graph.edges[-1] = RawEdge(ends, {**edge.data, _LINE: line})


_LINE = "\0line"


def _checked(graph: RawGraph) -> RawGraph:
    for number, edge in enumerate(graph.edges):
        data = dict(edge.data)
        line = int(data.pop(_LINE))
        for end in edge.ends:
            if end not in graph.nodes:
                raise BadGraph(line, f"an edge ends at {shown(end)}, and no node has that id")
        graph.edges[number] = RawEdge(edge.ends, data)
    return graph


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            what = "a text without its closing quote" if text[at] == '"' else (
                f"'{shown(text[at : at + 20].partition(chr(10))[0])}' cannot stand here"
            )  # fmt: skip
            raise BadGraph(line, what)
        kind = str(match.lastgroup)
        if kind != "space":
            yield _Token(kind, match.group(), line)
        line += text.count("\n", at, match.end())
        at = match.end()


def _parse(text: str) -> _Pairs:
    stack = [_Pairs({}, [], 1)]
    key: _Token | None = None
    for token in _tokens(text):
        if token.kind == "close":
            if key is not None:
                raise BadGraph(key.line, f"'{shown(key.text)}' has no value")
            if len(stack) == 1:
                raise BadGraph(token.line, "a ] without its [")
            stack.pop()
        elif key is None:
            if token.kind != "key":
                raise BadGraph(token.line, f"'{shown(token.text)}' stands where a key should")
            key = token
        else:
            _add(stack, key, token)
            key = None
    if key is not None:
        raise BadGraph(key.line, f"'{shown(key.text)}' has no value")
    if len(stack) > 1:
        raise BadGraph(stack[-1].line, "the [ of this line is never closed: the file is cut off")
    return stack[0]


def _add(stack: list[_Pairs], key: _Token, token: _Token) -> None:
    name = key.text.lower()
    if token.kind == "open":
        if len(stack) > _DEEPEST:
            raise BadGraph(token.line, f"more than {_DEEPEST} lists in one another")
        inner = _Pairs({}, [], key.line)
        stack[-1].lists.append((name, inner))
        stack.append(inner)
    elif token.kind == "text":
        stack[-1].values.setdefault(name, unescape(token.text[1:-1]))
    else:
        stack[-1].values.setdefault(name, number_or_text(token.text))
