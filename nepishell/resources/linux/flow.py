"""A UDP or TCP flow of our own: a lab needs nothing installed.

A Flow sends, a FlowReceiver takes what comes. Connected to each other, the flow finds its target
and waits until the receiver listens; `target` and a receiver on that host do as well.
"""

from pathlib import Path
from typing import ClassVar

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace
from nepishell.resources.linux import readiness
from nepishell.resources.linux.tool import Tool
from nepishell.resources.parsers.flow import parse_flow
from nepishell.resources.parsers.report import Report

SCRIPT = Path(__file__).parent.parent / "flow_tool.py"
_PORT = 5000


class FlowTool(Tool):
    """The base of both sides of a flow."""

    rtype = "abstract::FlowTool"

    port = Attribute(int, min=1, max=65535, help=f"port of the receiver (default: {_PORT})")
    protocol = Attribute(choices=("udp", "tcp"), help="udp or tcp (default: udp)")
    interval = Attribute(
        Types.Duration, default=1.0, min=0.01, help="between two rows of the traces"
    )

    traces: ClassVar[tuple[Trace, ...]] = (
        Trace("throughput", "time,flow,start,end,bytes,packets,throughput", enabled=True),
    )

    role = ""

    def argv(self) -> list[str]:
        """Our script, run by the node's Python."""
        if self.command:
            return super().argv()
        return [*self.node.tool(SCRIPT), self.role, *self.operands(), *self.option_words()]

    def parse(self, stdout: str, stderr: str) -> Report:
        """throughput, and of a receiver loss, delay and jitter."""
        return parse_flow(stdout)


class FlowReceiver(FlowTool):
    """Receives flows: throughput, loss, reordering and one-way delay; STARTED once it listens."""

    rtype = "linux::FlowReceiver"
    role = "receive"

    flows = Attribute(int, min=1, help="end after so many flows (default: when it is stopped)")

    senders = Peer("linux::Flow", max=None, needs={}, help="who sends to it")

    traces = (
        Trace("loss", "time,flow,start,end,packets,lost,reordered,duplicates", enabled=True),
        Trace("delay", "time,flow,start,end,delay,jitter", enabled=True),
    )

    options = (
        ("port", "--port"), ("protocol", "--protocol"), ("interval", "--interval"),
        ("flows", "--flows"),
    )  # fmt: skip

    def ready_condition(self) -> readiness.Condition:
        """It says that it listens."""
        return readiness.Condition("log", "^listening on ")


class Flow(FlowTool):
    """Sends a UDP or TCP flow at a rate to a FlowReceiver."""

    rtype = "linux::Flow"
    role = "send"

    target = Attribute(
        names="abstract::Node",
        help="host of the receiver (default: that of the connected receiver)",
    )
    rate = Attribute(Types.Rate, help="bit/s (default: 1mbit for UDP, unlimited for TCP)")
    size = Attribute(Types.Size, min=32, max=65507, help="bytes of a packet (default: 1200)")
    duration = Attribute(Types.Duration, help="how long to send (default: until it is stopped)")
    count = Attribute(int, min=1, help="stop after so many packets")
    tos = Attribute(int, min=0, max=255, help="quality-of-service bits")

    receiver = Peer(
        "linux::FlowReceiver",
        needs={ResourceAction.START: ResourceState.STARTED},
        help="who receives it; it must be STARTED first",
    )

    options = (
        ("interval", "--interval"), ("duration", "--duration"), ("count", "--count"),
        ("tos", "--tos"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """Where to, and what the receiver expects."""
        receiver: FlowReceiver | None = self.receiver
        target = self.target or (receiver.node.address if receiver is not None else "")
        if not target:
            raise BadValue(f"{self.name} needs a target; set it, or connect it to a receiver")
        port = self.port or (receiver.port if receiver is not None else None) or _PORT
        theirs = receiver.protocol if receiver is not None else None
        protocol = self.protocol or theirs or "udp"
        rate = self.rate if self.rate is not None else (1e6 if protocol == "udp" else 0.0)
        size = self.size or (1200 if protocol == "udp" else 65536)
        words = [self.reached(target), "--port", str(port), "--protocol", protocol]
        return [*words, "--rate", f"{rate:.12g}", "--size", str(size)]
