import os
import subprocess
import sys

import pytest

from nepishell.resources import flow_tool
from nepishell.resources.flow_tool import Flow
from nepishell.resources.parsers.flow import parse_flow

TOOL = [sys.executable, "-I", "-S", flow_tool.__file__]


def free_port() -> int:
    """A port that nobody had a moment ago; the receiver says when it is taken."""
    with flow_tool.listen(flow_tool.socket.SOCK_STREAM, 0) as sock:
        return int(sock.getsockname()[1])


def flow(protocol: str, *options: str) -> tuple[str, str]:
    """What sender and receiver print about one flow over the loopback."""
    common = ["--protocol", protocol, "--port", str(free_port()), "--interval", "0.1"]
    with subprocess.Popen(
        [*TOOL, "receive", "--flows", "1", *common],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as receiver:  # fmt: skip
        assert receiver.stderr is not None
        assert receiver.stderr.readline().startswith("listening on")
        sender = subprocess.run(
            [*TOOL, "send", "127.0.0.1", *common, *options],
            capture_output=True,
            text=True,
            check=True,
        )
        received, _ = receiver.communicate(timeout=20)
    return sender.stdout, received


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_what_is_sent_arrives(protocol):
    sent, received = flow(protocol, "--count", "100", "--rate", "10e6", "--size", "1000")
    assert parse_flow(sent).metrics["bytes"] == 100_000
    assert parse_flow(received).metrics["bytes"] == 100_000


def test_the_rate_is_not_exceeded():
    sent, _ = flow("udp", "--rate", "1e6", "--duration", "0.5", "--size", "1250")
    assert parse_flow(sent).metrics["packets"] <= 50


def test_delay_of_udp_is_measured():
    _, received = flow("udp", "--count", "10", "--rate", "1e6")
    assert 0 < parse_flow(received).metrics["delay"] < 1


def test_a_refused_connection_is_one_line_and_status_1():
    done = subprocess.run(
        [*TOOL, "send", "127.0.0.1", "--protocol", "tcp", "--port", str(free_port())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "flow: 127.0.0.1: Connection refused\n"


def test_a_receiver_that_is_stopped_ends_well():
    with subprocess.Popen(
        [*TOOL, "receive", "--port", str(free_port())],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as receiver:  # fmt: skip
        assert receiver.stderr is not None
        receiver.stderr.readline()
        receiver.terminate()
    assert receiver.returncode == 0


def taken(*numbers: int) -> Flow:
    flow = Flow(1, 0.0)
    for number in numbers:
        flow.take(100, number, 0.01)
    return flow


def test_a_gap_is_lost():
    assert taken(0, 1, 3).missing == {2}


def test_what_comes_late_is_reordered_and_not_lost():
    flow = taken(0, 2, 1)
    assert (flow.missing, flow.reordered, flow.packets) == (set(), 1, 3)


def test_what_comes_twice_is_a_duplicate_and_not_counted():
    flow = taken(0, 1, 1)
    assert (flow.duplicates, flow.packets) == (1, 2)


def test_what_was_sent_last_and_never_came_is_lost():
    flow = taken(0, 1)
    flow.end(5)
    assert flow.missing == {2, 3, 4}


def test_the_tool_needs_nothing_but_the_standard_library():
    done = subprocess.run(
        [*TOOL, "--help"], capture_output=True, env={"PATH": os.defpath}, check=False
    )
    assert done.returncode == 0
