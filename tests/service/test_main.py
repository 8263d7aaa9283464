"""`nepishell serve`, as a program."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.client import Client
from nepishell.journal.runs import Fate, find
from nepishell.service.main import main, serve_parser
from tests.serving import serving


def fate(home: Path, name: str) -> Fate:
    return find(home / "nepishell", name).fate


def test_it_is_served_until_it_is_terminated_and_releases_then(home: Path) -> None:
    with serving("--exp", "one") as process, Client("one", timeout=20) as client:
        client.do("add local::Node me; add linux::Application a command='sleep 600'; "
                  "connect a me; deploy a,me")  # fmt: skip
        assert fate(home, "one") is Fate.RUNNING
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert fate(home, "one") is Fate.ENDED


def test_a_recipe_is_played_first_and_the_run_stays(home: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "a.nepi"
    recipe.write_text("param who nobody\nadd local::Node ${who}\ndeploy all\n")
    with serving(str(recipe), "--param", "who=me"), Client("", timeout=20) as client:
        while "a.nepi" in str(client.do("who")):
            pass
        assert client.do("list | cols label,state") == [[{"label": "me", "state": "STARTED"}]]


def test_what_is_wrong_with_a_recipe_is_told_and_the_run_stays(home: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "a.nepi"
    recipe.write_text("add local::Node me\nfrob\n")
    with serving(str(recipe), "--json") as process, Client(timeout=20) as client:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert "a.nepi:2:1: no command 'frob'" in told["message"]
        assert client.do("shutdown", yes=True) == []
        assert process.wait(30) == 1


def test_a_second_signal_kills_what_would_be_waited_for(home: Path) -> None:
    with serving("--exp", "one") as process, Client("one", timeout=20) as client:
        client.do(
            "add local::Node me; "
            "add linux::Application a grace=10m command='trap \"\" TERM; echo x; sleep 600' "
            "shell=true; connect a me; deploy; expect a.stdout x".replace("; expect a.stdout x", "")
        )
        heard = client.events("Noted", "StateChanged")
        process.send_signal(signal.SIGTERM)
        while not any("being released" in told.get("notice", "") for told in client.told):
            client._keep(client._next())
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        heard.close()
    assert fate(home, "one") is Fate.ENDED


def test_a_killed_one_is_resumed_and_served_again(home: Path) -> None:
    with serving("--exp", "one") as process, Client("one", timeout=20) as client:
        client.do("add local::Node me; add linux::Application a command='sleep 2; exit 7' "
                  "shell=true; add linux::Application b command='sleep 600'; "
                  "connect a me; connect b me; deploy")  # fmt: skip
        process.kill()
        process.wait()
    assert fate(home, "one") is Fate.ORPHANED
    with serving("--resume", "one"), Client("one", timeout=20) as client:
        client.do("wait a FAILED")
        assert "status 7" in str(client.do("why a"))
        states = [(row["label"], row["state"]) for row in client.do("list")[0]]
        assert states == [("me", "STARTED"), ("a", "FAILED"), ("b", "STARTED")]


def test_the_terminal_that_it_was_started_from_may_go(home: Path) -> None:
    with serving("--exp", "one") as process, Client("one", timeout=20) as client:
        process.send_signal(signal.SIGHUP)
        assert client.do("list") == [[]]
        assert fate(home, "one") is Fate.RUNNING


@pytest.fixture(autouse=True)
def hang_ups() -> Iterator[None]:
    """What main() does in this process is undone."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere.nepi"], "nowhere.nepi"),
        (["--param", "x"], "is not NAME=VALUE"),
        (["--resume", "nowhere"], "no run 'nowhere'"),
        (["--exp", "a/b"], "a/b"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_line(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert main(arguments, lambda *what: None) == 2
    told = capsys.readouterr().err
    assert why in told
    assert told.count("\n") == 1


def test_arguments_that_are_wrong_are_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        serve_parser().parse_args(["--frob"])
    assert "--frob" in capsys.readouterr().err


def test_serving_loads_no_prompt(home: Path) -> None:
    code = "import sys, nepishell.service.main; sys.exit('prompt_toolkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
