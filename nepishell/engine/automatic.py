"""A controller that describes itself: it walks a graph and calls back at each node and edge.

What a graph is, is not known here: who knows registers how one is made, as forms of files are
(NEPI section 1.1).
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from nepishell.core.errors import NepishellError

#: Called with (ec, nid) for each node, and with (ec, nid1, nid2) for each edge.
NodeCallback = Callable[[Any, Any], object]
EdgeCallback = Callable[[Any, Any, Any], object]


class Graphs:
    """How a graph is made; one for the process."""

    make: ClassVar[Callable[..., Any] | None] = None
    #: the keywords that it takes
    keywords: ClassVar[frozenset[str]] = frozenset()


class Automatic:
    """The part of the controller that has a graph."""

    _netgraph: Any = None

    @property
    def netgraph(self) -> Any:
        """The NetGraph that describes the experiment; None where there is none."""
        return self._netgraph

    def _walk_graph(
        self,
        add_node: NodeCallback | None,
        add_edge: EdgeCallback | None,
        keywords: Mapping[str, Any],
        seed: int,
    ) -> None:
        """Make the graph, which chooses by *seed*, and call back; raises TypeError.

        As in NEPI, a type of topology alone makes nothing: somebody must want to see it.
        """
        unknown = keywords.keys() - Graphs.keywords
        if unknown:
            raise TypeError(
                f"ExperimentController() got an unexpected keyword argument '{min(unknown)}'"
            )
        if add_node is None and add_edge is None and keywords.get("topology") is None:
            return
        if Graphs.make is None:
            raise NepishellError(
                "no graphs are known; write: from nepishell import ExperimentController"
            )
        self._netgraph = graph = Graphs.make(**keywords, seed=seed)
        for nid in graph.nodes() if add_node is not None else ():
            add_node(self, nid)  # type: ignore[misc]
        for nid1, nid2 in graph.edges() if add_edge is not None else ():
            add_edge(self, nid1, nid2)  # type: ignore[misc]
