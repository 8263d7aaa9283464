"""`nepishell import`: a recipe that can be checked and deployed, and what is not in it."""

from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.importing_main import main
from nepishell.batch.main import main as run
from nepishell.replay.check import check
from nepishell.replay.recipe import Recipe
from nepishell.replay.tidy import tidy
from tests.replay.foreign.samples import KATHARA, SAMPLES, SCRIPT

Captured = pytest.CaptureFixture[str]
#: The host that pings, and what it reaches.
REACHED = {
    "containerlab": ("pc1", "10.0.2.10"),
    "kathara": ("pc1", "200.1.1.7"),
    "mininet": ("h1", "h2"),
    "mininet-python": ("h1", "10.0.2.2"),
}


@pytest.fixture(autouse=True)
def _state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_recipe_is_right_and_tidy(kind: str, capsys: Captured) -> None:
    assert main(["--from", kind, str(SAMPLES[kind])]) == Exit.DONE
    recipe = Recipe("x.nepi", capsys.readouterr().out)
    assert check(recipe, {}).problems == []
    assert tidy(recipe) == recipe.text


def test_what_is_left_out_is_told_and_stands_in_the_recipe(
    tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "x.nepi"
    assert main([str(KATHARA), "-o", str(target)]) == Exit.DONE
    told = capsys.readouterr()
    assert told.out == ""
    left = [
        line.partition(": ")[2] for line in told.err.splitlines() if "not carried over:" in line
    ]
    assert len(left) == 2
    assert all(f"#   {each}\n" in target.read_text() for each in left)
    assert told.err.endswith("x.nepi: hosts 4, switches 1, cables 4, not carried over 2\n")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: Captured) -> None:
    target = tmp_path / "x.nepi"
    target.write_text("mine\n")
    assert main([str(KATHARA), "-o", str(target)]) == Exit.USAGE
    assert "is there already" in capsys.readouterr().err
    assert target.read_text() == "mine\n"


def test_a_mistake_is_told_with_a_caret(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "lab.conf"
    path.write_text('pc1[0]="A"\npc2=B\n')
    assert main([str(path)]) == Exit.USAGE
    assert capsys.readouterr().err.endswith("    pc2=B\n    ^~~~~\n")


@pytest.mark.lab
@pytest.mark.parametrize("kind", SAMPLES)
def test_the_recipe_is_deployed_and_its_hosts_reach_each_other(
    kind: str, tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "x.nepi"
    assert main(["--from", kind, str(SAMPLES[kind]), "-o", str(target)]) == Exit.DONE
    host, reached = REACHED[kind]
    with target.open("a") as file:
        file.write(f"expect exec {host} ping -c 1 -W 5 {reached}\n")
    assert run([str(target)]) == Exit.DONE, capsys.readouterr().err


@pytest.mark.lab
def test_switches_that_bridge_carry_frames_over_shaped_links(
    tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "x.nepi"
    script = tmp_path / "x.cli"
    # 5 ms each way on each of four links
    script.write_text("mn --topo linear,2 --link tc,delay=5ms\n")
    assert main([str(script), "-o", str(target)]) == Exit.DONE
    with target.open("a") as file:
        file.write("expect exec h1 ping -c 1 -W 5 10.0.0.2\n")
    assert run([str(target)]) == Exit.DONE, capsys.readouterr().err
    assert main([str(SCRIPT)]) == Exit.DONE
