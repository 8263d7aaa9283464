"""Which resource types there are: rtype -> where its class is; loaded when first needed.

Types of other packages come by the entry-point group `nepishell.resources` (name = rtype, value =
"module:Class"), never from the current directory.
"""

from collections.abc import Iterable
from functools import cache, partial
from importlib import import_module

from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.installed import entry_points
from nepishell.engine.resource import ResourceManager

_HERE = "nepishell.resources"
ENTRY_POINTS = "nepishell.resources"

#: What ships with nepishell.
TYPES: dict[str, str] = {
    "Collector": f"{_HERE}.collector:Collector",
    "abstract::Node": f"{_HERE}.node:AbstractNode",
    "linux::Application": f"{_HERE}.linux.application:Application",
    "linux::Channel": f"{_HERE}.linux.channel:Channel",
    "linux::Flow": f"{_HERE}.linux.flow:Flow",
    "linux::FlowReceiver": f"{_HERE}.linux.flow:FlowReceiver",
    "linux::GRETunnel": f"{_HERE}.linux.gre_tunnel:GRETunnel",
    "linux::Interface": f"{_HERE}.linux.interface:Interface",
    "linux::Iperf3Client": f"{_HERE}.linux.iperf3:Iperf3Client",
    "linux::Iperf3Server": f"{_HERE}.linux.iperf3:Iperf3Server",
    "linux::Mtr": f"{_HERE}.linux.mtr:Mtr",
    "linux::NPing": f"{_HERE}.linux.nping:NPing",
    "linux::Node": f"{_HERE}.linux.node:LinuxNode",
    "linux::Ping": f"{_HERE}.linux.ping:Ping",
    "linux::Route": f"{_HERE}.linux.route:Route",
    "linux::Tap": f"{_HERE}.linux.tap:Tap",
    "linux::Tcpdump": f"{_HERE}.linux.tcpdump:Tcpdump",
    "linux::Traceroute": f"{_HERE}.linux.traceroute:Traceroute",
    "linux::Tun": f"{_HERE}.linux.tap:Tun",
    "linux::UdpTest": f"{_HERE}.linux.udptest:UdpTest",
    "linux::UdpTunnel": f"{_HERE}.linux.udp_tunnel:UdpTunnel",
    "local::Node": f"{_HERE}.local:LocalNode",
    "netns::Interface": f"{_HERE}.netns.interface:Interface",
    "netns::Link": f"{_HERE}.netns.link:Link",
    "netns::Node": f"{_HERE}.netns.node:NetnsNode",
    "netns::Router": f"{_HERE}.netns.router:Router",
    "netns::Switch": f"{_HERE}.netns.switch:Switch",
    "pool::Node": f"{_HERE}.pool.node:PoolNode",
}


@cache
def known_types() -> dict[str, str]:
    """TYPES and those of installed packages; a name that ships cannot be taken by another."""
    found = {point.name: point.value for point in entry_points(ENTRY_POINTS)}
    return found | TYPES


def load(rtype: str) -> type[ResourceManager]:
    """The class of *rtype*; raises UnknownName, or NepishellError when its module is broken."""
    known = TYPES if rtype in TYPES else known_types()
    if rtype not in known:
        raise UnknownName(f"no resource type '{rtype}'{did_you_mean(rtype, known)}")
    module, _, name = known[rtype].partition(":")
    try:
        found: type[ResourceManager] = getattr(import_module(module), name)
    except (ImportError, AttributeError) as problem:
        raise NepishellError(f"{rtype} cannot be loaded from {module}: {problem}") from problem
    return found


def register_all() -> None:
    """Tell the engine's factory of all types; imports none of them.

    Installed packages are looked through only when a type is asked for that does not ship: it
    takes longer than the rest of the start.
    """
    _register(TYPES)
    ResourceFactory.register_discovery(lambda: _register(known_types()))


def _register(rtypes: Iterable[str]) -> None:
    for rtype in rtypes:
        ResourceFactory.register_loader(rtype, partial(load, rtype))
