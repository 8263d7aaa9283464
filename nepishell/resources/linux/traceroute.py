"""The hops to a target, by traceroute."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.traces import Trace
from nepishell.resources.linux.tool import RepeatedTool
from nepishell.resources.parsers.report import Report
from nepishell.resources.parsers.traceroute import parse_traceroute


class Traceroute(RepeatedTool):
    """The routers between a node and a target."""

    rtype = "linux::Traceroute"

    target = Attribute(required=True, names="abstract::Node", help="host name, address or label")
    numeric = Attribute(bool, default=False, help="do not look names of addresses up")
    method = Attribute(
        default="udp", choices=("udp", "icmp", "tcp"), help="what the probes are made of"
    )
    first = Attribute(int, min=1, max=255, help="hops of the first probe")
    maxHops = Attribute(int, min=1, max=255, help="give up after")
    probes = Attribute(int, min=1, max=10, help="probes for each hop")
    # routers answer only so many probes in a second: many at once would look like loss
    parallel = Attribute(int, min=1, max=32, default=1, help="probes that are under way at once")
    timeout = Attribute(Types.Duration, default=1.0, help="how long to wait for an answer")
    size = Attribute(int, min=28, max=65000, help="bytes of a probe")
    address = Attribute(help="source address")
    interface = Attribute(help="interface to send from")

    traces = (Trace("hops", "hop,probe,address,name,rtt,note,run of each probe", enabled=True),)

    program = ("traceroute",)
    packages = {"": "traceroute"}
    options = (
        ("numeric", "-n"), ("first", "-f"), ("maxHops", "-m"), ("probes", "-q"),
        ("parallel", "-N"), ("timeout", "-w"), ("address", "-s"), ("interface", "-i"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """The method, the target, and the size after it."""
        method = {"udp": [], "icmp": ["-I"], "tcp": ["-T"]}[self.method]
        return [*method, self.reached(self.target), *([str(self.size)] if self.size else [])]

    def parse(self, stdout: str, stderr: str) -> Report:
        """hops, reached (1 or 0), round-trip times to the last that answered."""
        return parse_traceroute(stdout)
