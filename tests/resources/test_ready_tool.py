import socket
import threading
from pathlib import Path

import pytest

from nepishell.resources.ready_tool import TIMED_OUT, listens, main, numbers


def in_background(work) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_line_that_is_there_already_is_seen(tmp_path: Path):
    log = tmp_path / "stdout"
    log.write_text("one\nready now\n")
    assert main(["0", "log", "^ready", str(log)]) == 0


def test_a_line_that_comes_later_is_seen(tmp_path: Path):
    log = tmp_path / "stdout"
    log.write_text("")
    writer = in_background(lambda: log.write_text("ready\n"))
    assert main(["10", "log", "ready", str(log)]) == 0
    writer.join()


def test_a_file_that_comes_later_is_seen(tmp_path: Path):
    writer = in_background((tmp_path / "f").touch)
    assert main(["10", "file", str(tmp_path / "f")]) == 0
    writer.join()


@pytest.mark.parametrize("kind", ["log", "file"])
def test_what_does_not_come_times_out(tmp_path: Path, kind: str):
    assert main(["0.01", kind, str(tmp_path / "f"), str(tmp_path / "log")]) == TIMED_OUT


def test_a_listening_port_is_seen():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert main(["1", "port", str(port)]) == 0
    assert not listens("tcp", port)


def test_a_bound_udp_port_is_seen():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.bind(("::1", 0))
        assert main(["1", "udp", str(sock.getsockname()[1])]) == 0


def test_a_connection_is_not_a_listener():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert not listens("tcp", client.getsockname()[1])


def test_counts_that_are_still_being_written_are_not_read():
    whole = "3 packets captured\n5 packets received by filter\n0 packets dropped by kernel\n"
    assert numbers(whole + "4 packets captured\n") == [(3, 5)]


def test_a_capture_that_is_gone_is_drained(tmp_path: Path):
    assert main(["1", "drained", str(2**22 + 1), str(tmp_path / "stderr")]) == 0
