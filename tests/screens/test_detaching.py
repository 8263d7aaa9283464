"""`detach` at an ordinary prompt: the shell comes back, and the run goes on without a terminal."""

import os
import select
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.client import Client
from nepishell.journal.runs import Fate, find
from tests.screens.screen import CTRL_D, Screen
from tests.sshd import Sshd


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".local/state"))
    return tmp_path / ".local/state/nepishell"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def shut_down(client: Client) -> None:
    """End the run, and wait until its process is over."""
    serving = os.pidfd_open(client.greeting.pid)
    try:
        client.do("take; shutdown", yes=True)
        assert select.select([serving], [], [], 60)[0]
    finally:
        os.close(serving)


@pytest.fixture
def detached(state: Path, tmp_path: Path, stack: ExitStack) -> Iterator[Client]:
    """A client of a run that a prompt has left to itself, where the lab was built."""
    screen = Screen(tmp_path, columns=200)
    stack.callback(screen.child.close, force=True)
    screen.enters("add netns::Node h1,h2; add netns::Link wire; connect h1 wire h2")
    screen.enters("param word kept")
    screen.enters("add linux::Application app on h1 command='sleep 3; exit 7' shell=true")
    screen.enters("add linux::Application lasting on h2 command='sleep 600'")
    screen.enters("deploy; wait all STARTED; every 1s times 60 say tick")
    screen.sees("tick")
    screen.enters("detach")
    screen.sees("detached: run")
    screen.sees("comes back")
    assert screen.ends() == 0
    with Client(timeout=30) as client:
        yield client
        shut_down(client)


@pytest.mark.lab
def test_all_goes_on_and_ends_as_it_would_have(detached: Client, state: Path) -> None:
    assert find(state, detached.greeting.run).fate is Fate.RUNNING
    detached.do("wait app FAILED timeout 20s; wait lasting STARTED")
    rows = {row["label"]: row["state"] for row in detached.do("list")[0]}
    assert (rows["app"], rows["lasting"], rows["wire"]) == ("FAILED", "STARTED", "STARTED")
    assert "status 7" in str(detached.do("why app"))
    assert "say tick" in str(detached.do("tasks"))
    assert detached.do("say ${word}") == [{"message": "kept"}]
    detached.do("exec h1 true")


def test_ctrl_d_offers_to_keep_it_running(state: Path, tmp_path: Path, stack: ExitStack) -> None:
    screen = Screen(tmp_path, columns=200)
    stack.callback(screen.child.close, force=True)
    screen.enters("add local::Node me; add linux::Application a on me command='sleep 600'; deploy")
    screen.sees("2 STARTED")
    screen.presses(CTRL_D)
    screen.sees("keep these 2 resources running, stay? [r/k/S]")
    screen.presses("k\r")
    screen.sees("detached: run")
    assert screen.ends() == 0
    with Client(timeout=30) as client:
        assert [row["state"] for row in client.do("list")[0]] == ["STARTED", "STARTED"]
        shut_down(client)


def test_a_run_that_nobody_described_is_left_too(
    state: Path, tmp_path: Path, stack: ExitStack
) -> None:
    screen = Screen(tmp_path, columns=200)
    stack.callback(screen.child.close, force=True)
    screen.enters("detach")
    screen.sees("comes back")
    assert screen.ends() == 0
    with Client(timeout=30) as client:
        client.do("shutdown", yes=True)


@pytest.mark.lab
def test_a_deployment_under_way_is_gone_on_with(
    state: Path, tmp_path: Path, stack: ExitStack
) -> None:
    """The prompt lets go while programs still wait for one that is to start."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    screen = Screen(tmp_path, columns=200)
    stack.callback(screen.child.close, force=True)
    screen.enters("add netns::Node h[1-3]; add netns::Link one,two; connect h1 one h2 two h3")
    screen.enters(f"add linux::Application first on h1 command='cat {gate}'")
    screen.enters("add linux::Application second on h3 command='echo then'")
    screen.enters("when first STOPPED start second; deploy; detach")
    screen.sees("comes back")
    assert screen.ends() == 0
    with Client(timeout=30) as client:
        client.do("wait first STARTED")
        gate.write_text("go")
        client.do("wait second STOPPED")
        assert {row["state"] for row in client.do("list @STARTED")[0]} == {"STARTED"}
        assert "then" in str(client.do("trace second stdout"))
        shut_down(client)


def test_a_run_over_ssh_is_left_and_come_back_to(
    state: Path, tmp_path: Path, stack: ExitStack
) -> None:
    home = tmp_path / "there"
    home.mkdir()
    server = stack.enter_context(Sshd(tmp_path / "sshd"))
    screen = Screen(tmp_path, columns=300)
    stack.callback(screen.child.close, force=True)
    screen.enters(
        f"add linux::Node n hostname={server.address} port={server.port} home={home} "
        f"username={server.username} identity={server.identity} serverKey='{server.server_key}'"
    )
    screen.enters("add linux::Application stays on n command='sleep 600'; deploy; wait all STARTED")
    screen.sees("2 STARTED")
    screen.enters("detach")
    screen.sees("comes back")
    assert screen.ends() == 0
    with Client(timeout=30) as client:
        assert [row["state"] for row in client.do("list")[0]] == ["STARTED", "STARTED"]
        assert "hello" in str(client.do("exec n echo hello"))
        client.do("stop stays; wait stays STOPPED")
        shut_down(client)
    assert list(home.iterdir()) == []
