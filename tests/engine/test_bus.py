"""Events, in order, to everybody who subscribed."""

from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread, current_thread

import pytest

from nepishell.core.events import Event, Noted
from nepishell.engine.bus import Bus


def note(number: int) -> Noted:
    return Noted(0.0, number, "info", "")


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    yield made
    made.close()


def test_tells_events_in_the_order_they_were_posted(bus: Bus) -> None:
    seen: list[Event] = []
    bus.subscribe(seen.append)
    for number in range(1000):
        bus.post(note(number))
    bus.drain()

    assert seen == [note(number) for number in range(1000)]


def test_tells_everybody(bus: Bus) -> None:
    one: list[Event] = []
    two: list[Event] = []
    bus.subscribe(one.append)
    bus.subscribe(two.append)
    bus.post(note(1))
    bus.drain()

    assert one == two == [note(1)]


def test_a_subscriber_that_raises_stays_and_harms_nobody(bus: Bus) -> None:
    seen: list[Event] = []
    tried: list[Event] = []

    def fail(event: Event) -> None:
        tried.append(event)
        raise ValueError("as it was told")

    bus.subscribe(fail)
    bus.subscribe(seen.append)
    bus.post(note(1))
    bus.post(note(2))
    bus.drain()

    assert seen == tried == [note(1), note(2)]


def test_who_unsubscribed_hears_no_more(bus: Bus) -> None:
    seen: list[Event] = []
    unsubscribe = bus.subscribe(seen.append)
    bus.post(note(1))
    bus.drain()
    unsubscribe()
    bus.post(note(2))
    bus.drain()

    assert seen == [note(1)]


def test_unsubscribing_twice_is_silent(bus: Bus) -> None:
    unsubscribe = bus.subscribe(print)
    unsubscribe()
    unsubscribe()

    assert not bus.active


def test_nothing_is_queued_while_nobody_listens(bus: Bus) -> None:
    bus.post(note(1))
    seen: list[Event] = []
    bus.subscribe(seen.append)
    bus.drain()

    assert seen == []


def test_subscribers_run_on_a_thread_of_the_bus(bus: Bus) -> None:
    names: list[str] = []
    bus.subscribe(lambda event: names.append(current_thread().name))
    bus.post(note(1))
    bus.drain()

    assert names == ["nepishell-bus"]


def test_draining_without_subscribers_returns(bus: Bus) -> None:
    bus.drain()


def test_draining_from_a_subscriber_returns(bus: Bus) -> None:
    drained = Signal()

    def drain(event: Event) -> None:
        bus.drain()
        drained.set()

    bus.subscribe(drain)
    bus.post(note(1))

    assert drained.wait(20)


def test_closing_tells_what_was_posted_before() -> None:
    bus = Bus()
    seen: list[Event] = []
    bus.subscribe(seen.append)
    for number in range(100):
        bus.post(note(number))
    bus.close()

    assert len(seen) == 100


def test_a_closed_bus_takes_nothing_and_starts_nothing() -> None:
    bus = Bus()
    seen: list[Event] = []
    unsubscribe = bus.subscribe(seen.append)
    bus.close()
    bus.close()
    bus.post(note(1))
    bus.drain()
    bus.subscribe(seen.append)
    unsubscribe()
    bus.post(note(2))
    bus.drain()

    assert seen == []
    assert not bus.active


def test_closing_from_a_subscriber_ends_the_thread() -> None:
    bus = Bus()
    threads: list[Thread] = []

    def close(event: Event) -> None:
        threads.append(current_thread())
        bus.close()

    bus.subscribe(close)
    bus.post(note(1))
    bus.drain()
    threads[0].join(20)

    assert not threads[0].is_alive()


def test_draining_while_it_is_closed_returns() -> None:
    for _ in range(200):
        bus = Bus()
        bus.subscribe(lambda event: None)
        bus.post(note(1))
        drainer = Thread(target=bus.drain)
        drainer.start()
        bus.close()
        drainer.join(20)
        assert not drainer.is_alive()


def test_a_batch_holds_what_came_together_and_its_end_comes_last() -> None:
    bus = Bus()
    seen: list[Event | str] = []
    bus.subscribe_batches(seen.extend, lambda: seen.append("end"))
    for number in range(10_000):
        bus.post(note(number))
    bus.close()

    assert seen == [*map(note, range(10_000)), "end"]


def test_no_event_is_left_behind_when_it_comes_as_the_last_is_told() -> None:
    bus = Bus()
    told = Signal()
    seen: list[int] = []

    def see(event: Event) -> None:
        assert isinstance(event, Noted)
        seen.append(event.guid)
        told.set()

    bus.subscribe(see)
    for number in range(5000):
        told.clear()
        bus.post(note(2 * number))
        bus.post(note(2 * number + 1))
        # nobody drains: what was posted must come by itself
        while len(seen) < 2 * number + 2:
            assert told.wait(20)
            told.clear()
    bus.close()
