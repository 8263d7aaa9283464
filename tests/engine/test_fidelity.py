"""What makes a run doubtful."""

from threading import Semaphore

import pytest

from nepishell import ExperimentController
from nepishell.core.errors import HostError
from nepishell.core.events import Suspected
from nepishell.engine.clock import VirtualClock, WallClock
from nepishell.engine.fidelity import Bounds, Fidelity
from nepishell.testing import EventLog


class Judged:
    """A clock that we move, and what was published."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.told: list[Suspected] = []
        self.fidelity = Fidelity(self.clock, self.told.append)


@pytest.fixture
def judged() -> Judged:
    return Judged()


def test_what_is_within_the_bound_is_believed(judged: Judged) -> None:
    judged.fidelity.late(0.09)
    assert judged.fidelity.doubts == ()
    assert judged.told == []


def test_a_late_controller_is_doubted_for_as_long_as_it_was_away(judged: Judged) -> None:
    judged.clock.jump(10.0)
    judged.fidelity.late(4.0)
    (doubt,) = judged.fidelity.doubts
    assert (doubt.since, doubt.until, doubt.worst) == (6.0, 10.0, 4.0)
    assert str(doubt) == "6s to 10s: the controller was up to 4s late"
    assert judged.told == [Suspected(10.0, 0, "lateness", 6.0, "the controller was up to 4s late")]


def test_doubts_that_are_close_together_are_one_that_grows(judged: Judged) -> None:
    for at, late in ((10.0, 0.5), (12.0, 0.2), (13.0, 0.7)):
        judged.clock.jump(at)
        judged.fidelity.late(late)
    (doubt,) = judged.fidelity.doubts
    assert (doubt.since, doubt.until, doubt.worst) == (9.5, 13.0, 0.7)
    assert {event.since for event in judged.told} == {9.5}
    judged.clock.jump(20.0)
    judged.fidelity.late(0.2)
    assert len(judged.fidelity.doubts) == 2


def test_one_that_grows_all_the_time_is_not_told_all_the_time(judged: Judged) -> None:
    for step in range(100):
        judged.clock.jump(10.0 + step / 100)
        judged.fidelity.late(0.2)
    assert len(judged.told) == 1
    assert judged.fidelity.doubts[0].until == pytest.approx(10.99)


def test_doubts_about_different_things_are_kept_apart(judged: Judged) -> None:
    judged.fidelity.doubt("relay", "slow", guid=1)
    judged.fidelity.doubt("relay", "slow", guid=2)
    judged.fidelity.doubt("cpu", "busy", 0.99)
    assert [(one.kind, one.guid) for one in judged.fidelity.doubts] == [
        ("relay", 1), ("relay", 2), ("cpu", 0)]  # fmt: skip


def test_the_bounds_are_the_users(judged: Judged) -> None:
    judged.fidelity.bounds = Bounds(lateness=5.0)
    judged.fidelity.late(4.0)
    assert judged.fidelity.doubts == ()


class Jumping(WallClock):
    """A clock that goes on while nobody runs, as when a laptop sleeps."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


def test_a_controller_that_is_held_up_says_so() -> None:
    clock = Jumping()
    with ExperimentController(clock=clock) as ec:
        log = EventLog(ec.bus)
        # on a busy machine it may be awake again before time jumps: then once more
        while not log.of(Suspected):
            done = Semaphore(0)
            ec.schedule("20ms", done.release)
            while not ec._scheduler._wake._waiters:
                pass
            clock.ahead += 1.0
            done.acquire()
        seen = log.of(Suspected)[0]
    assert seen.kind == "lateness"
    assert seen.at - seen.since >= 0.9


def test_who_watches_is_asked_until_it_cannot_tell_any_more(judged: Judged) -> None:
    asked: list[str] = []

    def gone() -> None:
        asked.append("gone")
        raise HostError("the lab is gone")

    judged.fidelity.watch(gone)
    judged.fidelity.watch(lambda: judged.fidelity.doubt("relay", "frames were lost", guid=3))
    judged.fidelity.look()
    judged.fidelity.look()
    assert asked == ["gone"]
    assert [doubt.guid for doubt in judged.fidelity.doubts] == [3]
