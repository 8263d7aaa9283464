"""Who may connect, how many, and that nothing is left."""

import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.client import Client
from nepishell.commands.runs import list_runs
from nepishell.journal.door import NotServed
from nepishell.service import wire
from tests.serving import Served


def test_more_than_the_bound_are_refused_and_told(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_CONNECTIONS", 2)
    served.connect()
    second = served.connect()
    with pytest.raises(NotServed, match="2 are connected already"):
        served.connect()
    second.close()
    while len(served.server._connections) > 1:
        pass
    assert served.connect().do("list") == [[]]


def test_requests_that_are_not_awaited_are_not_all_read(served: Served) -> None:
    client = served.connect()
    client.send(id=1, do="wait 1h")
    client._socket.settimeout(0.2)
    with pytest.raises(TimeoutError):  # noqa: PT012
        for _ in range(20_000):
            client._socket.sendall(b'{"id":2,"do":"list"}\n' * 50)
    connection = next(iter(served.server._connections.values()))
    assert connection.requests.qsize() < 10_000


def test_after_close_no_thread_no_descriptor_and_no_socket_is_left(tmp_path: Path) -> None:
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with ExitStack() as stack:
        served = Served(tmp_path, stack)
        with Client(served.ec.run_dir) as one:
            one.do("list")
        socket_file = served.ec.run_dir / "control"
        assert socket_file.is_socket()
    assert not socket_file.exists()
    for thread in threading.enumerate():
        if thread.name.startswith("nepishell-session"):
            thread.join()
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208


def test_who_says_nothing_holds_up_nobody(served: Served) -> None:
    silent = [served.connect() for _ in range(3)]
    assert served.connect().do("list") == [[]]
    assert all(isinstance(one._socket, socket.socket) for one in silent)


def test_a_run_that_is_served_is_listed_as_such(served: Served, tmp_path: Path) -> None:
    assert [row[3] for row in list_runs(tmp_path).rows] == ["served"]
    place = served.hub.enter("pts/1", is_terminal=True)
    assert [row[3] for row in list_runs(tmp_path).rows] == ["1 attached"]
    place.leave()


KNOCK = """
import socket, sys
made = socket.socket(socket.AF_UNIX)
made.connect(sys.argv[1])
try:
    made.sendall(b'{"id":1,"do":"list"}\\n')
except BrokenPipeError:
    pass
sys.stdout.write(made.makefile().read())
"""


@pytest.mark.root
def test_another_user_is_told_no_whatever_the_files_permit(served: Served) -> None:
    open_to_all = served.ec.run_dir / "control"
    for folder in (served.ec.run_dir, *served.ec.run_dir.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    open_to_all.chmod(0o666)
    argv = ["setpriv", "--reuid", "65534", "--clear-groups", sys.executable, "-I", "-S", "-c",
            KNOCK, str(open_to_all)]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert "this run is of another user" in done.stdout, done.stderr
    assert "results" not in done.stdout
    assert served.hub.sessions(served.hub.enter())[0].name.startswith("client")
