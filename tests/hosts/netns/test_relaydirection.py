"""One direction on a clock of the test: frames are offered and served at given seconds."""

import itertools
from collections import deque
from time import monotonic

import pytest

from nepishell.hosts.netns import relaydirection
from nepishell.hosts.netns.relaydirection import NEVER, Direction
from nepishell.hosts.netns.relayframe import VNET_HEADER

#: 100 bytes on the wire: 1 ms at 800 kbit/s
SIZE = 100
MILLISECOND_RATE = 8 * SIZE * 1000.0


def frame(number: int) -> bytes:
    return bytes(VNET_HEADER) + number.to_bytes(4, "big") + bytes(SIZE - 4)


def number(data: bytes) -> int:
    return int.from_bytes(data[VNET_HEADER : VNET_HEADER + 4], "big")


class Bench:
    """A direction whose frames go nowhere: what came out, and when."""

    def __init__(self, seed: str = "1", **shape: float) -> None:
        self.out: list[tuple[float, int]] = []
        self.now = 0.0
        self.inbox: deque[bytes] = deque()
        self.broken = False
        self.direction = Direction(-1, -1, seed, read=self._read, write=self._write)
        self.direction.shape(shape, 0.0)

    def _read(self, _source: int, _size: int) -> bytes:
        if not self.inbox:
            raise BlockingIOError
        return self.inbox.popleft()

    def _write(self, _target: int, data: bytes) -> int:
        if self.broken:
            raise OSError(105, "No buffer space available")
        self.out.append((round(self.now, 6), number(data)))
        return len(data)

    def offer(self, at: float, *numbers: int) -> None:
        self.run(until=at)
        self.now = at
        for n in numbers:
            self.direction.offer(frame(n), at)

    def run(self, until: float) -> None:
        while (at := self.direction.next_at) <= until:
            self.now = max(self.now, at)
            self.direction.serve(self.now)
        self.now = until

    @property
    def numbers(self) -> list[int]:
        return [n for _, n in self.out]

    def adds_up(self) -> bool:
        stats = self.direction.stats()
        gone = sum(stats["drops"].values()) + stats["waiting"] + stats["flying"]
        packets = stats["packets_in"] + stats["duplicated"] == stats["packets_out"] + gone
        return packets and stats["backlog_bytes"] == SIZE * (stats["waiting"] + stats["flying"])


def test_nothing_asked_passes_everything_at_once() -> None:
    bench = Bench()
    bench.offer(1.0, 1, 2)
    assert bench.out == [(1.0, 1), (1.0, 2)]
    assert bench.direction.next_at == NEVER


def test_a_delay_holds_each_frame_exactly_as_long() -> None:
    bench = Bench(delay=0.010)
    bench.offer(1.0, 1)
    bench.offer(1.004, 2)
    bench.run(until=2.0)
    assert bench.out == [(1.01, 1), (1.014, 2)]


def test_serving_late_sends_what_is_due_and_keeps_the_rest() -> None:
    bench = Bench(delay=0.010)
    bench.offer(1.0, 1)
    bench.offer(1.004, 2)
    bench.offer(1.009, 3)
    bench.direction.serve(1.015)
    assert bench.numbers == [1, 2]


def test_serving_early_sends_nothing() -> None:
    bench = Bench(delay=0.010)
    bench.offer(1.0, 1)
    bench.direction.serve(1.0099)
    assert bench.out == []


def test_a_rate_spaces_frames_by_their_size() -> None:
    bench = Bench(rate=MILLISECOND_RATE)
    bench.offer(1.0, 1, 2, 3)
    bench.run(until=2.0)
    assert bench.out == [(1.001, 1), (1.002, 2), (1.003, 3)]


def test_the_delay_begins_when_the_rate_lets_go() -> None:
    bench = Bench(rate=MILLISECOND_RATE, delay=0.5)
    bench.offer(1.0, 1, 2)
    bench.run(until=2.0)
    assert bench.out == [(1.501, 1), (1.502, 2)]


def test_late_service_does_not_slow_the_rate() -> None:
    bench = Bench(rate=MILLISECOND_RATE, delay=0.5)
    bench.offer(1.0, 1, 2, 3)
    bench.now = 1.3
    bench.direction.serve(1.3)
    bench.run(until=2.0)
    assert bench.out == [(1.501, 1), (1.502, 2), (1.503, 3)]


def test_the_queue_takes_its_packets_beside_the_one_being_sent_and_drops_the_rest() -> None:
    bench = Bench(rate=MILLISECOND_RATE, queue=3)
    bench.offer(1.0, *range(10))
    bench.run(until=2.0)
    assert bench.numbers == [0, 1, 2, 3]
    assert bench.direction.drops["queue"] == 6


def test_jitter_stays_within_its_bounds_and_keeps_the_order() -> None:
    bench = Bench(delay=0.010, jitter=0.005)
    for n in range(500):
        bench.offer(1.0 + n * 0.001, n)
    bench.run(until=3.0)
    assert bench.numbers == list(range(500))
    delays = [at - (1.0 + n * 0.001) for at, n in bench.out]
    assert 0.005 <= min(delays) < max(delays) <= 0.015001
    assert len({round(delay, 5) for delay in delays}) > 50


def lost(seed: str, **shape: float) -> list[int]:
    bench = Bench(seed, loss=20, **shape)
    bench.offer(1.0, *range(1000))
    bench.run(until=9.0)
    return sorted(set(range(1000)) - set(bench.numbers))


def test_the_same_seed_loses_the_same_packets_whatever_else_the_link_does() -> None:
    reference = lost("7")
    assert 150 < len(reference) < 250
    assert lost("7") == reference
    assert lost("7", delay=0.01, jitter=0.005, duplicate=30, corrupt=10) == reference
    assert lost("8") != reference


