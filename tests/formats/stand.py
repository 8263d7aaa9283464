"""What the tests of pictures draw."""

from nepishell.core.attributes import Attribute
from nepishell.core.states import ResourceState
from nepishell.engine.factory import ResourceFactory
from nepishell.formats.network import HOST, Network, Node, Tie
from nepishell.resources.node import AbstractNode


def placed_node(right: str, up: str) -> None:
    """Make `test::Placed` a type of nodes that stand where these two attributes say."""
    own = {right: Attribute(float, help="right"), up: Attribute(float, help="up")}
    ResourceFactory.register_type(
        type("Placed", (AbstractNode,), {"rtype": "test::Placed", "__doc__": "Somewhere.", **own})
    )


def node(key: int, name: str = "", **facts: object) -> Node:
    """A node as the types would tell it."""
    usual = {
        "rtype": "test::Node", "role": HOST, "state": ResourceState.STARTED, "items": [],
        "place": None, "on_map": False,
    }  # fmt: skip
    return Node(key=key, name=name or f"n{key}", **{**usual, **facts})  # type: ignore[arg-type]


def tie(one: int, two: int, name: str = "", values: str = "", *, up: bool = True) -> Tie:
    """A link that is STARTED."""
    return Tie(one, two, name or f"l{one}-{two}", ResourceState.STARTED, values, up)


def pair(**facts: object) -> Network:
    """Two nodes, of which the first has *facts*, and a link."""
    return Network([node(1, **facts), node(2)], [tie(1, 2, "wire", "20ms")], [])  # type: ignore[arg-type]
