"""Facts of this machine and of this process that a run is known by later."""

import os
import platform
import pwd
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

#: What we build on, where it is installed.
PACKAGES = frozenset(
    {"networkx", "paramiko", "prompt-toolkit", "pygments", "pyroute2", "pyyaml", "tabulate"}
)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Holder(NamedTuple):
    """Who holds a run: a process is the same one if all three are the same."""

    pid: int
    start_time: int  # clock ticks after boot, field 22 of /proc/pid/stat
    boot: str


def boot_id() -> str:
    """Of this boot of the kernel; '' where the kernel does not tell."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def start_time(pid: int) -> int:
    """Of a process that runs, in clock ticks after boot; 0 for one that does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    state, *fields = text.rpartition(")")[2].split()
    return 0 if state in "ZX" else int(fields[18])


def uptime() -> float:
    """Seconds since boot, also those that the machine slept; nobody can set this clock."""
    return round(time.clock_gettime(time.CLOCK_BOOTTIME), 6)


def this_process() -> Holder:
    """The holder that we are."""
    pid = os.getpid()
    return Holder(pid, start_time(pid), boot_id())


def login_name() -> str:
    """Who we are to this machine; our number where nobody has given us a name."""
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def facts() -> dict[str, Any]:
    """What a reader of a run asks first: when, by whom, on what."""
    return {
        "up": uptime(),
        "wall": datetime.now().astimezone().isoformat(timespec="microseconds"),
        "user": login_name(),
        "machine": platform.node(),
        "kernel": platform.release(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "cpus": os.cpu_count() or 0,
        "packages": packages(),
    }


def packages() -> dict[str, str]:
    """The versions of what we build on, by name.

    Told by the names of folders: importlib.metadata costs 40 ms, this a third of one.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = [path.name for path in Path(folder or ".").iterdir()]
        except OSError:
            continue
        for name in names:
            stem, _, kind = name.rpartition(".")
            package, _, version = stem.partition("-")
            known = package.lower().replace("_", "-")
            if kind == "dist-info" and known in PACKAGES:
                found.setdefault(known, version)
    return dict(sorted(found.items()))
