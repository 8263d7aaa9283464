"""Processes as the kernel shows them in /proc: identity, sessions, descendants, namespaces.

A process is (pid, start time): a pid alone may belong to somebody else a moment later. Everything
spawned here leads its own session, so its session is what a signal must reach. Only the standard
library's light modules: the keeper of a lab imports this file at its start.
"""

# thousands of these calls walk /proc while somebody waits
# ruff: noqa: PTH116, PTH123, PTH208

import os
import select
import signal
from collections.abc import Collection, Iterable
from contextlib import suppress
from time import monotonic
from typing import NamedTuple


class Stat(NamedTuple):
    """Four fields of /proc/PID/stat: parent, group, session, start in clock ticks after boot."""

    parent: int
    group: int
    session: int
    start_time: int


def stat(pid: int) -> Stat | None:
    """What the kernel says of *pid*; None when there is no such process."""
    try:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        text = os.read(fd, 4096)
    except ProcessLookupError:
        return None
    finally:
        os.close(fd)
    # the name in parentheses may itself hold spaces and parentheses
    fields = text[text.rindex(b")") + 2 :].split()
    return Stat(int(fields[1]), int(fields[2]), int(fields[3]), int(fields[19]))


def start_time(pid: int) -> int:
    """Clock ticks after boot at which *pid* started; 0 when it is gone."""
    found = stat(pid)
    return found.start_time if found else 0


def all_stats() -> dict[int, Stat]:
    """Every process of the machine that we can see."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return {pid: found for pid in pids if (found := stat(pid))}


def session_members(leader: int, started: int, stats: dict[int, Stat]) -> list[int]:
    """The processes of the session that *leader* opened, the leader first.

    *started* is the leader's start time: where another process has its pid now, the session is
    gone, because the kernel gives no pid anew while a session bears it.
    """
    holder = stats.get(leader)
    if holder and holder.start_time != started:
        return []
    found = [p for p, s in stats.items() if s.session == leader and s.start_time >= started]
    return sorted(found, key=lambda pid: pid != leader)


def descendants(roots: Collection[int], stats: dict[int, Stat]) -> set[int]:
    """The processes below *roots* in the tree of parents, without *roots* themselves."""
    children: dict[int, list[int]] = {}
    for pid, found in stats.items():
        children.setdefault(found.parent, []).append(pid)
    below: set[int] = set()
    todo = list(roots)
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in below:
                below.add(child)
                todo.append(child)
    return below - set(roots)


def namespace_of(pid: int) -> int:
    """The inode of the network namespace of *pid*; 0 when it is gone or hidden from us."""
    try:
        return os.stat(f"/proc/{pid}/ns/net").st_ino
    except OSError:
        return 0


def send(pid: int, signum: int) -> None:
    """Signal one process; silent when it is gone or not ours to touch."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signum)


def has_group(leader: int) -> bool:
    """Whether the process group of *leader* still has a member, dead leaders included."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def signal_session(leader: int, started: int, signum: int) -> None:
    """Signal the whole session of *leader*, members in other process groups included."""
    # before it hears of it: one that has ended has no children to show
    is_alone = not _may_have_other_groups(leader)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signum)
    if is_alone:
        return
    stats = all_stats()
    for pid in session_members(leader, started, stats):
        if stats[pid].group != leader:
            send(pid, signum)


def _may_have_other_groups(leader: int) -> bool:
    """False where one look at the leader's children tells that a walk of /proc is not needed."""
    try:
        with open(f"/proc/{leader}/task/{leader}/children", "rb") as file:
            return bool(file.read(1))
    except OSError:
        # gone, or a kernel without this file: look everywhere
        return True


def terminate_session(leader: int, started: int) -> None:
    """Ask the session of *leader* to end; a stopped process is woken to hear it."""
    signal_session(leader, started, signal.SIGTERM)
    signal_session(leader, started, signal.SIGCONT)


def kill_session(leader: int, started: int) -> None:
    """KILL whatever is left of the session of *leader*."""
    stats = all_stats()
    for pid in session_members(leader, started, stats):
        send(pid, signal.SIGKILL)


def wait_gone(pids: Iterable[int], timeout_s: float) -> list[int]:
    """Block until *pids* ended (a zombie has ended); those that had not after *timeout_s*."""
    deadline = monotonic() + timeout_s
    left = []
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            if not poll.poll(max(0.0, deadline - monotonic()) * 1000):
                left.append(pid)
        finally:
            os.close(fd)
    return left
