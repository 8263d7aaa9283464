"""Hosts, switches and ports, made in as few system calls as the kernel allows.

A port is one veth pair: the end in the core is a port of the bridge, the other is made directly
inside the host. All devices of the core bear one group, so that one request removes them all.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from nepishell.hosts.netns import messages
from nepishell.hosts.netns.messages import Cidr
from nepishell.hosts.netns.namespaces import Core, Space
from nepishell.hosts.netns.netlink import Message, NetlinkError
from nepishell.hosts.netns.removal import Removals

LAB_GROUP = 1

#: BR_MAX_PORTS of the kernel is 1024, one of them unusable
MAX_PORTS = 1023


#: host, interface name, MAC address, addresses, MTU, up: a Port as the wire carries it
PortFields = tuple[str, str, str, Sequence[str], int, bool]


class BuildError(Exception):
    """Something asked of the lab cannot be; the text is one line."""


class End:
    """One interface of a host, as it was asked for and where it is."""

    def __init__(
        self, host: str, ifname: str, mac: str, addresses: Sequence[str], mtu: int, up: bool
    ) -> None:
        self.host = host
        self.ifname = ifname
        self.mac = messages.mac_bytes(mac)
        self.addresses = [Cidr(text) for text in addresses]
        self.mtu = mtu
        self.up = up
        #: down because its link is, whatever was asked for itself
        self.is_cut = False
        self.index = 0
        #: index of the other end where that is in the core, else 0
        self.core_index = 0

    def __str__(self) -> str:
        return f"{self.host} {self.ifname}"

    def fields(self) -> PortFields:
        """What it was asked to be, as the wire carries it."""
        addresses = [address.text for address in self.addresses]
        return self.host, self.ifname, self.mac.hex(":"), addresses, self.mtu, self.up

    def address_messages(self) -> list[Message]:
        """What gives the device its addresses; the device is up, if it is to be, before."""
        return [
            messages.address(f"{self}: add {address.text}", self.index, address)
            for address in self.all_addresses()
        ]

    def all_addresses(self) -> list[Cidr]:
        """The asked ones, and a link-local one where there is IPv6 (none is made by itself)."""
        if any(address.is_ipv6 for address in self.addresses):
            return [*self.addresses, messages.link_local(self.mac)]
        return self.addresses


class Host:
    """A host: its namespaces, interfaces and routes."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.ends: dict[str, End] = {}
        self.routes: list[tuple[str, str]] = []


class Switch:
    """A bridge in the core and the ends behind its ports."""

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index
        self.ends: list[End] = []


