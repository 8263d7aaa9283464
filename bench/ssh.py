"""Hosts by SSH: many endpoints at once, commands on open connections, files, ends.

The endpoints are addresses of loopback with real servers; clients and servers share the machine.
"""

import json
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter

from bench import sshfar
from bench.figure import Figure
from bench.side import Numbers, interleave, run
from tests.sshd import Sshd, find_sshd, free_port

ENDPOINTS = 100
#: A server listens at sixteen addresses at most.
_PER_SERVER = 15
_ROUNDS, _ROUNDS_OPEN = 7, 3


def serve(folder: Path, stack: ExitStack) -> Path:
    """Start the servers; the file that says how to reach them."""
    port = free_port()
    endpoints = []
    for first in range(1, ENDPOINTS + 1, _PER_SERVER):
        addresses = [f"127.0.1.{n}" for n in range(first, min(first + _PER_SERVER, ENDPOINTS + 1))]
        listen = "\nListenAddress ".join(f"{address}:{port}" for address in addresses)
        server = stack.enter_context(
            Sshd(folder / str(first), port=port, ListenAddress=listen, MaxStartups="200")
        )
        endpoints += [
            {
                "hostname": address,
                "port": port,
                "username": server.username,
                "identity": str(server.identity),
                "server_key": server.server_key,
            }
            for address in addresses
        ]
    place = folder / "endpoints.json"
    place.write_text(json.dumps({"endpoints": endpoints}))
    return place


def measure() -> list[Figure]:
    """All figures of this bench."""
    if find_sshd() is None:
        return [Figure(name="ssh", skipped="sshd is not installed")]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-ssh-")))
        place = serve(folder, stack)
        many = {name: partial(run, f"ssh_{name}", place) for name in ("asyncssh", "stock")}
        many["alike"] = partial(run, "ssh_asyncssh", place, "alike")
        many["whole"] = partial(whole, place)
        found, failed = interleave(many, rounds=_ROUNDS)
        for names, rounds in ((("ours", "files"), _ROUNDS_OPEN), (("ansible",), 1)):
            sides = {name: partial(run, f"ssh_{name}", place) for name in names}
            more, reasons = interleave(sides, rounds=rounds)
            found, failed = found | more, failed | reasons
    for side in ("whole", "ours"):
        if side not in found:
            return [Figure(name="ssh", skipped=failed[side])]
    return [*_many(found), *_ansible(found), *_open(found), *_files(found), *sshfar.measure()]


_COLD = f"`true` on {ENDPOINTS} endpoints, connections included"


def whole(place: Path) -> Numbers:
    """Seconds of a program of ours from its start to its end, beside those that it says."""
    began = perf_counter()
    return {**run("ssh_whole", place), "seconds": perf_counter() - began}


def _many(found: dict[str, Numbers]) -> list[Figure]:
    ours, fabric = found["whole"], found.get("stock", {}).get("fabric")
    peers = {
        "asyncssh": ("asyncssh", "algorithms as each asks for first"),
        "alike": ("asyncssh", "asyncssh with our algorithms"),
    }
    return [
        *(
            Figure(
                name=_COLD, unit="s", ours=ours["cold"], peer=peer, note=note,
                theirs=found.get(side, {}).get("cold"), at_most=1.0,
            )
            for side, (peer, note) in peers.items()
        ),
        Figure(
            name=_COLD, unit="s", ours=ours["cold"], peer="Fabric", theirs=fabric, at_most=1.0
        ),
    ]  # fmt: skip


def _ansible(found: dict[str, Numbers]) -> list[Figure]:
    bounds = {"raw": 1 / 3, "command": 1 / 8}
    return [
        Figure(
            name=f"{_COLD}, whole program", unit="s", ours=found.get("whole", {}).get("seconds"),
            peer=f"Ansible {module}", theirs=found.get("ansible", {}).get(module), at_most=bound,
        )
        for module, bound in bounds.items()
    ]  # fmt: skip


def _open(found: dict[str, Numbers]) -> list[Figure]:
    ours, stock = found["ours"], found.get("stock", {})
    return [
        Figure(
            name="`true` on an open connection", unit="ms", ours=ours["single"] * 1e3,
            at_most=1.5,
        ),
        Figure(
            name="`true` on an open connection", unit="ms", ours=ours["single"] * 1e3,
            peer="paramiko's exec", theirs=stock.get("single", 0.0) * 1e3, at_most=1 / 30,
        ),
        Figure(
            name=f"`true` on {ENDPOINTS} open connections", unit="s", ours=ours["warm"],
            at_most=0.2,
        ),
        Figure(
            name="the latest end of 100 applications on 5 hosts", unit="ms",
            ours=ours["lag"] * 1e3, at_most=200.0,
        ),
        Figure(
            name="packets per host and keep-alive, 100 applications running", ours=ours["idle"],
            at_most=2.0, note="one there, one back; as the kernel counts those with data",
        ),
    ]  # fmt: skip


def _files(sides: dict[str, Numbers]) -> list[Figure]:
    found = sides.get("files")
    if found is None:
        return []
    titles = {"up": "100 MB there", "down": "100 MB back", "many": "500 small files there"}
    return [
        Figure(
            name=title, unit="s", ours=found[key], theirs=found[f"scp_{key}"], peer="scp",
            at_most=1 / 5 if key == "many" else 1 / 1.2, note="aes128-gcm",
        )
        for key, title in titles.items()
    ]  # fmt: skip
