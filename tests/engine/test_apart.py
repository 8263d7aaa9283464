"""Subscribers that nobody knows, and what they cannot do to the others."""

import threading
from threading import Event as Signal

from nepishell.core.events import Event, Noted
from nepishell.engine.apart import Apart
from nepishell.engine.bus import Bus


def events(count: int) -> list[Event]:
    return [Noted(float(at), 0, "info", str(at)) for at in range(count)]


def test_it_hears_all_in_order() -> None:
    bus, heard = Bus(), list[Event]()
    Apart(bus, heard.append)
    for event in events(1000):
        bus.post(event)
    bus.close()
    assert heard == events(1000)


def test_nobody_waits_for_one_that_stands_still() -> None:
    bus, gate, held = Bus(), Signal(), Signal()

    def stand_still(event: Event) -> None:
        held.set()
        gate.wait()

    Apart(bus, stand_still)
    bus.post(events(1)[0])
    assert held.wait(30)
    bus.post(events(1)[0])
    bus.drain()
    bus.close()
    gate.set()
    for thread in threading.enumerate():
        if thread.name.startswith("nepishell-"):
            thread.join(30)


def test_one_that_falls_behind_loses_events_and_counts_them() -> None:
    bus, gate, held = Bus(), Signal(), Signal()
    heard: list[Event] = []

    def slow(event: Event) -> None:
        heard.append(event)
        held.set()
        gate.wait()

    apart = Apart(bus, slow, "snail", most=10)
    bus.post(events(1)[0])
    assert held.wait(30)
    for event in events(100):
        bus.post(event)
    bus.drain()
    assert apart.dropped >= 80
    gate.set()
    bus.close()
    assert len(heard) + apart.dropped == 101


def test_one_that_raises_harms_nobody() -> None:
    bus, heard = Bus(), list[Event]()

    def bad(event: Event) -> None:
        raise ValueError("mine")

    Apart(bus, bad)
    Apart(bus, heard.append)
    bus.post(events(1)[0])
    bus.close()
    assert heard == events(1)
