"""Throughput by iperf3. Connect a client to a server, and target and order come by themselves."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace
from nepishell.hosts.base import STDOUT
from nepishell.resources.linux import readiness
from nepishell.resources.linux.tool import Tool
from nepishell.resources.parsers.iperf3 import parse_iperf3
from nepishell.resources.parsers.report import Report

_PORT = 5201
_THROUGHPUT = "start,end,bytes,throughput,retransmits,packets,lost of each interval"


class Iperf3Server(Tool):
    """Waits for iperf3 clients; STARTED once it listens."""

    rtype = "linux::Iperf3Server"

    port = Attribute(int, default=_PORT, min=1, max=65535, help="where it listens")
    oneOff = Attribute(bool, default=False, help="end after one client")
    address = Attribute(help="address to listen on")

    clients = Peer("linux::Iperf3Client", max=None, needs={}, help="who measures with it")

    program = ("iperf3", "--server", "--forceflush")
    packages = {"": "iperf3"}
    options = (("port", "--port"), ("oneOff", "--one-off"), ("address", "--bind"))

    def ready_condition(self) -> readiness.Condition:
        """It listens, unless the user said otherwise."""
        own = super().ready_condition()
        return readiness.Condition("port", str(self.port)) if own.kind == "started" else own


class Iperf3Client(Tool):
    """Sends to an iperf3 server, or receives from it, and measures the throughput."""

    rtype = "linux::Iperf3Client"

    target = Attribute(
        names="abstract::Node", help="host of the server (default: that of the connected server)"
    )
    port = Attribute(int, min=1, max=65535, help="port of the server (default: the connected's)")
    udp = Attribute(bool, default=False, help="UDP instead of TCP")
    rate = Attribute(Types.Rate, help="bit/s to send (default: unlimited for TCP, 1mbit for UDP)")
    duration = Attribute(Types.Duration, min=1, help="how long to send (whole seconds)")
    bytes_ = Attribute(Types.Size, help="how much to send, instead of how long")
    interval = Attribute(Types.Duration, min=0.1, help="between two rows of the throughput trace")
    parallel = Attribute(int, min=1, max=128, help="connections at once")
    reverse = Attribute(bool, default=False, help="the server sends, the client receives")
    length = Attribute(Types.Size, help="bytes of one write or datagram")
    congestion = Attribute(help="TCP congestion control, as in cubic or bbr")
    window = Attribute(Types.Size, help="socket buffer")
    omit = Attribute(Types.Duration, help="leave the first seconds out (whole seconds)")
    tos = Attribute(int, min=0, max=255, help="quality-of-service bits")

    server = Peer(
        "linux::Iperf3Server",
        needs={ResourceAction.START: ResourceState.STARTED},
        help="the server; it must be STARTED first",
    )

    traces = (
        Trace("throughput", _THROUGHPUT, enabled=True),
        Trace("loss", "packets,lost,loss of a UDP test", enabled=True),
    )

    program = ("iperf3", "--json")
    packages = {"": "iperf3"}
    options = (
        ("udp", "--udp"), ("rate", "--bitrate"), ("duration", "--time"), ("bytes", "--bytes"),
        ("interval", "--interval"), ("parallel", "--parallel"), ("reverse", "--reverse"),
        ("length", "--length"), ("congestion", "--congestion"), ("window", "--window"),
        ("omit", "--omit"), ("tos", "--tos"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """Server and port."""
        server: Iperf3Server | None = self.server
        target = self.target or (server.node.address if server is not None else "")
        if not target:
            raise BadValue(f"{self.name} needs a target; set it, or connect it to a server")
        port = self.port or (server.port if server is not None else _PORT)
        return ["--client", self.reached(target), "--port", str(port)]

    def judge(self, status: int) -> str:
        """iperf3 ends with status 0 although it failed, and says so in its JSON."""
        problem = parse_iperf3(self.read_text(STDOUT)).problem
        return problem or super().judge(status)

    def parse(self, stdout: str, stderr: str) -> Report:
        """throughput (bit/s that arrived), retransmits, loss, jitter."""
        return parse_iperf3(stdout)
