"""The lab of one run as one thing, wherever its parts are: here, and on other machines.

A host is in the part of its machine; links and switches between hosts of one part are that part's,
others span parts. A part is opened with its first host, and closed after its last: one on another
machine must be gone before the machine is given back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from nepishell.core.errors import HostError
from nepishell.hosts.base import Host
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.link import LinkHandle
from nepishell.hosts.netns.model import Port, Route, Shape
from nepishell.hosts.netns.spanning import SpanningLink, SpanningSwitch, add_spanning_link

#: Opens a part on another machine; it calls the function when the part is lost.
Open = Callable[[Callable[[], None]], Lab]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Another machine: *key* tells it from others."""

    key: int
    name: str
    open: Open


@dataclass(slots=True)
class _Part:
    """A part of the lab, and who is in it."""

    name: str
    lab: Lab
    hosts: set[str] = field(default_factory=set)


class Sites:
    """All parts of one lab. Safe from any thread; used as a Lab is."""

    def __init__(
        self,
        run_dir: Path,
        seed: int,
        on_lost: Callable[[list[str], str], None],
        *,
        holds: Callable[[], bool] = lambda: False,
    ) -> None:
        """*on_lost* is told the hosts of a part that was lost, and why; *holds*: whether what is
        on this machine outlives a controller that is killed.
        """
        self._holds = holds
        self._run_dir = run_dir
        self._seed = seed
        self._on_lost = on_lost
        self._lock = Lock()  # held for moments
        self._opening = Lock()
        self._here: Lab | None = None
        self._far: dict[int, _Part] = {}
        self._where: dict[str, _Part] = {}  # hosts on other machines
        self._switches: dict[str, SpanningSwitch] = {}  # those that are not here alone
        self._local: dict[str, tuple[list[Port], bool]] = {}  # the others: their ports, whether up
        self._unmade: dict[str, bool] = {}  # those that nobody is plugged into yet: whether up
        self._making = Lock()
        self._names: Mapping[str, Sequence[str]] = {}

    @property
    def here(self) -> Lab:
        """The part on this machine; raises HostError where namespaces are not allowed."""
        with self._opening:
            if self._here is None:
                self._here = Lab.open_or_again(self._run_dir, seed=self._seed)
                if self._holds():
                    self._here.hold()
                if self._names:
                    self._here.set_names(self._names)
            return self._here

    def close(self) -> None:
        """Everything of the lab is gone when this returns."""
        with self._opening:
            parts, self._far = list(self._far.values()), {}
            for part in parts:
                part.lab.close()
            if self._here is not None:
                self._here.close()

    def losses(self) -> dict[str, int]:
        """Frames that were lost because this machine was too slow, by link, if any were.

        What links to other machines lose is told when they are removed.
        """
        with self._opening:
            here = self._here
        return here.losses() if here is not None else {}

    def lab_at(self, host: str) -> Lab:
        """The part that *host* is in."""
        part = self._where.get(host)
        return self.here if part is None else part.lab

    # -- hosts ------------------------------------------------------------------------------------

    def add_host(self, name: str, site: Site | None, *, forwarding: bool = False) -> Host:
        """A new host here, or at *site*."""
        if site is None:
            return self.here.add_host(name, forwarding=forwarding)
        part = self._part(site)
        host = part.lab.add_host(name, forwarding=forwarding)
        with self._lock:
            part.hosts.add(name)
            self._where[name] = part
        return host

    def _part(self, site: Site) -> _Part:
        with self._opening:
            part = self._far.get(site.key)
            if part is None or part.lab.is_gone:
                part = self._far[site.key] = _Part(
                    site.name, site.open(lambda: self._lost(site.key))
                )
                part.lab.set_names(self._names)
            return part

    def _lost(self, key: int) -> None:
        """From a thread of the part: its machine cannot be reached, and it is gone."""
        part = self._far.get(key)
        if part is not None:
            with self._lock:
                hosts = sorted(part.hosts)
            self._on_lost(hosts, f"the connection to {part.name} was lost, and the host with it")

    def remove_host(self, name: str) -> None:
        """End all that runs there; a part on another machine goes with its last host."""
        with self._lock:
            part = self._where.pop(name, None)
            if part is not None:
                part.hosts.discard(name)
            is_last = part is not None and not part.hosts
        if part is None:
            self.here.remove_host(name)
            return
        if not part.lab.is_gone:
            part.lab.remove_host(name)
        if is_last:
            self._close_part(part)

    def _close_part(self, part: _Part) -> None:
        with self._opening:
            if part.hosts:
                return
            self._far = {key: other for key, other in self._far.items() if other is not part}
            for switch in list(self._switches.values()):
                switch.forget(part.lab)
            part.lab.close()

    def set_forwarding(self, host: str, on: bool) -> None:
        """Make a host a router, or no longer."""
        self.lab_at(host).set_forwarding(host, on)

    def set_port(
        self, host: str, ifname: str, *, up: bool | None = None, mtu: int | None = None
    ) -> None:
        """Change an interface in use."""
        self.lab_at(host).set_port(host, ifname, up=up, mtu=mtu)

    def set_all_routes(self, routes: Mapping[str, Sequence[Route]]) -> None:
        """Make *routes* the only ones of these hosts that the lab set."""
        by_lab: dict[Lab, dict[str, Sequence[Route]]] = {}
        for host, wanted in routes.items():
            by_lab.setdefault(self.lab_at(host), {})[host] = wanted
        for lab, some in by_lab.items():
            lab.set_all_routes(some)

    def set_names(self, names: Mapping[str, Sequence[str]]) -> None:
        """What every host of every part resolves."""
        self._names = names
        with self._opening:
            labs = [part.lab for part in self._far.values() if not part.lab.is_gone]
            labs += [self._here] if self._here is not None else []
        for lab in labs:
            lab.set_names(names)

    # -- switches ---------------------------------------------------------------------------------

    def add_switch(self, name: str, ports: Sequence[Port], *, up: bool = True) -> None:
        """A switch with hosts plugged into it, or nothing of it.

        Without any it comes to be with the first: then it shows where.
        """
        if not ports:
            self._unmade[name] = up
            return
        if not any(port.host in self._where for port in ports):
            self.here.add_switch(name, ports, up=up)
            self._local[name] = list(ports), up
            return
        switch = SpanningSwitch(name, up=up)
        try:
            self._plug(switch, ports)
        except HostError:
            switch.remove()
            raise
        self._switches[name] = switch

    def add_ports(self, name: str, ports: Sequence[Port]) -> None:
        """Plug more hosts into a switch."""
        if name in self._unmade:
            with self._making:
                if name in self._unmade:
                    self.add_switch(name, ports, up=self._unmade[name])
                    del self._unmade[name]
                    return
        if name not in self._switches:
            if not any(port.host in self._where for port in ports):
                self.here.add_ports(name, ports)
                self._local[name][0].extend(ports)
                return
            known, up = self._local.pop(name)
            self._switches[name] = SpanningSwitch.around(name, self.here, known, up=up)
        self._plug(self._switches[name], ports)

    def _plug(self, switch: SpanningSwitch, ports: Sequence[Port]) -> None:
        by_lab: dict[Lab, list[Port]] = {}
        for port in ports:
            by_lab.setdefault(self.lab_at(port.host), []).append(port)
        for lab, plugged in by_lab.items():
            switch.add_ports(lab, plugged)

    def remove_port(self, name: str, host: str, ifname: str) -> None:
        """Unplug; the interface is gone from the host."""
        switch = self._switches.get(name)
        if switch is None:
            self.here.remove_port(name, host, ifname)
            ports = self._local[name][0]
            ports[:] = [port for port in ports if (port.host, port.ifname) != (host, ifname)]
        else:
            switch.remove_port(self.lab_at(host), host, ifname)

    def remove_switch(self, name: str) -> None:
        """Take the switch and the interfaces that were plugged into it away."""
        if self._unmade.pop(name, None) is not None:
            return
        switch = self._switches.pop(name, None)
        if switch is None:
            self._local.pop(name, None)
            self.here.remove_switch(name)
        else:
            switch.remove()

    def set_switch_up(self, name: str, up: bool) -> None:
        """Switch it on or off."""
        if name in self._unmade:
            self._unmade[name] = up
            return
        switch = self._switches.get(name)
        if switch is None:
            self.here.set_switch_up(name, up)
            self._local[name] = self._local[name][0], up
        else:
            switch.set_up(up)

    def recall_switch(self, name: str, ports: Sequence[Port], *, up: bool) -> None:
        """A switch that stands on this machine since before."""
        self._local[name] = list(ports), up

    # -- links ------------------------------------------------------------------------------------

    def add_link(
        self, name: str, a: Port, b: Port, forward: Shape, backward: Shape, *, engine: str
    ) -> LinkHandle | SpanningLink:
        """A cable between two hosts, or nothing of it; *forward* is from *a* to *b*."""
        labs = self.lab_at(a.host), self.lab_at(b.host)
        if labs[0] is labs[1]:
            return labs[0].add_link(name, a, b, forward, backward, engine=engine)
        return add_spanning_link(name, labs, (a, b), forward, backward, engine=engine)
