"""A program on a fake host that measures what the test says, on a virtual clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nepishell.core.attributes import Attribute, Types
from nepishell.core.traces import Trace
from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.base import STDOUT
from nepishell.hosts.fake import FakeHost
from nepishell.resources.linux.traces import Recording
from nepishell.resources.parsers.report import Report, Table
from nepishell.testing import advance, virtual
from tests.commands.stand import Session, register


class Prober(Recording):
    """Prints a header and one round trip per line, in milliseconds; `x` stands for a lost one."""

    rtype = "test::Prober"
    pace = Attribute(Types.Duration, default=1.0, live=True, help="between two")
    traces = (Trace(STDOUT, enabled=True), Trace("rtt", enabled=True))
    host = FakeHost()
    runs = 0
    #: characters that were parsed
    parsed = 0

    def do_start(self) -> None:
        type(self).host = FakeHost()
        type(self).runs += 1
        self.begin_recording(self.host, self.folder)
        super().do_start()

    @property
    def folder(self) -> Path:
        return Path(f"/run/{self.runs}")

    def say(self, *lines: str) -> None:
        text = "".join(f"{line}\n" for line in lines)
        self.host.append(self.folder / STDOUT, text.encode())

    def parse(self, stdout: str, stderr: str) -> Report:
        type(self).parsed += len(stdout)
        lines = stdout.splitlines()
        if lines[:1] != ["rtt_ms"]:
            return Report()
        rows: list[tuple[str]] = [(line if line != "x" else "",) for line in lines[1:]]
        loss = 100.0 * lines.count("x") / max(1, len(rows))
        return Report(
            metrics={"loss": loss} if rows else {},
            tables={"rtt": Table(columns=("rtt_ms",), rows=list(rows))},
        )


class Stand:
    """A session on a virtual clock, with a prober that was not deployed yet."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ec = session.ec
        session("add test::Prober probe")
        rm = session.ctx.rm(1)
        assert isinstance(rm, Prober)
        self.probe = rm

    def settle(self, seconds: float = 0.0) -> None:
        """Let time pass, and all that comes of it."""
        for after in (seconds, 0.0, 0.0):
            advance(self.ec, after)
            self.ec.bus.drain()

    def start(self) -> None:
        self.session.ctx.waits = False
        self.session("deploy" if self.ec.state(1) == 0 else "start probe")
        self.settle()

    def say(self, *lines: str, after: float = 0.0) -> None:
        self.settle(after)
        self.probe.say(*lines)
        self.settle()

    @property
    def said(self) -> list[str]:
        self.settle()
        return self.session.emitted


@contextmanager
def open_stand(folder: Path) -> Iterator[Stand]:
    register()
    with virtual(local_dir=folder) as ec:
        ResourceFactory.register_type(Prober)
        Prober.host, Prober.runs, Prober.parsed = FakeHost(), 0, 0
        yield Stand(Session(ec))
