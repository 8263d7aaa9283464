"""What a shell offers after `nepishell`."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nepishell import cli
from nepishell.batch.completions import SCRIPTS, SUBCOMMANDS, complete, main, offers

RECIPE = """\
# mine: a recipe of my own
param delay 20ms
param 'count' 3
say ${delay}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mine.nepi").write_text(RECIPE)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.nepi").write_text(RECIPE)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "slow.zip").write_text("")
    run = tmp_path / "state" / "nepishell" / "exp" / "20261121072513000000"
    run.mkdir(parents=True)
    (run / "journal.jsonl").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["do"], ["doctor"]),
        (["qu"], ["quickstart"]),
        (["mi"], ["mine.nepi"]),
        (["run", "m"], ["mine.nepi", "more/"]),
        (["run", "more/"], ["more/other.nepi"]),
        (["run", "nowhere/"], []),
        (["run", "mine.nepi", "--che"], ["--check"]),
        (["run", "mine.nepi", "--param", ""], ["count=", "delay="]),
        (["run", "more/other.nepi", "--param", "d"], ["delay="]),
        (["run", "--param", "d"], []),
        (["run", "nothing", "--param", "d"], []),
        (["run", "."], [".hidden/"]),
        (["completions", ""], ["bash", "fish", "zsh"]),
        (["--vers"], ["--version"]),
        (["doctor", "x"], []),
        (["run", "s"], ["slow.zip", "state/"]),
        (["open", "s"], ["slow.zip", "state/"]),
        (["export", ""], ["20261121072513000000"]),
        (["export", "20261121072513000000", "s"], []),
        (["open", "--j"], ["--json"]),
    ],
)
def test_what_may_come_is_offered(words: list[str], offered: list[str]) -> None:
    assert offers(words) == offered


def test_the_first_word_may_be_a_subcommand_or_a_recipe() -> None:
    assert {*SUBCOMMANDS, "quickstart", "mine.nepi"} <= set(offers([""]))


def test_the_subcommands_are_those_of_the_program() -> None:
    assert {*SUBCOMMANDS, "complete"} == set(cli.SUBCOMMANDS)


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_asks_the_program(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([shell]) == 0

    script = capsys.readouterr().out
    assert script == SCRIPTS[shell]
    assert "nepishell complete -- " in script


def test_tab_does_not_wait_for_the_engine() -> None:
    code = "import sys, nepishell.batch.completions; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "nepishell.batch.completions" in loaded
    assert [name for name in loaded if name.startswith("nepishell.engine")] == []


def test_offers_are_printed_one_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert complete(["--", "completions", ""]) == 0

    assert capsys.readouterr().out.splitlines() == ["bash", "fish", "zsh"]


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_completes_with_it(folder: Path) -> None:
    program = folder / "nepishell"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m nepishell "$@"\n')
    program.chmod(0o755)
    ask = "COMP_WORDS=(nepishell run mine.nepi --param d); COMP_CWORD=4; _nepishell; "
    done = subprocess.run(
        ["bash", "-c", f'{SCRIPTS["bash"]}{ask}echo "${{COMPREPLY[*]}}"'],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "delay=\n"
