"""Completing a resource type from what its class body declares."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nepishell.core.attributes import Attribute
from nepishell.core.errors import NepishellError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager


def declare(cls: "type[ResourceManager]") -> None:
    """Complete a class from what its body declares, and check the declaration.

    Raises NepishellError that names the class and what does not fit.
    """
    own: Mapping[str, Any] = vars(cls)
    if "_rtype" in own and "rtype" not in own:
        cls.rtype = own["_rtype"]
    cls._rtypes = frozenset({*cls._rtypes, cls.rtype})
    if "_help" not in own:
        cls._help = (cls.__doc__ or "").strip().partition("\n")[0]
    attributes = {a.name: a for a in own.values() if isinstance(a, Attribute)}
    cls._attributes = {**cls._attributes, **attributes}
    cls._traces = {**cls._traces, **{trace.name: trace for trace in own.get("traces", ())}}
    # a peer that is declared again replaces that of the base
    peers = {p.name: p for p in (*cls._peers, *own.values()) if isinstance(p, Peer)}
    cls._peers = tuple(peers.values())
    cls._needs = tuple(
        [(peer, peer.needs[action]) for peer in cls._peers if action in peer.needs]
        for action in ResourceAction
    )
    for name in ("_register_attributes", "_register_traces"):
        if name in own:
            getattr(cls, name)()
    cls._required = tuple(a for a in cls._attributes.values() if a.required)
    for attribute in cls._required:
        if attribute.default is not None:
            raise NepishellError(f"{cls.__name__}.{attribute.name}: required, yet has a default")
