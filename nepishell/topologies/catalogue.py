"""The generators by name, with their parameters: all that completion and help must know of them.

What they do is in generators.py, which is loaded (with networkx) when one is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nepishell.core.attributes import Attribute

#: More nodes than this at once are no experiment on one machine.
MOST_NODES = 5000
#: The same of links.
MOST_LINKS = 20_000

Parameters = Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Kind:
    """One generator: what it makes, and what can be said about it."""

    help: str
    parameters: Parameters


def _int(default: int, least: int, most: int, text: str) -> Attribute:
    return Attribute(int, default=default, min=least, max=most, help=text)


def _share(default: float, text: str) -> Attribute:
    return Attribute(float, default=default, min=0.0, max=1.0, help=text)


def _named(**parameters: Attribute) -> Parameters:
    for name, attribute in parameters.items():
        attribute.name = name
    return parameters


def _nodes(default: int, least: int, most: int = MOST_NODES) -> Attribute:
    return _int(default, least, most, "how many nodes")


def _seed() -> Attribute:
    return _int(1, 0, 2**31, "the same number makes the same graph")


KINDS: Mapping[str, Kind] = {
    "linear": Kind("a chain", _named(nodes=_nodes(4, 1))),
    "ladder": Kind(
        "two chains side by side, joined at each step",
        _named(rungs=_int(3, 1, MOST_NODES // 2, "how many steps")),
    ),
    "mesh": Kind("each node joined to each other", _named(nodes=_nodes(4, 1, 150))),
    "tree": Kind(
        "a root, its children, their children, ...",
        _named(
            depth=_int(2, 1, 11, "how many levels below the root"),
            fanout=_int(2, 1, 1000, "how many children each node has"),
        ),
    ),
    "star": Kind(
        "arms round a centre",
        _named(
            arms=_int(4, 1, 1000, "how many arms"),
            length=_int(1, 1, 1000, "how many nodes each arm has"),
        ),
    ),
    "ring": Kind("a chain whose ends are joined", _named(nodes=_nodes(4, 3))),
    "grid": Kind(
        "rows and columns",
        _named(
            rows=_int(3, 1, MOST_NODES, "how many rows"),
            columns=_int(3, 1, MOST_NODES, "how many columns"),
        ),
    ),
    "torus": Kind(
        "a grid whose opposite borders are joined",
        _named(
            rows=_int(3, 3, MOST_NODES, "how many rows"),
            columns=_int(3, 3, MOST_NODES, "how many columns"),
        ),
    ),
    "dumbbell": Kind(
        "two routers with hosts, and one link between them that all share",
        _named(
            left=_int(2, 1, 1000, "how many hosts on the left"),
            right=_int(2, 1, 1000, "how many hosts on the right"),
        ),
    ),
    "fat-tree": Kind(
        "a data centre of three levels of switches with as many ports each",
        _named(ports=_int(4, 2, 24, "how many ports each has, an even number")),
    ),
    "leaf-spine": Kind(
        "a data centre of two levels: each leaf joined to each spine",
        _named(
            spines=_int(2, 1, 100, "how many spines"),
            leaves=_int(4, 1, 500, "how many leaves"),
            servers=_int(1, 0, 200, "how many hosts each leaf has"),
        ),
    ),
    "barabasi-albert": Kind(
        "grown node by node; who has many links gets more",
        _named(
            nodes=_nodes(20, 2),
            attach=_int(2, 1, 20, "how many links a new node brings"),
            seed=_seed(),
        ),
    ),
    "waxman": Kind(
        "nodes on a plane; the nearer, the likelier they are joined",
        _named(
            nodes=_nodes(20, 2, 2000),
            alpha=_share(0.2, "how far links reach"),
            beta=_share(0.6, "how many links there are"),
            seed=_seed(),
        ),
    ),
    "random-regular": Kind(
        "at random, each node with as many links",
        _named(
            nodes=_nodes(10, 2),
            degree=_int(3, 1, 20, "how many links each node has"),
            seed=_seed(),
        ),
    ),
    "adhoc": Kind(
        "what you write",
        _named(edges=Attribute(required=True, help="pairs of names, as in a-b,b-c,c-a")),
    ),
}
