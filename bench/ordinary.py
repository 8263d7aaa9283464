"""Run a side as an ordinary user although the bench runs as root."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from bench.side import TOP, Numbers, SideFailed, run_argv

NOBODY = 65534
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all",
    "--bounding-set=-all", "env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
)  # fmt: skip


@cache
def python() -> str:
    """An interpreter that the user nobody may run; raises SideFailed."""
    for name in (sys.executable, "/usr/bin/python3"):
        modern = [name, "-c", "import json, sys; sys.exit(sys.version_info < (3, 11))"]
        done = subprocess.run([*AS_NOBODY, *modern], capture_output=True, cwd="/", check=False)
        if done.returncode == 0:
            return name
    raise SideFailed("no Python 3.11 that the user nobody may run")


def copy_packages(folder: Path) -> Path:
    """What the sides import, where everybody may read it: the checkout may be in /root."""
    for name in ("nepishell", "bench"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder.chmod(0o755)
    return folder


def run(module: str, *arguments: object, packages: Path, user: bool) -> Numbers:
    """The numbers of a side, by the same interpreter as nobody or as root."""
    who = AS_NOBODY if user and os.geteuid() == 0 else ("env",)
    return run_argv(
        [*who, f"PYTHONPATH={packages}", python(), "-m", f"bench.sides.{module}",
         *map(str, arguments)]
    )  # fmt: skip
