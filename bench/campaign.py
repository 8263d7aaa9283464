"""A campaign of quickstart-sized runs, one of its workers killed on the way, beside a bare loop.

Here and on a cluster of two workers; the loop starts the same runs, two at a time, no more.
`./dev bench campaign:200` is the promise; without a number it is scaled down.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench.figure import Figure
from nepishell.campaigns.manifest import ENDS, LOST, Manifest

#: Runs of the short form, and at a time.
RUNS, JOBS = 12, 2
AT_MOST = 1.3
_NEPISHELL = (sys.executable, "-P", "-m", "nepishell")
_DONE = re.compile(r"(\d+)/\d+ ")


def measure(runs: int = RUNS) -> list[Figure]:
    """Seconds of *runs* runs in a bare loop, here with a worker killed, and on a cluster."""
    with tempfile.TemporaryDirectory(prefix="nepishell-bench-") as made:
        folder = Path(made)
        bare, failed = _bare(folder / "bare", runs)
        if failed:
            return [Figure(name="campaign", skipped=f"{failed} runs of the bare loop failed")]
        return [*_here(folder / "here", runs, bare), *_cluster(folder / "cluster", runs, bare)]


def _bare(folder: Path, runs: int) -> tuple[float, int]:
    """Seconds, and how many did not end well."""

    def run(number: int) -> int:
        env = {**os.environ, "XDG_STATE_HOME": str(folder / str(number))}
        done = subprocess.run([*_NEPISHELL, "run", "quickstart"], env=env, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        return done.returncode

    began = time.monotonic()
    with ThreadPoolExecutor(JOBS) as pool:
        failed = sum(status != 0 for status in pool.map(run, range(runs)))
    return time.monotonic() - began, failed


def _here(folder: Path, runs: int, bare: float) -> list[Figure]:
    """The worker that is killed is the process of a run."""

    def kill() -> None:
        words = [os.fsencode(str(folder)), b"\0run\0"]
        for pid in _processes(words):
            os.kill(pid, signal.SIGKILL)
            return

    took, lines = _campaign(folder, runs, ["--jobs", str(JOBS)], kill)
    return _figures("campaign here", folder, runs, bare, took, lines)


def _cluster(folder: Path, runs: int, bare: float) -> list[Figure]:
    """The worker that is killed is one of Dask's; its nanny begins another."""
    folder.mkdir()
    there = ["--scheduler-file", str(folder / "there"), "--host", "127.0.0.1", "--no-dashboard"]
    worker = ["dask_worker", *there, "--nthreads", "1", "--resources", "netlab=1"]
    with ExitStack() as stack:
        _start(stack, "Scheduler at", ["dask_scheduler", *there, "--port", "0"])
        nannies = [_start(stack, "Start Nanny at", worker) for _ in range(JOBS)]

        def kill() -> None:
            workers = [_worker_of(nanny.pid) for nanny in nannies]
            # one that is in the middle of a run: the other has just ended one
            os.kill(next(filter(_children, workers), workers[0]), signal.SIGKILL)

        took, lines = _campaign(folder, runs, there[:2], kill)
    return _figures("campaign on a cluster", folder, runs, bare, took, lines)


def _worker_of(nanny: int) -> int:
    """Its child that is a worker; another one is Python's tracker of resources."""
    return next(pid for pid in _children(nanny)
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())  # fmt: skip


def _children(pid: int) -> list[int]:
    listed = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(word) for word in listed.split()]


def _start(stack: ExitStack, word: str, argv: Sequence[str]) -> subprocess.Popen[str]:
    module = f"distributed.cli.{argv[0]}"
    process = subprocess.Popen([sys.executable, "-m", module, *argv[1:]], text=True,
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    stack.callback(process.communicate)
    stack.callback(process.terminate)
    assert process.stderr is not None
    while word not in process.stderr.readline():
        if process.poll() is not None:
            raise RuntimeError(f"{module} ended")
    return process


def _campaign(
    folder: Path, runs: int, where: Sequence[str], kill: Callable[[], None]
) -> tuple[float, list[str]]:
    """Seconds, and what it said; *kill* is called when a third of the runs are done."""
    argv = [*_NEPISHELL, "campaign", "quickstart", "--repeat", str(runs), "--out",
            str(folder / "out"), *where]  # fmt: skip
    began, lines, killed = time.monotonic(), [], False
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        done = _DONE.match(line)
        if done and not killed and int(done[1]) >= runs // 3:
            killed = True
            kill()
    process.wait()
    return time.monotonic() - began, lines


def _figures(
    name: str, folder: Path, runs: int, bare: float, took: float, lines: list[str]
) -> list[Figure]:
    manifest = Manifest(folder / "out")
    rows = [row for row in map(manifest.row, manifest.all_keys()) if row is not None]
    counts = manifest.count()
    over = sum(counts[end] for end in ENDS if end != LOST)
    again = sum(len(manifest.tries(key)) > 1 for key in manifest.all_keys())
    # on a machine whose load changes this says more than the ratio
    busy = sum(float(row.get("lasted", 0)) for row in rows) / (took * JOBS)
    verdicts = json.dumps({end: counts[end] for end in ENDS if counts[end]})
    return [
        Figure(name=f"{name}, {runs} runs, one worker killed", unit="s", ours=took, theirs=bare,
               peer="bare loop", at_most=AT_MOST, note=f"{JOBS} at a time, {again} begun again"),
        Figure(name="- runs with a row", unit="of all", ours=min(over, len(rows)) / runs,
               at_least=1.0, note=verdicts),
        Figure(name="- share of its time that runs took", unit="of all", ours=busy),
        Figure(name="- processes left behind", ours=float(len(_left(folder))), at_most=0.0),
    ]  # fmt: skip


def _left(folder: Path) -> list[int]:
    return list(_processes([os.fsencode(str(folder / "out"))]))


def _processes(words: Sequence[bytes]) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if all(word in text for word in words):
                yield int(entry.name)
