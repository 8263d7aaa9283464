"""Watches how this machine keeps up while a run goes on: its pressure, and our own sleep.

Once a second a thread wakes up, and asks those who watch something else as well. When it wakes
much later, everything in this program stood still; what the kernel counts as pressure (PSI,
Documentation/accounting/psi.rst) is taken over the last few seconds.
"""

import re
from collections import deque
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from nepishell.engine.fidelity import Fidelity

BEAT_S = 1.0
#: Seconds over which pressure is judged: what is over sooner is how machines work.
WINDOW_S = 5
_PRESSURE = Path("/proc/pressure")
_TOTAL = re.compile(r"^(some|full) .*\btotal=(\d+)", re.MULTILINE)
#: kind -> whether it counts that some work waits, or that all does; and how that is told
_KINDS = {
    "cpu": ("some", "the machine was busy: work waited for a processor"),
    "memory": ("full", "the machine was short of memory: all work waited for it"),
    "io": ("some", "the machine was busy: work waited for its disks"),
}


def stalled(folder: Path = _PRESSURE) -> dict[str, float]:
    """kind -> seconds, since boot, for which work waited; {} where the kernel does not count."""
    found = {}
    for kind, (which, _) in _KINDS.items():
        try:
            totals = dict(_TOTAL.findall((folder / kind).read_text()))
        except OSError:
            continue
        if which in totals:
            found[kind] = int(totals[which]) / 1e6
    return found


class Vigil:
    """A thread that tells *fidelity*, until close()."""

    def __init__(self, fidelity: Fidelity, pressure: Path = _PRESSURE) -> None:
        self._fidelity = fidelity
        self._pressure = pressure
        self._seen: deque[tuple[float, dict[str, float]]] = deque(maxlen=WINDOW_S + 1)
        self._over = Event()
        self._thread = Thread(target=self._watch, name="nepishell-vigil", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; idempotent."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            slept_at = monotonic()
            if self._over.wait(BEAT_S):
                return
            self.woke(monotonic(), monotonic() - slept_at - BEAT_S)

    def woke(self, now: float, late: float) -> None:
        """Judge the last moments: we woke *late* seconds after we wanted to."""
        self._fidelity.late(late)
        self._fidelity.look()
        self._seen.append((now, stalled(self._pressure)))
        if len(self._seen) == self._seen.maxlen:
            self._judge()

    def _judge(self) -> None:
        (before, old), (now, new) = self._seen[0], self._seen[-1]
        for kind in old.keys() & new.keys():
            share = (new[kind] - old[kind]) / (now - before)
            if share > getattr(self._fidelity.bounds, kind):
                self._fidelity.doubt(kind, _KINDS[kind][1], share, lasting=now - before)
