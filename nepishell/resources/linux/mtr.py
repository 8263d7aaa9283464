"""Loss and round-trip times of each hop to a target, by mtr."""

from nepishell.core.attributes import Attribute, Types
from nepishell.core.traces import Trace
from nepishell.resources.linux.tool import RepeatedTool
from nepishell.resources.parsers.mtr import parse_mtr
from nepishell.resources.parsers.report import Report


class Mtr(RepeatedTool):
    """The routers between a node and a target: loss and round-trip times of each."""

    rtype = "linux::Mtr"

    target = Attribute(required=True, names="abstract::Node", help="host name, address or label")
    reportCycles = Attribute(int, min=1, help="probes to each hop (default: mtr's own, 10)")
    noDns = Attribute(bool, default=True, help="do not look names of addresses up")
    address = Attribute(help="source address")
    interval = Attribute(Types.Duration, min=0.01, help="between two rounds of probes")
    protocol = Attribute(
        default="icmp", choices=("icmp", "udp", "tcp"), help="what the probes are made of"
    )
    port = Attribute(int, min=1, max=65535, help="where tcp or udp probes go")
    size = Attribute(int, min=28, max=4096, help="bytes of a probe, headers included")
    maxHops = Attribute(int, min=1, max=255, help="give up after")

    traces = (Trace("hops", "hop,address,loss,sent,last,avg,best,worst,stdev,run", enabled=True),)

    program = ("mtr", "--report", "--report-wide")
    packages = {"": "mtr", "apt-get": "mtr-tiny"}
    options = (
        ("reportCycles", "--report-cycles"), ("noDns", "--no-dns"), ("address", "--address"),
        ("interval", "--interval"), ("port", "--port"), ("size", "--psize"),
        ("maxHops", "--max-ttl"),
    )  # fmt: skip

    def operands(self) -> list[str]:
        """The protocol and the target."""
        protocol = {"icmp": [], "udp": ["--udp"], "tcp": ["--tcp"]}[self.protocol]
        return [*protocol, self.reached(self.target)]

    def judge(self, status: int) -> str:
        """mtr ends with status 0 although it failed, and says so on stderr."""
        words = self.last_words()
        if not status and words.startswith("mtr: "):
            return words
        return super().judge(status)

    def parse(self, stdout: str, stderr: str) -> Report:
        """hops; loss in percent and round-trip times in seconds of the last one."""
        return parse_mtr(stdout)
