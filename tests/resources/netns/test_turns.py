"""Which links measure themselves at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

from nepishell.resources.netns.turns import FEW, MANY, Turns


class Count:
    """How many were inside at once, at most."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now = self.most = 0

    def __enter__(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._now -= 1


def test_links_that_are_filled_are_few_at_once() -> None:
    turns, count = Turns(), Count()

    def measure(_: int) -> None:
        with turns.take(fills=True), count:
            pass

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(measure, range(200)))
    assert count.most <= FEW


def test_the_others_are_many_at_once() -> None:
    turns, all_inside = Turns(), Barrier(MANY)

    def measure(_: int) -> None:
        with turns.take(fills=False):
            all_inside.wait(60)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(measure, range(MANY)))


def test_one_that_missed_is_alone() -> None:
    turns, count = Turns(), Count()

    def measure(number: int) -> None:
        if number % 5:
            with turns.take(fills=bool(number % 2)):
                pass
        else:
            with turns.alone(), count:
                assert not turns._many.acquire(blocking=False)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(measure, range(200)))
    assert count.most == 1
