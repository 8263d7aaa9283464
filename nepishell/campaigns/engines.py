"""Who carries out runs: a place that takes errands and hands back rows. The manifest is not its.

What it says comes through one queue: a row, `Gone` when the place itself is lost, and None, which
others put there to wake whoever listens.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from nepishell.campaigns.carrying import Errand, Processes, Row, carry_out


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing is carried out any more, and why."""

    reason: str


#: A future gives its row; or raises what was wrong with us, where somebody sees it.
Said = SimpleQueue[Row | Future[Row] | Gone | None]


class Engine(Protocol):
    """A place where runs are carried out."""

    @property
    def slots(self) -> int:
        """How many runs it does at a time, as far as it knows."""

    @property
    def jobs(self) -> int:
        """How many of them on one machine."""

    def submit(self, errand: Errand, folder: Path) -> None:
        """Have it done; the row comes later. *folder*: for its files, where it can be reached."""

    def stop(self, *, now: bool = False) -> None:
        """Ask what runs to release and end, or kill it; its rows still come."""

    def close(self) -> None:
        """Nothing is left running."""


class Here:
    """Processes on this machine, *jobs* at a time.

    A thread for each waits for its process: a child gets its signal when the thread that began it
    ends, so they live as long as the campaign.
    """

    def __init__(self, jobs: int, said: Said) -> None:
        self._jobs = jobs
        self._said = said
        self._processes = Processes()
        self._threads = ThreadPoolExecutor(jobs, "run")

    @property
    def slots(self) -> int:
        return self._jobs

    @property
    def jobs(self) -> int:
        return self._jobs

    def submit(self, errand: Errand, folder: Path) -> None:
        future = self._threads.submit(carry_out, errand, folder, self._processes)
        future.add_done_callback(self._said.put)

    def stop(self, *, now: bool = False) -> None:
        self._processes.stop(now=now)

    def close(self) -> None:
        self._processes.stop()
        self._threads.shutdown()
