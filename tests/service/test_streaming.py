"""Events for subscribers, and what becomes of them when nobody reads."""

import json

from nepishell.core.events import Labelled, Noted, StateChanged
from nepishell.core.states import ResourceState
from nepishell.journal.packing import unpack
from nepishell.service.streaming import Stream, as_message

MOVE = StateChanged(1.5, 3, ResourceState.READY, ResourceState.STARTED)
NOTE = Noted(2.0, 0, "info", "hello")


def test_an_event_is_an_object_of_its_fields() -> None:
    assert as_message(MOVE) == {
        "event": "StateChanged", "at": 1.5, "guid": 3, "old": "READY", "new": "STARTED",
        "reason": "",
    }  # fmt: skip


def test_only_what_was_asked_for_is_sent() -> None:
    lines: list[bytes] = []
    stream = Stream(lambda line: lines.append(line) is None, frozenset({"Noted"}), packed=False)
    stream.see([MOVE, NOTE, MOVE])
    assert [json.loads(line)["event"] for line in lines] == ["Noted"]


def test_packed_events_are_those_of_the_journal() -> None:
    lines: list[bytes] = []
    stream = Stream(lambda line: lines.append(line) is None, frozenset(), packed=True)
    stream.see([MOVE, NOTE])
    assert unpack(json.loads(lines[0])["events"]) == [MOVE, NOTE]


def test_a_slow_reader_is_told_how_many_it_missed_and_where() -> None:
    room, lines = 2, list[bytes]()

    def put(line: bytes) -> bool:
        if len(lines) < room:
            lines.append(line)
            return True
        return False

    stream = Stream(put, frozenset(), packed=False)
    stream.see([Labelled(float(n), n, "x") for n in range(10)])
    room = 4
    stream.see([Labelled(10.0, 10, "x")])
    assert json.loads(lines[2]) == {"left_out": 8}
    assert json.loads(lines[3])["guid"] == 10
    stream.see([NOTE])
    room = 9
    stream.settle()
    stream.settle()
    assert [json.loads(line) for line in lines[4:]] == [{"left_out": 1}]
