"""Packets made to order, and what answers, by nping. Attribute names are nping's, as in NEPI."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.traces import Trace
from nepishell.resources.linux.tool import RepeatedTool
from nepishell.resources.parsers.nping import parse_nping
from nepishell.resources.parsers.report import Report


class NPing(RepeatedTool):
    """TCP, UDP, ICMP or ARP packets to a target, and its answers; needs root."""

    rtype = "linux::NPing"

    target = Attribute(required=True, names="abstract::Node", help="host name, address or label")
    c = Attribute(int, min=1, help="how many packets (default: 5)")
    e = Attribute(help="interface to send from")
    delay = Attribute(Types.Duration, help="between two packets (default: 1s)")
    rate = Attribute(int, min=1, help="packets per second")
    ttl = Attribute(int, min=1, max=255, help="how many hops a packet may take")
    p = Attribute(help="ports: one, or several as in 22,80-90")
    tcp = Attribute(bool, default=False, help="TCP packets")
    connect = Attribute(bool, default=False, help="whole TCP handshakes; needs no root")
    udp = Attribute(bool, default=False, help="UDP packets")
    icmp = Attribute(bool, default=False, help="ICMP echo requests (the default)")
    arp = Attribute(bool, default=False, help="ARP requests")
    traceroute = Attribute(bool, default=False, help="raise the ttl with each packet")

    traces = (Trace("packets", "time,way,packet of each", enabled=True),)

    program = ("nping",)
    packages = {"": "nmap"}
    options = (
        ("c", "--count"), ("e", "--interface"), ("rate", "--rate"),
        ("ttl", "--ttl"), ("p", "--dest-port"), ("tcp", "--tcp"), ("connect", "--tcp-connect"),
        ("udp", "--udp"), ("icmp", "--icmp"), ("arp", "--arp"), ("traceroute", "--traceroute"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """The delay in nping's own unit, and the target."""
        delay = [] if self.delay is None else ["--delay", f"{self.delay * 1e3:.12g}ms"]
        kind = any(self.get(name) for name in ("tcp", "connect", "udp", "icmp", "arp"))
        return [*delay, *([] if kind else ["--icmp"]), self.reached(self.target)]

    def parse(self, stdout: str, stderr: str) -> Report:
        """sent, received, loss in percent, round-trip times in seconds."""
        return parse_nping(stdout)
