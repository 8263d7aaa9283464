"""A process started in a host and waited for, beside a plain Popen, by turns in one process."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from threading import Event

from nepishell.hosts.base import Host
from nepishell.hosts.netns.lab import Lab

TRUE = "/bin/true"
#: seconds until the process was started, and until its end was known
Times = tuple[float, float]


def by_popen() -> Times:
    """A plain Popen whose output goes to a file, as ours does."""
    began = time.perf_counter()
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen([TRUE], stdin=subprocess.DEVNULL, stdout=out, stderr=out) as process,
    ):
        started = time.perf_counter()
        process.wait()
    return started - began, time.perf_counter() - began


def by_host(host: Host, folder: Path) -> Times:
    """spawn() of a host, until we are told of the end."""
    ended = Event()
    began = time.perf_counter()
    host.spawn([TRUE], run_dir=folder, on_exit=lambda _: ended.set())
    started = time.perf_counter()
    ended.wait()
    return started - began, time.perf_counter() - began


def main() -> None:
    rounds = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lab = Lab.open(folder, seed=1)
        host = lab.add_host("h1")
        pairs = [(by_popen(), by_host(host, folder / f"run{n}")) for n in range(rounds)]
        lab.close()
    numbers = {
        f"{side}_{what}": median(pair[which][moment] for pair in pairs)
        for which, side in enumerate(("popen", "ours"))
        for moment, what in enumerate(("started", "ended"))
    }
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
