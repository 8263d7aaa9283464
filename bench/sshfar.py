"""Hosts by SSH behind a path of 50 ms: a fresh connection, an open one, a hundred at once.

A relay between two namespaces delays; a round trip is what a TCP connection takes.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from bench.figure import Figure
from bench.side import Numbers, interleave, run_argv
from bench.wire import Wire
from nepishell.hosts.netns.model import Shape
from tests.sshd import Sshd

ENDPOINTS = 100
_HALF = Shape(delay=0.025)
_ROUNDS = 3


def measure() -> list[Figure]:
    """The figures of ours, beside OpenSSH in the same run."""
    if os.geteuid() != 0:
        return [Figure(name="ssh at 50 ms", skipped="needs root: run as root")]
    with far_hosts() as (wire, place):
        sides = {name: partial(run_near, wire, f"sshfar_{name}", place) for name in _SIDES}
        found, failed = interleave(sides, rounds=_ROUNDS)
    if "ours" not in found:
        return [Figure(name="ssh at 50 ms", skipped=failed["ours"])]
    ours, openssh = found["ours"], found.get("openssh", {})
    return [
        Figure(
            name="50 ms: a command on an open connection", unit="round trips",
            ours=ours["warm"], at_most=1.1,
        ),
        Figure(
            name="50 ms: a connection and a command", unit="round trips", ours=ours["fresh"],
            at_most=10.0,
        ),
        Figure(
            name="50 ms: a connection and a command", unit="round trips", ours=ours["fresh"],
            peer="OpenSSH", theirs=openssh.get("fresh"), at_most=10 / 15,
        ),
        Figure(
            name=f"50 ms: `true` on {ENDPOINTS} endpoints, connections included", unit="s",
            ours=ours["many"], at_most=1.5,
        ),
    ]  # fmt: skip


_SIDES = ("ours", "openssh")


@contextmanager
def far_hosts() -> Iterator[tuple[Wire, Path]]:
    """The path, and the file that says which hosts are behind it."""
    with ExitStack() as stack:
        wire = stack.enter_context(closing(Wire(_HALF, _HALF)))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-ssh-")))
        addresses = [f"10.9.1.{number}" for number in range(1, ENDPOINTS + 1)]
        wire.ip("a", ["route add 10.9.1.0/24 via 10.9.0.2"])
        wire.ip("b", [f"address add {address}/32 dev eth0" for address in addresses])
        there = ("nsenter", f"--net={wire.path('b')}")
        server = stack.enter_context(
            Sshd(folder, address="0.0.0.0", prefix=there, MaxStartups="200")
        )
        endpoints = [
            {
                "hostname": address,
                "port": server.port,
                "username": server.username,
                "identity": str(server.identity),
                "server_key": server.server_key,
            }
            for address in addresses
        ]
        place = folder / "endpoints.json"
        place.write_text(json.dumps({"endpoints": endpoints}))
        yield wire, place


def run_near(wire: Wire, side: str, place: Path) -> Numbers:
    """The numbers of a side that is at the near end of the path."""
    net = f"--net={wire.path('a')}"
    return run_argv(["nsenter", net, sys.executable, "-m", f"bench.sides.{side}", str(place)])
