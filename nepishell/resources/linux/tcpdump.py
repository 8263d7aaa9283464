"""Packets as they pass an interface, by tcpdump."""

import shlex
from pathlib import Path

from nepishell.core.attributes import Attribute
from nepishell.core.errors import WrongState
from nepishell.core.traces import Trace
from nepishell.hosts.base import STDERR, Exit, Process
from nepishell.resources.linux import readiness
from nepishell.resources.linux.tool import Tool
from nepishell.resources.parsers.report import Report
from nepishell.resources.parsers.tcpdump import parse_tcpdump

PCAP = "pcap"
SCRIPT = Path(__file__).parent.parent / "capture_tool.py"
#: How long the packets that had come may take to be written when it is stopped.
_DRAIN_S = 2.0


class Tcpdump(Tool):
    """Captures packets into a file; STARTED once it captures, and no packet is lost at stop."""

    rtype = "linux::Tcpdump"

    interface = Attribute(default="any", help="where to capture; any: all interfaces of the node")
    expression = Attribute(help="which packets, as in 'icmp or udp port 53' (default: all)")
    count = Attribute(int, min=1, help="end after so many packets")
    snaplen = Attribute(int, min=0, help="bytes of each packet to keep")
    promiscuous = Attribute(bool, default=True, help="also packets that are not for this node")
    direction = Attribute(choices=("in", "out", "inout"), help="which way (default: both)")
    text = Attribute(
        bool, default=False, help="print packets to stdout instead of writing a capture file"
    )

    traces = (Trace(PCAP, "the packets, as wireshark reads them", enabled=True),)

    binary = frozenset({PCAP})
    packages = {"": "tcpdump"}
    program = ("tcpdump", "--immediate-mode", "-U", "-Z", "root")
    options = (
        ("interface", "-i"), ("count", "-c"), ("snaplen", "-s"), ("direction", "-Q"),
    )  # fmt: skip

    _own = False  # whether our own tool captures

    def do_discover(self) -> None:
        """Find out who can capture on the node."""
        setgroups = self.node.host.run(["cat", "/proc/self/setgroups"]).stdout
        self._own = setgroups.strip() == "deny"
        if self._own and self.text:
            raise WrongState(f"{self.name}: text needs root here; capture, and read the pcap trace")
        super().do_discover()

    def argv(self) -> list[str]:
        """tcpdump, or our own tool where tcpdump cannot give up root as it insists on."""
        if not self._own or self.command:
            return super().argv()
        words = [*self.node.tool(SCRIPT), str(self._pcap())]
        for name in ("interface", "expression", "count", "snaplen", "direction"):
            value = self.get(name)
            words += [f"--{name}={value}"] if value is not None else []
        return [*words, *([] if self.promiscuous else ["--no-promiscuous"])]

    def operands(self) -> list[str]:
        """Where packets go, and which."""
        words = ["-l", "-n"] if self.text else ["-w", str(self._pcap())]
        words += [] if self.promiscuous else ["-p"]
        return [*words, *shlex.split(self.expression or "")]

    def _pcap(self) -> Path:
        home: Path = self.node.run_home(self)
        return home / PCAP

    def ready_condition(self) -> readiness.Condition:
        """It says that it captures."""
        return readiness.Condition("log", "^(tcpdump: )?listening on ")

    def end_process(self, process: Process) -> None:
        """First let it write what had come when the stop was asked for."""
        if self._own or self.command:
            process.stop(self.grace)
            return

        def on_exit(end: Exit) -> None:
            process.stop(self.grace)

        stderr = str(self.recorded_in() / STDERR)
        self.helper([f"{_DRAIN_S:g}", "drained", str(process.pid), stderr], on_exit)

    def finish_recording(self) -> None:
        """A capture that has holes is not what was asked."""
        super().finish_recording()
        lost = self.metrics().get("dropped", 0)
        if lost:
            self.ec.fidelity.doubt("capture", f"{lost:g} packets were not captured", guid=self.guid)

    def parse(self, stdout: str, stderr: str) -> Report:
        """Packets captured, received and dropped."""
        return parse_tcpdump(stderr)
