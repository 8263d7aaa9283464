"""Requests over a real socket, and their answers."""

import json
from threading import Thread

import pytest

from nepishell.client import Client, Refused
from nepishell.journal.reading import read
from tests.serving import Served


def test_a_line_is_answered_with_its_results_and_its_id(client: Client) -> None:
    client.send(id="a", do="add test::Node h1; list | cols label,state")
    answer = client._next()
    assert answer["id"] == "a"
    assert answer["results"][1] == [{"label": "h1", "state": "NEW"}]


def test_an_error_says_where_and_the_session_lives_on(client: Client) -> None:
    with pytest.raises(Refused) as caught:
        client.do("say hi\nlst")
    assert (caught.value.line, caught.value.column, caught.value.length) == (2, 1, 3)
    assert client.do("list") == [[]]


@pytest.mark.parametrize(
    "request_",
    [{"do": 5}, {}, {"do": "list", "subscribe": True}, {"subscribe": 7}, {"attach": {}},
     {"subscribe": [1]}, {"subscribe": ["Nothing"]}, {"attach": "x"}],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_the_session_lives_on(
    client: Client, request_: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        client.ask(**request_)
    assert client.do("list") == [[]]


def test_a_request_that_never_ends_ends_the_connection_with_a_reason(client: Client) -> None:
    def pour() -> None:
        with pytest.raises(OSError, match=r"pipe|reset"):  # noqa: PT012
            while True:
                client._socket.sendall(b"x" * 65536)

    pouring = Thread(target=pour)
    pouring.start()
    try:
        told = client._next()["error"]["message"]
    finally:
        client._socket.shutdown(2)
        pouring.join()
    assert "at most 1 MiB" in told


def test_what_destroys_needs_a_yes(client: Client) -> None:
    client.do("add test::Node h1; deploy")
    with pytest.raises(Refused, match='add "yes": true'):
        client.do("release")
    assert client.do("release", yes=True)


def test_only_one_drives(served: Served, client: Client) -> None:
    other = served.connect()
    client.do("add test::Node h1")
    with pytest.raises(Refused, match="client 1 drives and you watch; 'take' takes over"):
        other.do("deploy")
    assert other.do("take; deploy; list | cols state")[2] == [{"state": "STARTED"}]
    client.do("list")
    assert "client 2 drives now" in client.told[0]["notice"]


def test_who_commanded_is_in_the_journal(served: Served, client: Client) -> None:
    client.do("add test::Node h1")
    assert served.hub.journal is not None
    served.hub.journal.writer.commit()
    commands = [r.data for r in read(served.hub.journal.writer.path) if r.kind == "command"]
    assert [(c["line"], c["who"]) for c in commands] == [("add test::Node h1", "client 1")]


def test_events_are_streamed(served: Served, client: Client) -> None:
    other = served.connect()
    client.do("add test::Node h1")
    heard = other.events("StateChanged")
    client.do("deploy")
    first = next(heard)
    assert (first["event"], first["old"]) == ("StateChanged", "NEW")


def test_a_reader_that_stops_reading_holds_up_nobody(served: Served, client: Client) -> None:
    slow = served.connect()
    slow.subscribe()
    client.do("add test::Node h1")
    for _ in range(2000):
        served.ec._life.note(0, "info", "y" * 5000)
    served.ec.bus.drain()
    while not slow.left_out:
        slow._keep(slow._next())
    assert slow.left_out > 0
    assert slow.do("list | cols label") == [[{"label": "h1"}]]


def test_a_wait_is_ended_by_an_interrupt_and_the_session_lives_on(client: Client) -> None:
    client.send(id=7, do="wait 1h")
    client.send(interrupt=True)
    assert client._next() == {"id": 7, "error": {"message": "interrupted"}}
    assert client.do("list") == [[]]


def test_a_client_that_goes_away_in_a_wait_leaves_nobody_behind(
    served: Served, client: Client
) -> None:
    other = served.connect()
    other.do("take")
    other.send(id=7, do="wait 1h")
    other.close()
    while len(client.do("who")[0]) > 1:
        pass
    assert client.do("add test::Node h1")


def test_what_was_asked_before_the_end_is_answered(served: Served, client: Client) -> None:
    client._socket.sendall(b'{"id":1,"do":"list"}\n{"id":2,"do":"who"}\n')
    client._socket.shutdown(1)
    assert [client._next()["id"] for _ in range(2)] == [1, 2]
    with pytest.raises(ConnectionError):
        client._next()


def test_what_was_planned_is_told_when_it_happens(client: Client) -> None:
    client.do("at 0s say later")
    while not client.told:
        client.do("list")
    assert client.told[0] == {"output": {"message": "later"}}


def test_shutdown_ends_the_run_and_quit_only_the_session(served: Served, client: Client) -> None:
    other = served.connect()
    assert other.do("quit") == []
    assert not served.hub.over.is_set()
    client.send(id=1, do="shutdown", yes=True)
    assert client._next() == {"id": 1, "results": [], "over": True}
    assert served.hub.over.wait(20)


def test_the_past_is_that_of_all(served: Served, client: Client) -> None:
    client.do("add test::Node h1")
    other = served.connect()
    other.do("take; undo")
    assert json.dumps(other.do("list")) == "[[]]"
