"""What a controller needs to describe itself by a graph; networkx is loaded when one is made."""

from importlib import import_module
from typing import Any

from nepishell.engine.automatic import Graphs

#: The keywords of NetGraph, beside those that a controller has anyway.
KEYWORDS = frozenset({
    "topology", "topo_type", "node_count", "branches", "assign_ips", "network", "prefix",
    "version", "sources_targets", "assign_st", "leaf_source",
})  # fmt: skip


def register() -> None:
    """Let every controller of this process have a graph."""
    Graphs.make = staticmethod(_make)
    Graphs.keywords = KEYWORDS


def _make(**keywords: Any) -> Any:
    return import_module("nepishell.topologies.netgraph").NetGraph(**keywords)
