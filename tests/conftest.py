"""What every test gets: markers for what a machine must allow.

A marked test that cannot run here is skipped at home, with its reason, and fails in CI.
"""

import os
import shutil
import subprocess
from functools import cache

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@cache
def why_no_root() -> str:
    """Why tests marked 'root' cannot run here; '' when they can."""
    return "" if os.geteuid() == 0 else "needs root"


@cache
def why_no_lab() -> str:
    """Why tests marked 'lab' cannot run here; '' when they can."""
    # util-linux asks the kernel, so that our own probe is among what is tested
    argv = ["unshare", "--net", "--mount", "true"]
    if os.geteuid() != 0:
        argv[1:1] = ["--user", "--map-root-user"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError as problem:
        return f"needs network namespaces: {problem}"
    if done.returncode:
        return f"needs network namespaces: {done.stderr.strip()}"
    return ""


def why_no_tun() -> str:
    """Why tests marked 'tun' cannot run here; '' when they can."""
    return "" if os.access("/dev/net/tun", os.R_OK | os.W_OK) else "needs /dev/net/tun"


MARKERS = {"root": why_no_root, "lab": why_no_lab, "tun": why_no_tun}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, why_not in MARKERS.items():
        if item.get_closest_marker(marker) is not None:
            _must_run(why_not())
    for marker in item.iter_markers("tool"):
        for name in marker.args:
            _must_run("" if shutil.which(name) else f"needs {name}: ./dev setup")


def _must_run(why_not: str) -> None:
    if why_not and IN_CI:
        pytest.fail(f"{why_not}; in CI it must run", pytrace=False)
    if why_not:
        pytest.skip(why_not)
