"""A real scheduler and two real workers on this machine, one of which is killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from nepishell.campaigns.carrying import Errand
from nepishell.campaigns.cluster import carry_far, end_runs
from nepishell.campaigns.main import main
from nepishell.campaigns.manifest import DONE, TODO, Manifest

#: Says who it is, and waits until it is let go.
WAITS = """
param word a
add linux::Node n hostname=localhost
add linux::Application waits on n command="sh {home}/waits.sh"
deploy
wait waits STOPPED
"""
PROGRAM = """
test -e {home}/again && exit
exec 3<{home}/go
echo $$ > {home}/told
cat <&3
"""


def started(word: str, *argv: str) -> subprocess.Popen[str]:
    """A process of Dask's, once it said *word*; the rest of what it says fits into the pipe."""
    process = subprocess.Popen([sys.executable, "-m", *argv], stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stderr is not None
    while word not in (line := process.stderr.readline()):
        assert line, f"{argv[0]} ended"
    return process


def _pipe(path: Path) -> IO[str]:
    os.mkfifo(path)
    return os.fdopen(os.open(path, os.O_RDWR), encoding="utf-8")


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen[str]]]:
    """Two workers that can do one run each; the scheduler's address is in the file `there`."""
    quiet = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", "there")
    worker = ("--no-nanny", "--nthreads", "1", "--resources", "netlab=1")
    with ExitStack() as stack:
        scheduler = started("Scheduler at", "distributed.cli.dask_scheduler", *quiet, "--port", "0")
        stack.callback(end, scheduler)
        made = []
        for _ in range(2):
            made.append(started("Registered to", "distributed.cli.dask_worker", *quiet, *worker))
            stack.callback(end, made[-1])
        yield made


def begun(home: Path, runs: int) -> tuple[subprocess.Popen[str], IO[str]]:
    """A campaign on the cluster of which so many runs wait until what is returned is closed."""
    # opened for both, so that nobody waits for the other end
    told, go = (_pipe(home / name) for name in ("told", "go"))
    (home / "waits.nepi").write_text(WAITS.format(home=home))
    (home / "waits.sh").write_text(PROGRAM.format(home=home))
    argv = ["campaign", "waits.nepi", "--param", "word=a,b,c", "--scheduler-file", "there"]
    campaign = subprocess.Popen(
        [sys.executable, "-m", "nepishell", *argv],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with told:
        assert all(told.readline() for _ in range(runs))
    return campaign, go


def test_a_worker_that_is_killed_loses_nothing(
    home: Path, workers: list[subprocess.Popen[str]]
) -> None:
    campaign, go = begun(home, 2)
    workers[0].kill()
    (home / "again").touch()
    go.close()
    _, err = campaign.communicate()

    manifest = Manifest(home / "campaigns" / "waits")
    assert (campaign.returncode, manifest.count()) == (0, {DONE: 3}), err
    rows = [row for row in map(manifest.row, manifest.all_keys()) if row is not None]
    assert [row["jobs"] for row in rows] == [2, 2, 2]
    assert all((manifest.folder / row["files"] / "stdout").exists() for row in rows)
    # one of them was begun twice, beside what was begun first
    assert sorted(len(manifest.tries(key)) for key in manifest.all_keys()) == [1, 1, 2]


def test_asking_it_to_end_ends_what_runs_on_the_workers(
    home: Path, workers: list[subprocess.Popen[str]]
) -> None:
    campaign, go = begun(home, 2)
    campaign.terminate()
    _, err = campaign.communicate()
    go.close()

    assert campaign.returncode == 130, err
    assert Manifest(home / "campaigns" / "waits").count() == {TODO: 3}


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (["--scheduler-file", "nowhere"], "nowhere: no such file; 'dask scheduler' writes it"),
        (
            ["--cluster", "lab1"],
            "'lab1' is not the address of a scheduler; write it as in tcp://lab1:8786",
        ),
    ],
)
def test_a_scheduler_that_cannot_be_is_told_and_nothing_begins(
    where: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["talk.nepi", *where]) == 2
    assert capsys.readouterr().err == f"nepishell: {message}\n"
    assert not Path("campaigns").exists()


def test_a_worker_that_does_not_see_the_folder_sends_the_row_alone(home: Path) -> None:
    errand = Errand(key="k", recipe="talk.nepi", parameters={}, repetition=1, seed=1)
    row = carry_far(errand, str(home / "not" / "here"), "token")

    assert (row["verdict"], row["files"]) == ("ok", "")


def test_runs_of_another_campaign_on_a_worker_go_on(home: Path) -> None:
    errand = Errand(key="k", recipe="talk.nepi", parameters={}, repetition=1, seed=1)
    end_runs("one")
    for name in ("a", "b"):
        (home / name).mkdir()

    assert carry_far(errand, str(home / "a"), "one")["verdict"] == "lost"
    assert carry_far(errand, str(home / "b"), "other")["verdict"] == "ok"
