"""Each recipe that ships, played for real: it passes, it says something, it leaves nothing."""

import json
from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.main import main
from nepishell.commands.places import recipe_folders, shipped
from nepishell.replay.recipe import read_recipe

RECIPES = shipped(recipe_folders())

#: What somebody who watches must be able to read.
SAYS = {
    "quickstart": (
        "64 bytes from h2",
        "ok: wire.delay is 20ms",
        "proved: what the link declares is what the packets see",
    ),
    "bufferbloat": (
        "1. the uplink alone",
        "2. the same upload, and the queue cut to 10 packets",
        "ok: sink.throughput.throughput.median is",
    ),
    "router-chain": (
        " 1  r1 ",
        " 5  r5 ",
        " 6  h2 ",
        "the link between r2 and r3 goes down",
        "ok: probe.loss is",
    ),
    "real-hosts": (
        "BUILT ON THE HOST",
        "ok: probe.loss is 0%",
        "the hosts are left as they were",
    ),
    "tunnel": (
        " 1  r ",
        " 2  home ",
        " 1  10.9.0.2 ",
        "ok: probe.loss is 0%",
    ),
    "language": (
        "deploying 3 senders behind a link of 2mbit",
        "not paused, for there is no terminal: look around",
        "ok: slow.queue is 5",
        "mark: the queue is half full",
        "a number decided, and nobody had to watch it",
    ),
    "conditions": (
        "who started when",
        "broken",
        "No such file or directory",
        "ok: broken is FAILED",
    ),
}


@pytest.fixture(autouse=True)
def _state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_every_recipe_that_ships_is_played_here() -> None:
    assert set(RECIPES) == set(SAYS)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_says_first_what_it_shows(name: str) -> None:
    assert read_recipe(RECIPES[name]).summary.startswith(f"{name}: ")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_checked_without_a_lab(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--check"]) == Exit.DONE, capsys.readouterr().err


@pytest.mark.lab
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.tun) if n == "tunnel" else n for n in RECIPES],
)
def test_a_recipe_passes_and_tells_its_story(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([name])
    told = capsys.readouterr()
    assert status == Exit.DONE, told.err
    for words in SAYS[name]:
        assert words in told.out


@pytest.mark.lab
def test_a_recipe_proves_what_its_parameters_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quickstart", "--param", "delay=30ms", "--json"]) == Exit.DONE
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    proofs = {one["what"]: one for one in found if isinstance(one, dict) and "wanted" in one}
    assert proofs["wire.delay"]["seen"] == "30ms"
    assert proofs["probe.loss"]["ok"] is True
