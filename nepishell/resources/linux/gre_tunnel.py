"""A GRE tunnel of the kernel: the interfaces at its ends are the tunnel.

It is made at deployment where the hosts know each other by then; in a lab whose links are still
coming, at start. Packets sent through it prove it.
"""

import json
from ipaddress import ip_address
from typing import ClassVar

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import HostError
from nepishell.core.states import ResourceState
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import Exit, Process
from nepishell.resources.linux.gre import is_missing
from nepishell.resources.linux.tap import Tap
from nepishell.resources.linux.tunnel import Tunnel


class GRETunnel(Tunnel):
    """A GRE tunnel between two hosts: fast, unencrypted, with the key of its first end."""

    rtype = "linux::GRETunnel"
    makes_devices: ClassVar[bool] = True

    timeout = Attribute(
        Types.Duration, default=10.0, help="how long it may take until a packet passes"
    )

    _made = False
    _prober: Process | None = None

    def do_deploy(self) -> None:
        """Make both ends, if their hosts reach each other already."""
        one, two = self.both()
        if _address(one, two) and _address(two, one):
            self._make()
        super().do_deploy()

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find both ends again; of one alone nothing is left. Raises HostError when it is lost."""
        super().do_resume(acts)
        self._made = all(tap.exists for tap in self.ends)
        if not self._made:
            self._unmake()
            if self.state is ResourceState.STARTED:
                raise HostError("an end of it is not there any more")

    def do_start(self) -> object:
        """Make what is not made yet; STARTED once a packet passed."""
        one, two = self.both()
        if not self._made:
            for tap, other in ((one, two), (two, one)):
                if not _address(tap, other):
                    raise HostError(
                        f"{tap.node.name} does not resolve '{other.node.address}': "
                        f"start {self.name} when there is a path"
                    )
            self._make()
        target = (two.ip_ or "").partition("/")[0]
        if not target:
            self.warning(f"{two.name} has no address: nobody knows whether packets pass")
            return super().do_start()
        self._probe(one, target)
        return LATER

    def _make(self) -> None:
        one, two = self.both()
        for tap, other in ((one, two), (two, one)):
            remote = _address(tap, other)
            try:
                tap.make_gre(remote, _source(self, tap, remote))
            except HostError as problem:
                if is_missing(str(problem)):
                    raise HostError(
                        f"the kernel of {tap.node.name} has no GRE: use a linux::UdpTunnel"
                    ) from problem
                raise
        self._made = True

    def _probe(self, tap: Tap, target: str) -> None:
        def on_exit(end: Exit) -> None:
            self.later(self._probed, target, end.status)

        argv = ["ping", "-c", "1", "-i", "0.2", "-w", f"{max(1, round(self.timeout))}", target]
        run_dir = tap.node.run_home(self) / "probe"
        self._prober = tap.node.host.spawn(argv, run_dir=run_dir, on_exit=on_exit)

    def _probed(self, target: str, status: int) -> None:
        self._prober = None
        if self.releasing:
            return
        if status:
            self.fail(f"no answer from {target} through the tunnel in {self.timeout:g}s")
        else:
            super().do_start()

    def do_stop(self) -> object:
        """Take the devices away."""
        self._unmake()
        return super().do_stop()

    def do_release(self) -> object:
        """Take the devices away."""
        if self._prober is not None:
            self._prober.stop(0.0)
        try:
            self._unmake()
        finally:
            released = super().do_release()
        return released

    def _unmake(self) -> None:
        self._made = False
        for tap in self.ends:
            if tap.exists:
                tap.take_away()


def _address(tap: Tap, other: Tap) -> str:
    """The address of *other*'s node as the node of *tap* resolves it; '' when it does not."""
    name = other.node.address
    try:
        return str(ip_address(name))
    except ValueError:
        found = tap.node.host.run(["getent", "ahosts", name])
    words = found.stdout.split()
    return words[0] if words and not found.status else ""


def _source(tunnel: GRETunnel, tap: Tap, remote: str) -> str:
    """The address from which *remote* is reached."""
    routes = json.loads(tunnel.must(tap.node, "-json", "route", "get", remote) or "[]")
    return str(routes[0].get("prefsrc", "")) if routes else ""
