"""A tunnel that carries packets over UDP: our own forwarder beside each end.

The first end listens, the second calls it: so only the first must be reachable, also when the
second stands behind an address translator. READY means that packets passed each way.
"""

import os
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Flags, Types, Value
from nepishell.core.errors import BadValue, HostError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import STDERR, Exit, OnExit, Process
from nepishell.resources.linux import readiness
from nepishell.resources.linux.running import SPAWN
from nepishell.resources.linux.tap import Tap
from nepishell.resources.linux.tunnel import Tunnel

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

SCRIPT = Path(__file__).parent.parent / "udp_tunnel_tool.py"
_PLAIN = "PLAIN"
_KEY_BYTES = 32
_GRACE_S = 1.0
_RUNS = (ResourceState.READY, ResourceState.STARTED)


def _plain_only(old: Value, new: Value) -> Value:
    if new not in (None, _PLAIN):
        raise BadValue(
            f"cipher '{new}' is not there: no library that encrypts is sure to be on every host; "
            f"packets travel as they are (PLAIN), so encrypt in the application"
        )
    return new


class Side:
    """One end at work: where its forwarder runs, and the helper that waits for it."""

    def __init__(self, tap: Tap, run_dir: Path) -> None:
        self.tap = tap
        self.run_dir = run_dir
        self.process: Process | None = None
        self.waiter: Process | None = None
        self.is_up = False


