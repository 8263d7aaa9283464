"""The socket of a run: where it may be, who may come in."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from nepishell.journal import door
from nepishell.journal.door import Greeting, NotServed

HELLO = {"run": "1", "exp": "e", "pid": 7, "name": "client 1", "attached": 2, "driver": "pts/1"}


@pytest.fixture
def answering() -> Iterator[Callable[[Path, bytes], None]]:
    """Somebody who listens in a folder and greets whoever comes with a line."""
    threads: list[Thread] = []
    sockets: list[socket.socket] = []

    def start(folder: Path, line: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        listening = door.listen(folder)
        listening.setblocking(True)
        sockets.append(listening)

        def answer() -> None:
            made, _ = listening.accept()
            with made:
                made.sendall(line)

        threads.append(Thread(target=answer))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join()
    for one in sockets:
        one.close()


def test_whoever_knocks_is_greeted(
    tmp_path: Path, answering: Callable[[Path, bytes], None]
) -> None:
    answering(tmp_path, json.dumps(HELLO).encode() + b"\n")
    connection, greeting = door.knock(tmp_path)
    connection.close()
    assert greeting == Greeting(**HELLO)  # type: ignore[arg-type]


def test_a_path_may_be_longer_than_the_name_of_a_socket(
    tmp_path: Path, answering: Callable[[Path, bytes], None]
) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    answering(deep, json.dumps(HELLO).encode() + b"\n")
    greeting = door.greeting_of(deep)
    assert greeting is not None
    assert greeting.driver == "pts/1"


def test_only_the_owner_may_come_near(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o777)
    with door.listen(run):
        assert run.stat().st_mode & 0o777 == 0o700
        assert (run / door.SOCKET).stat().st_mode & 0o777 == 0o600


def test_what_a_killed_controller_left_is_replaced(tmp_path: Path) -> None:
    door.listen(tmp_path).close()
    assert door.is_socket(tmp_path / door.SOCKET)
    assert door.greeting_of(tmp_path) is None
    listening = door.listen(tmp_path)
    door.close(tmp_path, listening)
    assert not door.is_socket(tmp_path / door.SOCKET)


def test_where_nobody_listens_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotServed, match="is not served: nothing listens at"):
        door.knock(tmp_path)
    door.listen(tmp_path).close()
    with pytest.raises(NotServed, match="is not served"):
        door.knock(tmp_path)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"error": {"message": "this run is of another user"}}\n', "of another user"),
        (b"hello\n", "is no nepishell"),
        (b"[" * 60_000 + b"\n", "is no nepishell"),
        (b'{"run": 1}\n', "is no nepishell"),
        (b"", "is no nepishell"),
    ],
)
def test_what_is_no_greeting_is_told(
    tmp_path: Path, answering: Callable[[Path, bytes], None], line: bytes, why: str
) -> None:
    answering(tmp_path, line)
    with pytest.raises(NotServed, match=why):
        door.knock(tmp_path)


KNOCK = """
import socket, sys
made = socket.socket(socket.AF_UNIX)
made.connect(sys.argv[1])
made.recv(1)
"""


@pytest.mark.root
def test_another_user_is_seen_to_be_one(tmp_path: Path) -> None:
    folder = Path("/tmp") / f"nepishell-test-{os.getpid()}"
    folder.mkdir()
    listening = door.listen(folder)
    try:
        # as if somebody had opened both to all
        folder.chmod(0o755)
        (folder / door.SOCKET).chmod(0o666)
        listening.setblocking(True)
        argv = [sys.executable, "-I", "-S", "-c", KNOCK, str(folder / door.SOCKET)]
        others = subprocess.Popen(["setpriv", "--reuid", "65534", "--clear-groups", *argv])
        theirs, _ = listening.accept()
        with theirs:
            assert not door.is_ours(theirs)
        assert others.wait() == 0
        ours = subprocess.Popen(argv)
        mine, _ = listening.accept()
        with mine:
            assert door.is_ours(mine)
        assert ours.wait() == 0
    finally:
        door.close(folder, listening)
        folder.rmdir()