def test_all_is_lost_at_100_percent_and_nothing_at_0() -> None:
    bench = Bench(loss=100)
    bench.offer(1.0, *range(50))
    bench.direction.shape({}, 1.0)
    bench.offer(1.0, 50)
    assert bench.numbers == [50]
    assert bench.direction.drops["loss"] == 50


def test_a_duplicate_follows_its_original() -> None:
    bench = Bench(duplicate=100)
    bench.offer(1.0, 1, 2)
    assert bench.numbers == [1, 1, 2, 2]
    assert bench.adds_up()


def test_a_reordered_packet_skips_the_delay() -> None:
    bench = Bench(seed="3", delay=0.010, reorder=25)
    bench.offer(1.0, *range(100))
    bench.run(until=2.0)
    at_once = [n for at, n in bench.out if at == 1.0]
    later = [n for at, n in bench.out if at == 1.01]
    assert 10 < len(at_once) < 40
    assert sorted(at_once + later) == list(range(100))
    assert bench.direction.reordered == len(at_once)


def test_a_corrupt_packet_arrives_and_is_counted() -> None:
    bench = Bench(corrupt=100)
    bench.offer(1.0, *range(20))
    assert len(bench.out) == 20
    assert bench.direction.corrupted == 20


def test_a_link_that_is_cut_loses_what_is_on_it_and_what_comes() -> None:
    bench = Bench(rate=MILLISECOND_RATE, delay=1.0)
    bench.offer(1.0, 1, 2, 3)
    bench.run(until=1.0015)
    bench.direction.shape({"up": False}, 1.0015)
    bench.offer(1.1, 4)
    bench.run(until=9.0)
    assert bench.out == []
    assert bench.direction.drops["down"] == 4
    assert bench.adds_up()


def test_a_shorter_delay_also_hastens_what_is_in_flight() -> None:
    bench = Bench(delay=1.0)
    bench.offer(1.0, 1)
    bench.offer(1.5, 2)
    bench.direction.shape({"delay": 0.1}, 1.55)
    bench.offer(1.56, 3)
    bench.run(until=9.0)
    assert bench.out == [(1.55, 1), (1.6, 2), (1.66, 3)]


def test_a_longer_delay_leaves_what_is_in_flight_alone() -> None:
    bench = Bench(delay=0.1)
    bench.offer(1.0, 1)
    bench.direction.shape({"delay": 1.0}, 1.05)
    bench.offer(1.06, 2)
    bench.run(until=9.0)
    assert bench.out == [(1.1, 1), (2.06, 2)]


def test_a_new_rate_holds_for_the_rest_of_the_packet_being_sent() -> None:
    bench = Bench(rate=MILLISECOND_RATE)
    bench.offer(1.0, 1, 2)
    bench.direction.shape({"rate": MILLISECOND_RATE / 10}, 1.0005)
    bench.run(until=9.0)
    assert bench.out == [(1.0055, 1), (1.0155, 2)]


def test_taking_the_rate_away_lets_the_queue_go() -> None:
    bench = Bench(rate=1.0)
    bench.offer(1.0, 1, 2, 3)
    bench.now = 1.5
    bench.direction.shape({}, 1.5)
    assert bench.out == [(1.5, 1), (1.5, 2), (1.5, 3)]


def test_what_cannot_be_sent_is_lost_and_counted_and_the_next_goes() -> None:
    bench = Bench(delay=0.001)
    bench.offer(1.0, 1)
    bench.broken = True
    bench.run(until=1.5)
    bench.broken = False
    bench.offer(1.6, 2)
    bench.run(until=2.0)
    assert bench.numbers == [2]
    assert bench.direction.drops["send"] == 1
    assert bench.adds_up()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaydirection, "MEMORY_MAX", 20_000)
    bench = Bench(delay=60.0)
    bench.inbox.extend(frame(n) for n in range(1000))
    while bench.inbox:
        bench.direction.receive()
    assert bench.direction.drops["memory"] > 0
    assert bench.direction.held < 20_000 + relaydirection.BATCH * 2 * (SIZE + 128)
    assert bench.adds_up()


SHAPES = [
    {"delay": 5.0},
    {"rate": 1e6},
    {"rate": 1e6, "delay": 5.0, "queue": 7},
    {"loss": 10, "delay": 5.0},
    {"rate": 1e6, "loss": 10, "duplicate": 10, "reorder": 10, "corrupt": 10, "delay": 5.0},
    {"up": False},
    {},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_packet_is_accounted_for(shape: dict[str, float]) -> None:
    bench = Bench()
    bench.direction.shape(shape, monotonic())
    bench.inbox.extend(frame(n) for n in range(300))
    while bench.inbox:
        bench.direction.receive()
    assert bench.direction.packets_in == 300
    assert bench.direction.bytes_in == 300 * SIZE
    assert bench.adds_up()
    bench.run(until=monotonic() + 99)
    assert bench.adds_up()


def test_reading_stops_after_a_batch_so_that_other_links_get_their_turn() -> None:
    for shape in ({}, {"delay": 1.0}, {"rate": 1e9}):
        bench = Bench(**shape)
        bench.inbox.extend(itertools.repeat(frame(1), 1000))
        bench.direction.receive()
        assert 1000 - len(bench.inbox) <= relaydirection.BATCH + 1


def test_lateness_is_taken_off_the_delay() -> None:
    bench = Bench(delay=10.0)
    bench.direction.lateness = lambda: 4.0
    bench.inbox.append(frame(1))
    before = monotonic()
    bench.direction.receive()
    assert before + 6.0 <= bench.direction.next_at <= monotonic() + 6.0
