"""`detach` at an ordinary prompt: the shell comes back, and the run goes on without a terminal."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from nepishell.client import Client
from nepishell.journal.runs import Fate, find
from tests.screens.screen import CTRL_D, Screen


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".local/state"))
    return tmp_path / ".local/state/nepishell"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


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
        client.do("take; shutdown", yes=True)
        while client._socket.recv(1000):
            pass


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
        client.do("shutdown", yes=True)
        while client._socket.recv(1000):
            pass


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
