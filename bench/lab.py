"""A lab of N hosts on one switch: the kernel part beside C, the whole of it beside Mininet.

Built means usable; gone means that the kernel has no device of it any more.
"""

import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from bench import ordinary
from bench.figure import Figure
from bench.side import TOP, SideFailed, interleave, run, run_argv

#: hosts -> how often everything is measured
ROUNDS = {100: 5, 500: 1, 1000: 1}
#: Mininet needs a minute for more
MOST_MININET = 500
RAWLAB = TOP / "bench" / "rawlab.c"
MININET = TOP / "bench" / "sides" / "lab_mininet.py"
ALONE = ("unshare", "-pfmn", "--mount-proc")


def measure() -> list[Figure]:
    """For each size: kernel part, deploy and release, and the same as an ordinary user."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for hosts, rounds in ROUNDS.items():
            figures += _kernel_part(hosts, rounds, folder)
            figures += _whole(hosts, rounds)
        figures += _ordinary_user(100, rounds=5, folder=folder)
    return figures


def _compile(folder: Path) -> Path:
    program = folder / "rawlab"
    if not program.exists():
        if shutil.which("cc") is None:
            raise SideFailed("no C compiler; apt-get install -y gcc libc6-dev")
        subprocess.run(["cc", "-O2", "-o", program, RAWLAB], check=True)
    return program


def _run_c(hosts: int, folder: Path) -> dict[str, float]:
    alone = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
    return run_argv([*alone, str(_compile(folder)), str(hosts)])


def _run_mininet(hosts: int) -> dict[str, float]:
    if shutil.which("mn") is None:
        raise SideFailed("Mininet is not installed; apt-get install -y mininet net-tools")
    if os.geteuid() != 0:
        raise SideFailed("Mininet needs root")
    return run_argv([*ALONE, "/usr/bin/python3", str(MININET), str(hosts)])


def _kernel_part(hosts: int, rounds: int, folder: Path) -> list[Figure]:
    medians, failed = interleave(
        {"ours": partial(run, "lab_kernel", hosts), "C": partial(_run_c, hosts, folder)}, rounds
    )
    limit = 1.5 if hosts <= MOST_MININET else None
    return [
        _beside(f"{hosts} hosts, kernel part: build", "build", medians, "C", failed, limit),
        _beside("- take down", "release", medians, "C", failed, None),
    ]


def _whole(hosts: int, rounds: int) -> list[Figure]:
    sides = {"ours": partial(run, "lab_ours", hosts)}
    if hosts <= MOST_MININET:
        sides["Mininet"] = partial(_run_mininet, hosts)
    medians, failed = interleave(sides, rounds)
    peer = "Mininet" if "Mininet" in sides else ""
    return [
        _beside(f"{hosts} hosts: deploy", "deploy", medians, peer, failed, 1 / 8),
        _beside("- release, gone", "release", medians, peer, failed, 1 / 15),
    ]


def _ordinary_user(hosts: int, rounds: int, folder: Path) -> list[Figure]:
    title = f"{hosts} hosts, as an ordinary user: deploy"
    if os.geteuid() != 0:
        return [Figure(name=title, skipped="run as root to compare")]
    packages = ordinary.copy_packages(folder)
    build = partial(ordinary.run, "lab_ours", hosts, packages=packages)
    medians, failed = interleave(
        {"ours": partial(build, user=True), "as root": partial(build, user=False)}, rounds
    )
    return [
        _beside(title, "deploy", medians, "as root", failed, 2),
        _beside("- release, gone", "release", medians, "as root", failed, None),
    ]


def _beside(
    title: str,
    number: str,
    medians: dict[str, dict[str, float]],
    peer: str,
    failed: dict[str, str],
    at_most: float | None,
) -> Figure:
    if "ours" in failed:
        return Figure(name=title, skipped=failed["ours"])
    return Figure(
        name=title,
        unit="s",
        ours=medians["ours"][number],
        theirs=medians[peer][number] if peer in medians else None,
        peer=peer,
        # without a peer the bound would be on seconds
        at_most=at_most if peer else None,
        note=failed.get(peer, ""),
    )
