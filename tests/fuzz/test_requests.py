"""Any request at the socket of a served run: an answer each, and the next one is served."""

import json
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.hosts.netns import wire as lab_wire
from nepishell.journal import door
from nepishell.service.wire import MAX_LINE, decode
from tests.fuzz.mutating import COUNT, bent, damaged, in_a_line, mutations
from tests.serving import Served

REQUESTS = [
    '{"id": 1, "do": "list"}',
    '{"id": "x", "do": "add test::Node a", "yes": true}',
    '{"id": 2, "do": "deploy a nowait", "who": "me"}',
    '{"id": 3, "subscribe": ["StateChanged"], "since": 0}',
    '{"id": 4, "unsubscribe": true}',
    '{"id": 5, "interrupt": 1}',
    '{"id": 6, "attach": {"rows": 24, "cols": 80, "term": "dumb"}}',
    '{"id": 7, "resized": [24, 80]}',
    '{"id": null, "do": ["run"], "line": {"a": [1, 2.5, true, null]}}',
]


def test_any_line_is_a_request_or_refused() -> None:
    for text in mutations(20, REQUESTS):
        try:
            assert isinstance(decode(text.encode()), dict)
        except NepishellError as problem:
            in_a_line(problem)
    for data in damaged(21, REQUESTS[0].encode()):
        try:
            assert isinstance(decode(data), dict)
        except NepishellError as problem:
            in_a_line(problem)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with ExitStack() as stack:
        yield Served(tmp_path, stack)


def test_a_served_run_survives_whatever_is_sent(served: Served) -> None:
    random_ = random.Random(22)
    texts = list(mutations(23, REQUESTS, min(COUNT, 1000)))
    texts += [json.dumps(bent(random_, json.loads(text))) for text in REQUESTS * 20]
    random_.shuffle(texts)
    for begin in range(0, len(texts), 50):
        connection, _ = door.knock(served.ec.run_dir)
        with connection:
            connection.settimeout(20)
            data = "\n".join(texts[begin : begin + 50]).encode("utf-8", "replace")
            # what nobody answers is cut: the end comes in the middle of a line
            connection.sendall(data[: random_.randint(1, len(data))])
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 16):
                pass
    client = served.connect()
    assert client is not None
    assert served.ec.ecstate.name == "RUNNING"


def test_a_line_without_end_closes_its_connection_alone(served: Served) -> None:
    connection, _ = door.knock(served.ec.run_dir)
    with connection:
        connection.settimeout(20)
        try:
            connection.sendall(b"x" * (MAX_LINE + 2))
            while connection.recv(1 << 16):
                pass
        except (ConnectionResetError, BrokenPipeError):
            pass
    assert served.connect() is not None


class Pieces:
    """What a keeper reads, in pieces of any size."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._random = random.Random(24)

    def recv(self, size: int, /) -> bytes:
        taken = self._data[: self._random.randint(1, 7)]
        self._data = self._data[len(taken) :]
        return taken


def test_lines_arrive_whole_whatever_the_pieces() -> None:
    sent = [json.dumps(text).encode() for text in mutations(25, REQUESTS, 50)]
    lines, found = lab_wire.Lines(Pieces(b"\n".join(sent) + b"\n")), []
    while batch := lines.read():
        found += batch
    assert found == sent
