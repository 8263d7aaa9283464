"""The program as it is started: what it loads, what it answers, how it exits."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nepishell import __version__
from nepishell.cli import BATCH, BUGS, PROMPT, SUBCOMMANDS, load

HEAVY = ("prompt_toolkit", "paramiko", "networkx", "tabulate", "nepishell.engine", "asyncio")


def nepishell(
    *arguments: str, folder: Path, stdin: str = "", loaded: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the program; with *loaded*, what it imported is in stderr, a module on each line."""
    program = ["-X", "importtime", "-m", "nepishell"] if loaded else ["-m", "nepishell"]
    return subprocess.run(
        [sys.executable, *program, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={"XDG_STATE_HOME": str(folder), "PATH": "/usr/bin:/bin"},
        check=False,
        timeout=60,
    )


def modules(done: subprocess.CompletedProcess[str]) -> set[str]:
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def loaded_of(found: set[str], packages: tuple[str, ...]) -> set[str]:
    return {name for name in found if any(f"{name}.".startswith(f"{p}.") for p in packages)}


def test_the_version_is_told_without_loading_anything(tmp_path: Path) -> None:
    done = nepishell("--version", folder=tmp_path, loaded=True)
    assert done.stdout == f"nepishell {__version__}\n"
    assert loaded_of(modules(done), HEAVY) == set()


def test_help_loads_nothing_either(tmp_path: Path) -> None:
    done = nepishell("--help", folder=tmp_path, loaded=True)
    assert "exit status: 0 done" in done.stdout
    assert loaded_of(modules(done), HEAVY) == set()


def test_scripts_never_load_the_prompt(tmp_path: Path) -> None:
    done = nepishell("-c", "list; types | json", folder=tmp_path, loaded=True)
    assert done.returncode == 0
    assert loaded_of(modules(done), ("prompt_toolkit", "paramiko", "networkx", "asyncio")) == set()


@pytest.mark.parametrize(
    ("arguments", "stdin", "status", "out"),
    [
        (("-c", "say one; say two"), "", 0, "one\ntwo\n"),
        ((), "say one\n", 0, "one\n"),
        ((), "", 0, ""),
        (("-c", "lits"), "", 2, ""),
        (("nope.nepi",), "", 2, ""),
        (("--frob",), "", 2, ""),
        (("run",), "", 2, ""),
        (("run", "quickstart", "--check"), "", 0, ""),
        (("quickstart", "--check"), "", 0, ""),
    ],
)
def test_a_command_line_is_served(
    tmp_path: Path, arguments: tuple[str, ...], stdin: str, status: int, out: str
) -> None:
    done = nepishell(*arguments, folder=tmp_path, stdin=stdin)
    assert (done.returncode, done.stdout) == (status, out)
    assert "Traceback" not in done.stderr
    if status:
        assert done.stderr.strip()


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    line = f"{shlex.quote(sys.executable)} -m nepishell -c 'types; types; types; types' | head -1"
    done = subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        text=True,
        env={"XDG_STATE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["rtype", "help"], "")


@pytest.mark.parametrize("target", [*SUBCOMMANDS.values(), BATCH, PROMPT, BUGS])
def test_the_table_of_what_is_loaded_is_true(target: str) -> None:
    assert callable(load(target))


def test_a_bug_is_one_line_and_released_all_the_same(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from nepishell.commands import session\n"
        "from nepishell.commands.declared import first_grammar\n"
        "from nepishell.cli import main\n"
        "from dataclasses import replace\n"
        "found = first_grammar().commands\n"
        "found['say'] = replace(found['say'], fn=lambda ctx, words: 1 / 0)\n"
        "sys.exit(main(['-c', 'add local::Node here; deploy; say x']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={"XDG_STATE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("a mistake of nepishell's own: ZeroDivisionError")
    assert done.stderr.count("\n") == 1
    assert "Traceback" in (tmp_path / "nepishell" / "log.txt").read_text()


def test_who_reads_no_further_is_told_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    argv = [sys.executable, "-m", "nepishell", "lab", "list"]
    done = subprocess.run(argv, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.stderr == ""
