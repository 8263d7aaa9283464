"""DOT, the language of Graphviz: what it says of nodes and edges, not how they are drawn.

Groups of nodes in braces join each of theirs, as in `a -- {b c}`. Ports are left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from nepishell.topologies.rawgraph import (
    BadGraph,
    RawEdge,
    RawGraph,
    RawNode,
    Scalar,
    number_or_text,
    shown,
)

_DEEPEST = 40
_MOST_EDGES = 200_000
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/|(?<![^\n])\#[^\n]*)
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<line>--|->)
      | (?P<mark>[{}\[\];,=:+])
      | (?P<word>-?(?:\.\d+|\d[\w.]*)|[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def read_dot(text: str) -> RawGraph:
    """The first graph of a DOT file; raises BadGraph."""
    return _Reader(list(_tokens(text))).read()


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        if text[at] == "<":
            end = _html_end(text, at, line)
            yield _Token("word", re.sub(r"<[^>]*>", " ", text[at + 1 : end - 1]).strip(), line)
        else:
            match = _TOKEN.match(text, at)
            if match is None:
                raise BadGraph(line, f"'{shown(text[at : at + 20])}' cannot stand here")
            end, kind = match.end(), str(match.lastgroup)
            if kind == "text":
                plain = match.group()[1:-1].replace('\\"', '"').replace("\\\n", "")
                yield _Token("word", re.sub(r"\\[nlr]", " ", plain), line)
            elif kind != "space":
                yield _Token(kind, match.group(), line)
        line += text.count("\n", at, end)
        at = end
    yield _Token("end", "the end of the file", line)


def _html_end(text: str, at: int, line: int) -> int:
    """Behind the > that closes the < at *at*."""
    depth = 0
    for match in re.compile("[<>]").finditer(text, at):
        depth += 1 if match.group() == "<" else -1
        if depth == 0:
            return match.end()
    raise BadGraph(line, "a < without its >")


@dataclass(slots=True)
class _Scope:
    """Between two braces: what holds for nodes and edges from now on, and who was named."""

    node: dict[str, Scalar] = field(default_factory=dict)
    edge: dict[str, Scalar] = field(default_factory=dict)
    named: dict[str, None] = field(default_factory=dict)


class _Reader:
    """Reads statement after statement; one token ahead decides."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._graph = RawGraph()

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._at += 1
        return token

    def _is(self, text: str) -> bool:
        return self._next.kind in ("mark", "line") and self._next.text == text

    def _skip(self, text: str) -> bool:
        if self._is(text):
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            token = self._next
            raise BadGraph(token.line, f"'{shown(token.text)}' stands where '{text}' should")

    def _keyword(self, *words: str) -> bool:
        return self._next.kind == "word" and self._next.text.lower() in words

    def read(self) -> RawGraph:
        if self._keyword("strict"):
            self._take()
        if not self._keyword("graph", "digraph"):
            raise BadGraph(self._next.line, "it begins with neither 'graph' nor 'digraph'")
        self._take()
        if self._next.kind == "word":
            self._graph.name = self._take().text
        self._expect("{")
        self._statements(_Scope(), 0)
        return self._graph

    def _statements(self, scope: _Scope, depth: int) -> None:
        """Up to and with the closing brace."""
        if depth > _DEEPEST:
            raise BadGraph(self._next.line, f"more than {_DEEPEST} groups in one another")
        while not self._skip("}"):
            if self._next.kind == "end":
                raise BadGraph(self._next.line, "a { is never closed: the file is cut off")
            if not self._skip(";") and not self._skip(","):
                self._statement(scope, depth)

    def _statement(self, scope: _Scope, depth: int) -> None:
        if self._keyword("node", "edge", "graph") and self._tokens[self._at + 1].text == "[":
            word = self._take().text.lower()
            values = self._attributes()
            {"node": scope.node, "edge": scope.edge}.get(word, {}).update(values)
            return
        if self._next.kind == "word" and self._tokens[self._at + 1].text == "=":
            self._at += 2
            self._value()
            return
        groups = [self._group(scope, depth)]
        while self._skip("--") or self._skip("->"):
            groups.append(self._group(scope, depth))
        values = self._attributes()
        if len(groups) == 1:
            for key in groups[0]:
                node = self._graph.node(key)
                self._graph.nodes[key] = RawNode(key, {**node.data, **values})
            return
        self._join(groups, {**scope.edge, **values})

    def _join(self, groups: list[list[str]], data: Mapping[str, Scalar]) -> None:
        for left, right in pairwise(groups):
            if len(self._graph.edges) + len(left) * len(right) > _MOST_EDGES:
                raise BadGraph(self._next.line, f"more than {_MOST_EDGES:,} edges")
            self._graph.edges += [RawEdge((one, two), data) for one in left for two in right]

    def _group(self, scope: _Scope, depth: int) -> list[str]:
        """One node, or all that are named between braces."""
        if self._keyword("subgraph"):
            self._take()
            if self._next.kind == "word":
                self._take()
        if self._skip("{"):
            inner = _Scope(dict(scope.node), dict(scope.edge))
            self._statements(inner, depth + 1)
            scope.named.update(inner.named)
            return list(inner.named)
        token = self._take()
        if token.kind != "word":
            raise BadGraph(token.line, f"'{shown(token.text)}' stands where a node should")
        while self._skip(":"):
            self._take()
        if token.text not in self._graph.nodes:
            self._graph.nodes[token.text] = RawNode(token.text, dict(scope.node))
        scope.named[token.text] = None
        return [token.text]

    def _attributes(self) -> dict[str, Scalar]:
        found: dict[str, Scalar] = {}
        while self._skip("["):
            while not self._skip("]"):
                name = self._take()
                if name.kind != "word":
                    raise BadGraph(name.line, f"'{shown(name.text)}' stands where a name should")
                found[name.text.lower()] = self._value() if self._skip("=") else "true"
                if not self._skip(","):
                    self._skip(";")
        return found

    def _value(self) -> Scalar:
        token = self._take()
        if token.kind != "word":
            raise BadGraph(token.line, f"'{shown(token.text)}' stands where a value should")
        text = token.text
        while self._skip("+"):
            text += self._take().text
        return number_or_text(unescape(text))
