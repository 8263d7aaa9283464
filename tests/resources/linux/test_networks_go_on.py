"""A controller is killed; the next one knows what it had changed in the networks of its nodes."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.resources.linux.test_going_on import VICTIM, nepishell

pytestmark = [pytest.mark.lab, pytest.mark.tun]

LAB = ["add netns::Node a,b", "add netns::Link wire", "connect a wire b"]
TUNNEL = [
    "add linux::Tap ta on a ip=10.9.0.1/24",
    "add linux::Tap tb on b ip=10.9.0.2/24",
    "add linux::UdpTunnel tunnel",
    "connect ta tunnel tb",
    "add linux::Route way network=10.77.0.0/16 nexthop=10.9.0.2",
    "connect ta way",
]
STEADY = VICTIM.replace("seed=1)\n", "seed=1)\nec.lasting = True\n")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "nepishell"


def killed_after(*lines: str) -> None:
    argv = [sys.executable, "-c", STEADY, *lines]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def asked(name: str, command: str) -> list[str]:
    """Lines that run a program on a and tell what it wrote."""
    return [
        f"add linux::Application {name} on a command='{command}' critical=no",
        f"deploy {name}",
        f"wait {name} STOPPED",
        f"trace {name} stdout",
    ]


def gone_on(*lines: str) -> tuple[dict[str, str], list[str], str]:
    """The states in the end, each message, and what was said."""
    text = "\n".join([*lines, "list"])
    done = nepishell("resume", "--json", "--yes", "--keep-going", "-c", text)
    *shown, table = map(json.loads, done.stdout.splitlines())
    states = {row["label"]: row["state"] for row in table}
    return states, [one["message"] for one in shown if "message" in one], done.stderr


def test_a_tunnel_carries_on_and_is_gone_after_release() -> None:
    killed_after(*LAB, *TUNNEL, "deploy", "wait way STARTED")
    _, shown, said = gone_on(
        *asked("ping", "ping -c 1 -W 5 10.9.0.2"),
        *asked("before", "ip route"),
        "release way,tunnel,ta,tb",
        *asked("after", "ip route"),
        *asked("left", "ip -br link"),
    )
    assert any("1 received" in text for text in shown), said
    before, after = (text for text in shown if "10.0.1.0/24 dev" in text)
    assert "10.77.0.0/16 via 10.9.0.2" in before
    assert "10.9.0" not in after
    assert not any("tap" in text for text in shown if "eth0" in text and "dev" not in text)
    assert "release failed" not in said


def test_what_went_meanwhile_is_told_and_nothing_else_is_touched() -> None:
    alone = [TUNNEL[0], TUNNEL[1], *TUNNEL[4:]]
    thief = asked("thief", "ip link del tap4")[:3]
    killed_after(*LAB, *alone, "deploy", "wait way STARTED", *thief)
    states, _, said = gone_on()
    assert states == {
        "a": "STARTED", "b": "STARTED", "wire": "STARTED", "tb": "STARTED",
        "ta": "FAILED", "way": "FAILED", "thief": "STOPPED",
    }, said  # fmt: skip
    assert "ta: lost while nobody was there: a has no tap4 any more" in said
    assert "release failed" not in said


def test_an_interface_is_put_back_as_the_first_controller_found_it() -> None:
    given = "add linux::Interface eth on a deviceName=eth0 mtu=1300"
    killed_after(*LAB, "deploy", "wait wire STARTED", given, "deploy eth", "wait eth STARTED")
    _, shown, said = gone_on(
        *asked("before", "cat /sys/class/net/eth0/mtu"),
        "release eth",
        *asked("after", "cat /sys/class/net/eth0/mtu"),
    )
    assert [text for text in shown if text in ("1300", "1500")] == ["1300", "1500"], (shown, said)
