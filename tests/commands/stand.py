"""Resource types without hosts, and a session that runs lines on a real controller with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.notes import Shown
from nepishell.core.attributes import Attribute, Flags, Types
from nepishell.core.errors import NepishellError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace, TraceAttr
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.fake import FakeHost, Outcome
from nepishell.output.render import render
from nepishell.resources.node import AbstractNode

RTT = "seq,rtt\n1,0.041\n2,\n3,0.043\n"


def answer(argv: tuple[str, ...]) -> Outcome | None:
    """What programs on a test node do: the first word says it."""
    match argv:
        case ("true", *words):
            return Outcome(stdout=f"{' '.join(words)}\n")
        case ("false", *words):
            return Outcome(code=1, stderr=f"{' '.join(words)}\n")
    return None


class Node(AbstractNode):
    """A node on which scripted programs run."""

    rtype = "test::Node"

    def __init__(self, ec: ExperimentController, guid: int) -> None:
        super().__init__(ec, guid)
        self._host = FakeHost(spawn_script=answer)

    def do_discover(self) -> None:
        ResourceManager.do_discover(self)  # virtual time is fine: nothing real runs here


class Link(ResourceManager):
    """A link that only remembers what it should do."""

    rtype = "test::Link"
    delay = Attribute(Types.Duration, live=True, help="how long a packet takes")
    loss = Attribute(Types.Percent, live=True, help="how many packets are lost")
    up = Attribute(bool, default=True, live=True, help="whether packets pass")
    engine = Attribute(default="auto", choices=("auto", "relay"), help="what carries packets")
    secret = Attribute(help="a password", flags=Flags.Credential)
    ends = Peer("test::Node", max=2)

    def do_set(self, name: str, old: Any, new: Any) -> None:
        if name == "delay" and new == 0.013:
            raise NepishellError("13ms brings bad luck")


class App(ResourceManager):
    """A program that runs until it is stopped, or fails when it starts."""

    rtype = "test::App"
    fails = Attribute(bool, default=False, help="whether its start fails")
    target = Attribute(help="whom it asks")
    node = Peer(
        "test::Node",
        min=1,
        needs={
            ResourceAction.DEPLOY: ResourceState.READY,
            ResourceAction.START: ResourceState.STARTED,
        },
    )
    traces = (
        Trace("stdout", "what it says", enabled=True),
        Trace("rtt", "round trips", enabled=True),
        Trace("debug", "everything"),
    )

    def do_start(self) -> object:
        if self.fails:
            raise NepishellError("it was told to")
        return super().do_start()

    def metrics(self) -> dict[str, float]:
        return {"rtt.avg": 0.042, "loss": 0.0} if self.state >= ResourceState.STARTED else {}

    def trace(
        self, name: str, attr: TraceAttr = TraceAttr.ALL, block: int = 512, offset: int = 0
    ) -> Any:
        if self.state < ResourceState.STARTED or name == "debug":
            return None
        text = RTT if name == "rtt" else "one\ntwo bytes from\nthree\n"
        match attr:
            case TraceAttr.SIZE:
                return len(text)
            case TraceAttr.PATH:
                return f"/somewhere/{name}"
        return text


def register() -> None:
    """Make these the types of the process; other tests may have others of the same names."""
    for rclass in (Node, Link, App):
        ResourceFactory.register_type(rclass)


class Session:
    """Runs lines as a recipe would; keeps what was emitted later."""

    def __init__(self, ec: ExperimentController) -> None:
        self.ec = ec
        self.emitted: list[str] = []
        self.ctx = Context(ec=ec, jobs=Jobs(ec), emit=self._emit)
        self.interpreter = Interpreter(self.ctx)

    def __call__(self, *lines: str) -> Any:
        """The result of the last of *lines*."""
        shown = None
        for line in lines:
            for shown in self.interpreter.run(line):  # noqa: B007 - the last one is the result
                pass
        return shown.result if shown is not None else None

    def text(self, line: str) -> str:
        """The text of a line's result."""
        return "\n".join(render(s.result, s.form or "table") for s in self.interpreter.run(line))

    def _emit(self, shown: Shown | None) -> None:
        if shown is not None:
            self.emitted.append(render(shown.result, shown.form or "table"))

    def state(self, label: str) -> str:
        return str(self.ec.state(self.ec.find(label), hr=True))


@contextmanager
def open_session(folder: Path) -> Iterator[Session]:
    """A session on a controller of its own, whose runs are kept in *folder*."""
    register()
    with ExperimentController("test", local_dir=folder, seed=1) as ec:
        yield Session(ec)
