"""Echo requests by iputils' ping. Loss is what it measures, not a failure."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.traces import Trace
from nepishell.hosts.base import STDOUT
from nepishell.resources.linux.tool import EarlyTool
from nepishell.resources.parsers.ping import is_complete, parse_ping
from nepishell.resources.parsers.report import Report


class Ping(EarlyTool):
    """Echo requests from a node to a target: round-trip times and loss."""

    rtype = "linux::Ping"

    target = Attribute(
        required=True, names="abstract::Node", help="host name, address or label to ping"
    )
    count = Attribute(int, min=1, help="stop after this many requests")
    interval = Attribute(Types.Duration, min=0.002, help="between two requests")
    size = Attribute(int, min=0, max=65507, help="bytes of data in a request")
    ttl = Attribute(int, min=1, max=255, help="how many hops a request may take")
    deadline = Attribute(Types.Duration, min=1, help="stop after this time (whole seconds)")
    timeout = Attribute(Types.Duration, help="how long to wait for a reply")
    flood = Attribute(bool, default=False, help="as fast as replies come back")
    preload = Attribute(int, min=1, help="send so many requests before the first reply")
    quiet = Attribute(bool, default=False, help="print the summary alone")
    numeric = Attribute(bool, default=False, help="do not look names of addresses up")
    verbose = Attribute(bool, default=False, help="print errors of others, too")
    printTimestamp = Attribute(bool, default=False, help="print the time of each reply")
    recordRoute = Attribute(
        bool, default=False, help="ask routers to note themselves in the packet"
    )
    routeBypass = Attribute(bool, default=False, help="send to a neighbour whatever the routes say")
    timestamp = Attribute(
        choices=("tsonly", "tsandaddr", "tsprespec"), help="ask for time stamps on the way"
    )
    hint = Attribute(choices=("do", "dont", "want"), help="whether packets may be fragmented")
    fullLatency = Attribute(bool, default=False, help="include the time inside the sender")
    address = Attribute(help="source address or interface")
    mark = Attribute(int, min=0, help="firewall mark of the packets")
    pattern = Attribute(help="hexadecimal bytes to fill packets with, as in ff00")
    tos = Attribute(int, min=0, max=255, help="quality-of-service bits")
    sendBuff = Attribute(int, min=1, help="size of the send buffer")

    traces = (
        Trace("rtt", "seq,time,rtt,ttl of each reply", enabled=True),
        Trace("loss", "sent,received,duplicates,errors,loss", enabled=True),
    )

    program = ("ping",)
    packages = {"": "iputils", "apt-get": "iputils-ping"}
    options = (
        ("count", "-c"), ("mark", "-m"), ("interval", "-i"), ("address", "-I"), ("preload", "-l"),
        ("numeric", "-n"), ("pattern", "-p"), ("printTimestamp", "-D"), ("tos", "-Q"),
        ("quiet", "-q"), ("recordRoute", "-R"), ("routeBypass", "-r"), ("size", "-s"),
        ("sendBuff", "-S"), ("ttl", "-t"), ("timestamp", "-T"), ("hint", "-M"),
        ("fullLatency", "-U"), ("verbose", "-v"), ("flood", "-f"), ("deadline", "-w"),
        ("timeout", "-W"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """The target."""
        return [self.reached(self.target)]

    def judge(self, status: int) -> str:
        """Status 1 after a summary is loss: a result."""
        if status == 1 and is_complete(self.read_text(STDOUT)):
            return ""
        return super().judge(status)

    def parse(self, stdout: str, stderr: str) -> Report:
        """Round-trip times in seconds and loss in percent."""
        return parse_ping(stdout)
