"""NEPI's UdpTest on our own flow tool: nothing is downloaded and built for it."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue
from nepishell.core.traces import Trace
from nepishell.resources.linux import readiness
from nepishell.resources.linux.flow import SCRIPT
from nepishell.resources.linux.tool import Tool
from nepishell.resources.parsers.flow import parse_flow
from nepishell.resources.parsers.report import Report

_PORT = 5678


class UdpTest(Tool):
    """UDP throughput between two hosts: a server (s=true) and a client that names it."""

    rtype = "linux::UdpTest"

    s = Attribute(bool, default=False, help="be the server; it listens from deployment on")
    target = Attribute(names="abstract::Node", help="host of the server: name, address or label")
    p = Attribute(int, default=_PORT, min=1, max=65535, help="port of the server")
    l = Attribute(int, default=1460, min=32, max=65507, help="bytes of a message")  # noqa: E741
    t = Attribute(int, default=2, min=1, help="how long the test takes, in seconds")
    T = Attribute(int, default=100, min=1, help="throughput to send with, in Mbit/s")
    m = Attribute(int, min=1, help="how many messages to send, instead of how long")
    q = Attribute(int, min=1, max=6, help="QoS: 1 low delay, 2 throughput, 3 reliability, ...")

    interval = Attribute(
        Types.Duration, default=1.0, min=0.01, help="between two rows of the traces"
    )

    traces = (
        Trace("throughput", "time,flow,start,end,bytes,packets,throughput", enabled=True),
        Trace("loss", "time,flow,start,end,packets,lost,reordered,duplicates", enabled=True),
        Trace("delay", "time,flow,start,end,delay,jitter", enabled=True),
    )

    #: hpcbench's numbers of a quality of service -> bits of the header
    _TOS = {1: 16, 2: 8, 3: 4, 4: 2, 5: 40, 6: 184}

    def argv(self) -> list[str]:
        """Our script, as server or as client."""
        if self.command:
            return super().argv()
        tool = self.node.tool(SCRIPT)
        common = ["--port", str(self.p), "--protocol", "udp", "--interval", f"{self.interval:.12g}"]
        if self.s:
            return [*tool, "receive", *common]
        if not self.target:
            raise BadValue(f"{self.name} needs a target; set it, or s=true for the server")
        words = ["--size", str(self.l), "--rate", f"{self.T * 1e6:.12g}"]
        words += ["--count", str(self.m)] if self.m else ["--duration", str(self.t)]
        words += ["--tos", str(self._TOS[self.q])] if self.q else []
        return [*tool, "send", self.reached(self.target), *common, *words]

    def starts_early(self) -> bool:
        """The server does, so that clients find it."""
        return bool(self.s)

    def ready_condition(self) -> readiness.Condition:
        """It runs: a server listens from deployment on."""
        return readiness.Condition(readiness.STARTED)

    def parse(self, stdout: str, stderr: str) -> Report:
        """throughput, and of the server loss, delay and jitter."""
        return parse_flow(stdout)