class UdpTunnel(Tunnel):
    """A tunnel over UDP between two virtual interfaces, on any two nodes that reach each other."""

    rtype = "linux::UdpTunnel"

    cipher = Attribute(
        default=_PLAIN, set_hook=_plain_only, help="PLAIN: packets travel as they are"
    )
    cipherKey = Attribute(
        flags=Flags.Credential, help="what both ends prove to know (default: a new random key)"
    )
    txQueueLen = Attribute(
        int, min=1, default=1000, help="packets that may wait for bwLimit; more are dropped"
    )
    bwLimit = Attribute(int, min=1, help="bytes a second each way (default: no limit)")
    port = Attribute(
        int, min=1, max=65535, help="UDP port of the first end (default: one that is free)"
    )
    address = Attribute(
        help="address of the first end, as the second reaches it (default: that of its node)"
    )
    timeout = Attribute(
        Types.Duration, default=10.0, help="how long it may take until packets pass each way"
    )

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._sides: list[Side] = []
        self._goal: ResourceState | None = None

    # -- coming up ----------------------------------------------------------------------------

    def do_deploy(self) -> object:
        """Start a forwarder at each end; READY when packets pass both ways."""
        self._drop()
        self._goal = None
        self.ec.intend(self.guid, SPAWN)
        key = (self.cipherKey or "").encode() or os.urandom(_KEY_BYTES)
        for side in self._both_sides():
            self._sides.append(side)
            self._prepare(side, key)
        listener = self._sides[0]
        self._launch(listener, "listen", *self._options(), *self._port_option())
        self._await(listener, "port", partial(self._listening, self._sides))
        return LATER

    def _both_sides(self) -> list[Side]:
        return [
            Side(tap, tap.node.run_home(self) / f"end{number}")
            for number, tap in enumerate(self.both(), start=1)
        ]

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find both forwarders again; raises HostError when one is gone."""
        super().do_resume(acts)
        if SPAWN not in acts:
            return
        sides = self._both_sides()
        for side in sides:
            host = side.tap.node.host
            side.process = host.adopt(side.run_dir, partial(self._gone, side))
        self._sides = [side for side in sides if side.process]
        if self.state not in _RUNS:
            # half made, or to be ended: who deploys it again begins anew
            self._drop()
            self._sides = []
        elif gone := [side for side in sides if not side.process]:
            raise HostError(f"the end at {gone[0].tap.node.name} is gone{self._words_of(gone[0])}")

    def _prepare(self, side: Side, key: bytes) -> None:
        """A clean directory with the key."""
        host = side.tap.node.host
        host.mkdir(side.run_dir)
        host.run(["rm", "-f", *(str(side.run_dir / name) for name in ("port", "up"))])
        with NamedTemporaryFile() as file:  # readable by nobody else, and so is its copy
            file.write(key)
            file.flush()
            host.put(Path(file.name), side.run_dir / "key")

    def _options(self) -> list[str]:
        words = ["--queue", str(self.txQueueLen)]
        return [*words, "--limit", str(self.bwLimit)] if self.bwLimit else words

    def _port_option(self) -> list[str]:
        return ["--port", str(self.port)] if self.port else []

    def _launch(self, side: Side, role: str, *words: str) -> None:
        tap, node = side.tap, side.tap.node
        what = [role, tap.deviceName, tap.mode, str(side.run_dir / "key")]
        side.process = node.host.spawn(
            [*node.tool(SCRIPT), *what, *words],
            run_dir=side.run_dir,
            on_exit=partial(self._gone, side),
        )

    def _gone(self, side: Side, end: Exit) -> None:
        # posted, so that it comes after the hook that is at work
        self.later(self._ended, side, end)

    def _await(self, side: Side, name: str, on_exit: OnExit) -> None:
        """Have *on_exit* called once the forwarder made the file *name*, or the time is over."""
        node = side.tap.node
        command = readiness.Condition("file", name).command(self.timeout, side.run_dir)
        side.waiter = node.host.spawn(
            [*node.tool(readiness.SCRIPT), *command],
            run_dir=side.run_dir / f".{name}",
            on_exit=on_exit,
        )

    def _listening(self, sides: list[Side], end: Exit) -> None:
        self.later(self._call, sides, end.status)

    def _call(self, sides: list[Side], status: int) -> None:
        """The first end listens: let the second call it."""
        if sides is not self._sides or self._is_over():
            return
        listener, caller = sides
        if status:
            self._fail_late(listener)
            return
        node = listener.tap.node
        port = node.host.read(listener.run_dir / "port").decode().strip()
        self._launch(caller, "call", self.address or node.address, port, *self._options())
        for side in sides:
            self._await(side, "up", partial(self._came_up, sides, side))

    def _came_up(self, sides: list[Side], side: Side, end: Exit) -> None:
        self.later(self._note_up, sides, side, end.status)

    def _note_up(self, sides: list[Side], side: Side, status: int) -> None:
        if sides is not self._sides or self._is_over():
            return
        side.waiter = None
        if status:
            self._fail_late(side)
            return
        side.is_up = True
        if all(one.is_up for one in sides):
            super().do_deploy()

    def _fail_late(self, side: Side) -> None:
        one, two = (side.tap.node for side in self._sides)
        where = self.address or one.address
        self.fail(
            f"no packet came through in {self.timeout:g}s: does {two.name} reach {where} "
            f"by UDP, port {self.port or 'any'}?{self._words_of(side)}"
        )

    # -- going down ---------------------------------------------------------------------------

    def _ended(self, side: Side, end: Exit) -> None:
        """A forwarder is gone."""
        side.process = None
        if side not in self._sides:
            return
        if self._goal is None:
            if not self._is_over():
                self.fail(
                    f"the end at {side.tap.node.name} has ended with status {end.status}"
                    f"{self._words_of(side)}"
                )
            return
        if not any(one.process for one in self._sides):
            goal, self._goal = self._goal, None
            if goal is ResourceState.RELEASED:
                super().do_release()
            elif self.state in _RUNS:
                super().do_stop()

    def do_stop(self) -> object:
        """End both forwarders; the interfaces stay."""
        if not self._end(ResourceState.STOPPED):
            return super().do_stop()
        return LATER

    def do_release(self) -> object:
        """End what runs; RELEASED when it is gone."""
        if not self._end(ResourceState.RELEASED):
            return super().do_release()
        return LATER

    def do_fail(self) -> None:
        """End what runs."""
        self._drop()
        super().do_fail()

    def _end(self, goal: ResourceState) -> bool:
        """Ask the forwarders to end; whether there is one to wait for."""
        running = [side.process for side in self._sides if side.process]
        self._goal = goal if running else None
        self._drop()
        return bool(running)

    def _drop(self) -> None:
        for side in self._sides:
            for process in (side.waiter, side.process):
                if process is not None:
                    process.stop(_GRACE_S)
            side.waiter = None
        # those of a failed one may still be ending: release waits for them
        self._sides = [side for side in self._sides if side.process]

    def _is_over(self) -> bool:
        return self.releasing or self._goal is not None or self.state >= ResourceState.STOPPED

    def _words_of(self, side: Side) -> str:
        """Its last line on stderr, to be put behind a reason; ''."""
        try:
            text = side.tap.node.host.read(side.run_dir / STDERR).decode(errors="replace")
        except (HostError, Unreachable):
            return ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return f"; its last words: {lines[-1]}" if lines else ""
