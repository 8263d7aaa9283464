"""Packages of a host: what is missing is installed, one request at a time on each machine.

Two package managers at once fail on each other's lock, so requests for one machine stand in a
queue; nobody waits in a thread.
"""

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from nepishell.core.errors import BadValue, HostError


class Manager(NamedTuple):
    """How one package manager is talked to; each is a list of words before the packages."""

    #: prints nothing and ends with status 0 when all are installed
    query: tuple[str, ...]
    install: tuple[str, ...]
    #: fetches the lists of what there is, for a host that has none yet
    refresh: tuple[str, ...] = ()


MANAGERS = {
    "apt-get": Manager(
        query=("dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\\n"),
        install=(
            "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y",
            "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300",
        ),
        refresh=("apt-get", "update", "-q"),
    ),
    "dnf": Manager(query=("rpm", "-q", "--whatprovides"), install=("dnf", "install", "-y", "-q")),
    "yum": Manager(query=("rpm", "-q", "--whatprovides"), install=("yum", "install", "-y", "-q")),
    "zypper": Manager(
        query=("rpm", "-q", "--whatprovides"),
        install=("zypper", "--non-interactive", "install"),
    ),
    "apk": Manager(
        query=("apk", "info", "-e"), install=("apk", "add"), refresh=("apk", "update", "-q")
    ),
    "pacman": Manager(
        query=("pacman", "-Q"),
        install=("pacman", "-S", "--noconfirm", "--needed"),
        refresh=("pacman", "-Sy"),
    ),
}  # fmt: skip


def manager(name: str, host: str) -> Manager:
    """The manager of a host; raises HostError when it has none that we know."""
    if name not in MANAGERS:
        known = ", ".join(MANAGERS)
        raise HostError(
            f"{host} has none of {known}: install the packages of 'depends' there, and leave it out"
        )
    return MANAGERS[name]


def wanted(text: str) -> list[str]:
    """The packages that `depends` names; raises BadValue."""
    names = text.replace(";", " ").split()
    for name in names:
        if name.startswith("-"):
            raise BadValue(f"depends: '{name}' is not the name of a package")
    return names


def missing(packager: str, names: list[str], status: int, output: str) -> list[str]:
    """Which of *names* are not installed, from how the query for all of them ended."""
    if packager == "apt-get":
        # known to dpkg is not installed: configuration files may be left of a removed one
        there = {line.split()[0] for line in output.splitlines() if line.endswith(" installed")}
        return [name for name in names if name.partition(":")[0] not in there]
    if packager == "apk":
        return [name for name in names if name not in output.split()]
    return names if status else []


def install_script(chosen: Manager, names: list[str]) -> list[str]:
    """One command that installs *names*; with fresh lists where the first try fails."""
    install = [*chosen.install, *names]
    if not chosen.refresh:
        return install
    script = f'"$@" || {{ {" ".join(chosen.refresh)} && "$@"; }}'
    return ["sh", "-c", script, "install", *install]


#: Does the work and calls what it is given when it is over.
Work = Callable[[Callable[[], None]], None]


class Turns:
    """One piece of work at a time; from any thread, nobody blocks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Work] = deque()
        self._busy = False

    def take(self, work: Work) -> None:
        """Do *work* when its turn comes: now, or from the thread that ends the one before."""
        with self._lock:
            if self._busy:
                self._waiting.append(work)
                return
            self._busy = True
        work(self._over)

    def _over(self) -> None:
        with self._lock:
            work = self._waiting.popleft() if self._waiting else None
            self._busy = work is not None
        if work is not None:
            work(self._over)

    def close(self) -> None:
        """Forget who waits."""
        with self._lock:
            self._waiting.clear()
