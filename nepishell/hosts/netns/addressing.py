"""Changes to what a host already has: an interface's addresses, MTU and state; its routes."""

from collections.abc import Sequence
from contextlib import suppress

from nepishell.hosts.netns import messages
from nepishell.hosts.netns.building import Builder, End, Host
from nepishell.hosts.netns.messages import Cidr
from nepishell.hosts.netns.netlink import Message, NetlinkError


def set_port(
    builder: Builder,
    host_name: str,
    ifname: str,
    addresses: Sequence[str] | None,
    up: bool | None,
    mtu: int | None,
) -> None:
    """Change an interface while it is in use; None leaves a property as it is."""
    host, end = builder.host(host_name), builder.end(host_name, ifname)
    wanted = end.addresses if addresses is None else [Cidr(text) for text in addresses]
    if mtu is not None:
        _set_mtu(builder, host, end, mtu)
    if wanted is not end.addresses:
        _set_addresses(host, end, wanted)
    if up is not None:
        end.up = up
    set_state(host, end)


def set_state(host: Host, end: End) -> None:
    """Bring an interface up or down as it and its link are meant to be, and what hangs on it."""
    is_up = end.up and not end.is_cut
    host.space.netlink.send((messages.set_link(str(end), end.index, up=is_up),))
    if is_up:
        # the first time, and because going down takes the IPv6 addresses away
        host.space.netlink.send(end.address_messages())
    restore_routes(host)


def _set_mtu(builder: Builder, host: Host, end: End, mtu: int) -> None:
    host.space.netlink.send((messages.set_link(f"{end}: MTU {mtu}", end.index, mtu=mtu),))
    if end.core_index:
        change = messages.set_link(f"{end}: MTU {mtu}", end.core_index, mtu=mtu)
        builder.core.netlink.send((change,))
    end.mtu = mtu


def _set_addresses(host: Host, end: End, wanted: list[Cidr]) -> None:
    before = end.all_addresses()
    end.addresses = wanted
    now = {address.text for address in end.all_addresses()}
    host.space.netlink.send(end.address_messages())
    for address in before:
        if address.text not in now:
            what = f"{end}: remove {address.text}"
            with suppress(NetlinkError):
                host.space.netlink.send((messages.address(what, end.index, address, add=False),))


def restore_routes(host: Host) -> None:
    """Put back the routes that the kernel dropped with an interface or address."""
    for network, via in host.routes:
        # one that cannot be now comes back with the interface that it needs
        with suppress(NetlinkError):
            host.space.netlink.send((_route(host, network, via),))


def set_routes(builder: Builder, host_name: str, routes: Sequence[tuple[str, str]]) -> None:
    """Make *routes* the only ones of ours; on an error the old ones stay."""
    host = builder.host(host_name)
    kept, wanted = set(host.routes), set(routes)
    stale = [route for route in host.routes if route not in wanted]
    added = [route for route in routes if route not in kept]
    try:
        host.space.netlink.send([_route(host, network, via) for network, via in routes])
    except NetlinkError:
        _drop(host, added)
        restore_routes(host)
        raise
    _drop(host, stale)
    host.routes = list(routes)


def _drop(host: Host, routes: Sequence[tuple[str, str]]) -> None:
    for network, via in routes:
        with suppress(NetlinkError):
            host.space.netlink.send((_route(host, network, via, add=False),))


def _route(host: Host, network: str, via: str, *, add: bool = True) -> Message:
    what = f"{host.space.name}: route to {network} via {via}"
    return messages.route(what, network, via, add=add)
