"""A router of the embedded lab: with the routes that the lab finds, or with a routing daemon."""

import os
from pathlib import Path
from typing import Any

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import HostError
from nepishell.hosts.base import Exit
from nepishell.hosts.process import SpawnedProcess
from nepishell.resources.netns.node import NetnsNode

#: Where Debian and Fedora put the daemons of FRR.
FOLDERS = (Path("/usr/lib/frr"), Path("/usr/libexec/frr"))
OSPF, STATIC = "ospf", "static"
#: FRR's folder, a file system of its own in each router: configuration, sockets, numbers.
_ETC = "/etc/frr"
_FILES = f"""set -e
mount -t tmpfs -o mode=0755 frr {_ETC}
printf '%s' "$1" >{_ETC}/ospfd.conf
: >{_ETC}/zebra.conf
: >{_ETC}/vtysh.conf
chown -R frr:frr {_ETC}
"""
#: zebra goes into the background once its socket is there: a daemon that came first would
#: knock again after ten seconds only
_START = """set -e
"$1/zebra" -d -f "$2/zebra.conf" -i "$2/zebra.pid" -z "$2/zserv.api" --vty_socket "$2" -P 0
exec "$1/ospfd" -f "$2/ospfd.conf" -i "$2/ospfd.pid" -z "$2/zserv.api" --vty_socket "$2" -P 0
"""
_COST_LARGEST = 65535


class Router(NetnsNode):
    """A router in a network namespace: static routes of the lab, or OSPF by FRR's daemons."""

    rtype = "netns::Router"

    forwarding = Attribute(
        bool, default=True, live=True, help="whether it passes on packets of others"
    )
    routing = Attribute(
        default=STATIC,
        choices=(STATIC, OSPF),
        help="static: see routes; ospf: by FRR's daemon, whose costs follow routes",
    )
    hello = Attribute(
        Types.Duration,
        default=1.0,
        min=1,
        max=65535,
        help="between two signs of life of OSPF, whole seconds; four without one: gone",
    )

    _daemon: SpawnedProcess | None = None

    @property
    def has_daemon(self) -> bool:
        """Whether its routes are a daemon's business."""
        return bool(self.routing == OSPF)

    def do_discover(self) -> None:
        """See whether the daemons are there."""
        if self.has_daemon:
            _daemons()
        super().do_discover()

    def do_start(self) -> object:
        """Start the daemons, now that all interfaces are there."""
        if self.has_daemon and self._daemon is None:
            self._start_daemons(_daemons())
        return super().do_start()

    def _start_daemons(self, folder: Path) -> None:
        host: Any = self.host
        done = host.run(["sh", "-c", _FILES, "sh", self.configuration()])
        if done.status:
            raise HostError(f"FRR is not configured on {self.name}: {done.stderr.strip()[-200:]}")
        self._daemon = host.spawn(
            ["sh", "-c", _START, "sh", str(folder), _ETC],
            run_dir=self.run_home(self) / "ospf",
            on_exit=self._ended,
        )

    def _ended(self, how: Exit) -> None:
        """From the thread of the host's watcher."""
        if not self.releasing:
            self.fail(f"its OSPF daemon has ended: {how}")

    def configuration(self) -> str:
        """What ospfd reads: all interfaces of the router in area 0, links without an election."""
        lines = []
        for (segment, _), port in sorted(self.net.plugs().items()):
            if port.host != self.lab_name:
                continue
            lines.append(f"interface {port.ifname}")
            if len([1 for other, _ in self.net.plugs() if other == segment]) == 2:
                lines.append(" ip ospf network point-to-point")
            lines += [
                f" ip ospf hello-interval {round(self.hello)}",
                f" ip ospf dead-interval {4 * round(self.hello)}",
                " ip ospf retransmit-interval 1",
                f" ip ospf cost {self._cost(segment)}",
                " ip ospf area 0",
            ]
        number = self.guid
        own = f"10.255.{number >> 8 & 255}.{number & 255}"
        lines += ["router ospf", f" ospf router-id {own}", " timers throttle spf 10 50 500"]
        # a lab does not wait for five seconds (RFC 2328, MinLSInterval) until a change is told
        lines += [" timers throttle lsa all 100", " timers lsa min-arrival 50"]
        return "\n".join([*lines, ""])

    def _cost(self, segment: int) -> int:
        """Of a hop 10; by delay one for each 10 us, by weight one for each tenth."""
        part: Any = self.net.parts[segment]
        units = {"delay": 10_000, "weight": 100}
        if self.routes not in units:
            return 10
        return max(1, min(_COST_LARGEST, round((part.cost(self.routes) or 0) / units[self.routes])))


def _daemons() -> Path:
    """The folder of FRR's daemons; raises HostError where they are not installed."""
    for folder in FOLDERS:
        if all(os.access(folder / name, os.X_OK) for name in ("zebra", "ospfd")):
            return folder
    raise HostError(
        "routing=ospf needs the daemons zebra and ospfd of FRR, which are not installed; "
        "sudo apt-get install -y frr, or use routing=static"
    )
