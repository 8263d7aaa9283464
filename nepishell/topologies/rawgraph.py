"""What a file of a graph says, as it says it; errors name the file and the line.

Readers (gml, graphml, dot, edgelist) make it, atlas.py makes a map of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nepishell.core.errors import BadValue

#: A value of an attribute.
Scalar = str | float | int


class BadGraph(BadValue):
    """A file that is no graph of its format."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {what}" if line else what)


@dataclass(slots=True)
class RawNode:
    """A node: the number or name that edges call it by, and its attributes in small letters."""

    key: str
    data: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(slots=True)
class RawEdge:
    """An edge between two or, where *ends* are more, all of these nodes."""

    ends: tuple[str, ...]
    data: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(slots=True)
class RawGraph:
    """Nodes and edges in the order of the file."""

    name: str = ""
    nodes: dict[str, RawNode] = field(default_factory=dict)
    edges: list[RawEdge] = field(default_factory=list)

    def node(self, key: str) -> RawNode:
        """The node of that key, made where it is missing."""
        found = self.nodes.get(key)
        if found is None:
            found = self.nodes[key] = RawNode(key)
        return found


def text_of(value: object) -> str:
    """How a value is written as a key: 3.0 and 3 are the same node."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number_or_text(text: str) -> Scalar:
    """A number where *text* is one."""
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or abs(value) == float("inf"):
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def shown(text: str) -> str:
    """A piece of a file for a message: short, and in one line."""
    plain = " ".join(text.split())
    plain = "".join(char if char.isprintable() else "?" for char in plain)
    return plain if len(plain) <= 30 else f"{plain[:27]}..."


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of *text*, from 1; only line ends of files count as such."""
    yield from enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
