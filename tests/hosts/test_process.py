"""A spawned process in the hands of its owner."""

import os
from pathlib import Path

from nepishell.hosts import sessions
from nepishell.hosts.base import Exit, Process
from nepishell.hosts.process import SpawnedProcess

RUN = Path("/run")


class Steering:
    """Remembers what reached the place where it runs."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        self.asked.append(("signal", signum))

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        self.asked.append(("stop", grace_s))


def test_passes_signals_on_until_it_has_ended() -> None:
    steering = Steering()
    process = SpawnedProcess(1, RUN, steering, None)
    process.signal(1)
    process.stop(2.0)
    process.ended(0, 0.0)
    process.signal(9)
    process.stop()
    assert steering.asked == [("signal", 1), ("stop", 2.0)]


def test_tells_its_end_after_it_can_be_read() -> None:
    seen: list[tuple[Exit | None, bool]] = []
    process = SpawnedProcess(1, RUN, Steering(), lambda _: seen.append((process.exit, done())))

    def done() -> bool:
        return process.wait(0)

    assert not process.wait(0)
    process.ended(-9, 5.0)
    assert seen == [(Exit(status=137, at=5.0), True)]
    assert process.code == -9


def test_knows_its_start_time_while_it_runs_and_afterwards() -> None:
    running, ended = (SpawnedProcess(n, RUN, Steering(), None) for n in (1, 2))
    running.started(os.getpid())
    assert running.start_time == sessions.start_time(os.getpid()) > 0
    ended.ended(0, 1.0, start_time=77)
    ended.started(1)
    assert (ended.pid, ended.start_time) == (1, 77)


def test_is_a_process() -> None:
    assert isinstance(SpawnedProcess(1, RUN, Steering(), None), Process)