class Builder:
    """Owns every device of one lab. One thread only, which is in the core between calls."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.hosts: dict[str, Host] = {}
        self.switches: dict[str, Switch] = {}
        self.removals = Removals(core)

    def host(self, name: str) -> Host:
        try:
            return self.hosts[name]
        except KeyError:
            raise BuildError(f"the lab has no host '{name}'") from None

    def space(self, end: End) -> Space:
        """Where an end is."""
        return self.host(end.host).space

    def end(self, host: str, ifname: str) -> End:
        try:
            return self.host(host).ends[ifname]
        except KeyError:
            raise BuildError(f"host '{host}' has no interface '{ifname}'") from None

    def switch(self, name: str) -> Switch:
        try:
            return self.switches[name]
        except KeyError:
            raise BuildError(f"the lab has no switch '{name}'") from None

    def add_hosts(self, wanted: Iterable[tuple[str, bool]]) -> None:
        """Make a namespace for each (name, forwarding); those before a failing one stay."""
        try:
            for name, forwarding in wanted:
                if name in self.hosts:
                    raise BuildError(f"the lab already has a host '{name}'")
                self.hosts[name] = Host(Space(self.core, name))
                if forwarding:
                    self.hosts[name].space.forward(on=True)
        finally:
            self.core.enter_net()

    def remove_host(self, name: str) -> None:
        """Forget a host in which nothing runs any more, and unplug it everywhere."""
        host = self.host(name)
        self.remove_ends(list(host.ends.values()))
        del self.hosts[name]
        self.removals.forget(host.space)
        host.space.close()

    def add_switch(self, name: str, ends: Sequence[End], *, up: bool) -> None:
        """A bridge with all its ports, or nothing."""
        if name in self.switches:
            raise BuildError(f"the lab already has a switch '{name}'")
        index = self.core.new_index()
        make = messages.bridge(
            what=f"switch {name}", index=index, name=f"s{index}", up=up, group=LAB_GROUP
        )
        self.core.netlink.send((make,))
        self.switches[name] = Switch(name, index)
        try:
            self.add_ports(name, ends)
        except (BuildError, OSError):
            self.remove_switch(name)
            raise

    def add_ports(self, name: str, ends: Sequence[End]) -> None:
        """Plug hosts into a switch, or none of them."""
        switch = self.switch(name)
        if len(switch.ends) + len(ends) > MAX_PORTS:
            raise BuildError(
                f"switch '{name}' would have {len(switch.ends) + len(ends)} ports: a bridge takes "
                f"{MAX_PORTS}; spread the hosts over more switches"
            )
        self.claim(ends)
        try:
            self.core.netlink.send([self._port(end, switch.index) for end in ends])
            self.configure(ends)
        except OSError:
            self.remove_ends(ends)
            raise
        switch.ends += ends

    def claim(self, ends: Sequence[End]) -> None:
        """Enter *ends* in their hosts' books, all or none."""
        seen: set[tuple[str, str]] = set()
        for end in ends:
            name = end.host, end.ifname
            if end.ifname in self.host(end.host).ends or name in seen:
                raise BuildError(f"host '{end.host}' already has an interface '{end.ifname}'")
            seen.add(name)
        for end in ends:
            self.hosts[end.host].ends[end.ifname] = end

    def _port(self, end: End, bridge: int) -> Message:
        end.core_index, end.index = self.core.new_index(), self.core.new_index()
        space = self.hosts[end.host].space
        return messages.veth(
            what=str(end),
            index=end.core_index,
            name=f"p{end.core_index}",
            master=bridge,
            group=LAB_GROUP,
            mtu=end.mtu,
            peer_ns=space.net,
            peer_index=end.index,
            peer_name=end.ifname,
            peer_mac=end.mac,
            peer_mtu=end.mtu,
        )

    def configure(self, ends: Sequence[End]) -> None:
        """Bring ends whose devices exist up and give them their addresses: one send per end."""
        for end in ends:
            wanted = end.address_messages()
            if end.up and not end.is_cut:
                # up first: an IPv6 address of a device that is down is lost for a second
                wanted.insert(0, messages.set_link(f"{end}: bring it up", end.index, up=True))
            if wanted:
                self.hosts[end.host].space.netlink.send(wanted)
        # a port of a bridge forwards only once its carrier was noticed
        self.core.netlink.send(
            [messages.sync_link(str(end), end.core_index) for end in ends if end.core_index]
        )

    def remove_ends(self, ends: Sequence[End]) -> None:
        """Remove the pairs behind *ends*: of each either end, or both of one that is direct."""
        self.removals.add_devices([end.core_index for end in ends if end.core_index])
        direct = [(self.space(end), end.index) for end in ends if not end.core_index and end.index]
        if direct:
            self.removals.add_pair(direct)
        leaving = set(ends)
        for switch in self.switches.values():
            if not leaving.isdisjoint(switch.ends):
                switch.ends = [end for end in switch.ends if end not in leaving]
        for end in ends:
            taken = self.hosts[end.host].ends
            if taken.get(end.ifname) is end:
                del taken[end.ifname]

    def remove_switch(self, name: str) -> None:
        switch = self.switch(name)
        self.remove_ends(switch.ends)
        self.removals.add_devices((switch.index,))
        del self.switches[name]

    def set_switch_up(self, name: str, *, up: bool) -> None:
        switch = self.switch(name)
        self.core.netlink.send((messages.set_link(f"switch {name}", switch.index, up=up),))

    def close(self) -> None:
        """Remove every device and let go of every namespace."""
        with suppress(NetlinkError):
            self.core.netlink.send((messages.delete_group("remove the lab", LAB_GROUP),))
        for host in self.hosts.values():
            host.space.close()
        self.hosts.clear()
        self.switches.clear()
        self.core.close()
