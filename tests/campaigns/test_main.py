"""Command lines from beginning to end, with processes of their own."""

import csv
import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from nepishell.campaigns.main import main
from nepishell.campaigns.manifest import DONE, LEASED, TODO, Manifest

#: Says who it is and stays, until there is a file `again`.
STAYS = """
param word a
add linux::Node n hostname=localhost
add linux::Application stays on n command="sh {home}/stays.sh"
deploy
wait stays STOPPED
"""
PROGRAM = "test -e {home}/again || {{ echo $$ > {home}/told; exec sleep 900; }}\n"
#: Two hosts, and what a packet takes from one to the other and back.
LINK = """
param delay 5ms
add netns::Node h[1-2]
add netns::Link wire delay=${delay}
connect h1 wire h2
add linux::Ping probe on h1 target=h2 count=2 interval=10ms
deploy
wait probe STOPPED timeout 60s
expect probe.rtt.min >=${delay}
"""


def states(folder: str = "campaigns/talk") -> list[str]:
    found = Manifest(Path(folder))
    return sorted(found.state(key) for key in found.all_keys())


def test_a_recipe_is_run_with_every_value_and_the_table_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["talk.nepi", "--param", "word=a,b", "--jobs", "2"]) == 0
    assert "campaigns/talk: 2 runs: 2 done" in capsys.readouterr().err
    assert states() == [DONE, DONE]
    assert main(["export", "-"]) == 0
    assert [line.split(",")[:3] for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["a", "1", "ok"], ["b", "1", "ok"]
    ]  # fmt: skip


def test_one_of_the_runs_is_looked_at_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk.nepi", "--param", "word=a,b"]) == 0
    first, _ = Manifest(Path("campaigns/talk")).all_keys()
    capsys.readouterr()

    assert main(["open", first[:8], "-c", "history"]) == 0
    assert "say '" in capsys.readouterr().out
    assert main(["open", "nothing"]) == 2
    assert capsys.readouterr().err == (
        "nepishell: no run 'nothing' in campaigns/talk: 'export -' lists the keys\n"
    )


def test_a_file_says_what_is_run_and_runs_may_be_done_once_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("s.toml").write_text("recipe = 'talk.nepi'\n[product]\nword = ['x']\n")

    assert main(["s.toml"]) == 0
    assert main(["retry", "failed"]) == 0
    assert "no run is failed" in capsys.readouterr().err
    assert main(["retry", "done"]) == 0
    (key,) = Manifest(Path("campaigns/s")).all_keys()
    assert len(Manifest(Path("campaigns/s")).tries(key)) == 2


def test_a_dry_run_lists_the_points_and_makes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["talk.nepi", "--zip", "word=a,b", "--zip", "size=1,2", "--dry"]) == 0
    assert capsys.readouterr().out == (
        "word=a size=1\nword=b size=2\n2 points, 1 runs of each; nothing wrong\n"
    )
    assert not Path("campaigns").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("none.nepi", "no file or recipe 'none.nepi'"),
        ("staus", "no file or recipe 'staus'; did you mean 'status'?"),
        ("talk.nepi --param word", "--param 'word' is not NAME=VALUE, as in --param delay=5ms"),
        ("talk.nepi --param wrod=a", "no parameter 'wrod'; did you mean 'word'?"),
        ("talk.nepi --until m=x", "'x' is not a part; write it as in 5% or 0.05"),
        ("talk.nepi --min 3", "--min and --max need --until"),
        ("talk.nepi --repeat 0", "repeat is 0; it must be at least 1"),
        ("talk.nepi --jobs 0", "jobs is 0; it must be at least 1"),
        ("talk.nepi --timeout soon", "'soon' is not a duration"),
        ("status", "no campaign below ./campaigns; name its folder with --in DIR"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_begins(
    line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    err = capsys.readouterr().err
    assert message in err
    assert len(err.splitlines()) == 1
    assert not Path("campaigns").exists()


def begun(home: Path) -> tuple[subprocess.Popen[str], int]:
    """`nepishell campaign stays.nepi ...` of two runs, and the program that the first stays in."""
    os.mkfifo(home / "told")
    (home / "stays.nepi").write_text(STAYS.format(home=home))
    (home / "stays.sh").write_text(PROGRAM.format(home=home))
    process = subprocess.Popen(
        [sys.executable, "-m", "nepishell", "campaign", "stays.nepi", "--param", "word=a,b"],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    return process, int((home / "told").read_text())


def wait_until_gone(pid: int) -> None:
    with suppress(ProcessLookupError):
        watched = os.pidfd_open(pid)
        select.select([watched], [], [])
        os.close(watched)


def test_a_campaign_that_is_killed_goes_on_with_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process, program = begun(home)
    process.kill()
    _, err = process.communicate()
    before = states("campaigns/stays")
    # the run hears that its campaign is gone, and releases what it built
    wait_until_gone(program)
    (home / "again").touch()

    assert main(["resume"]) == 0
    assert (before, err) == ([LEASED, TODO], "")
    assert "1 runs were going on when this was ended" in capsys.readouterr().err
    assert states("campaigns/stays") == [DONE, DONE]


def test_who_asks_it_to_end_is_told_how_to_go_on_and_what_runs_is_released(home: Path) -> None:
    process, program = begun(home)
    # not SIGINT: whoever starts tests in the background has them ignore that
    process.terminate()
    _, err = process.communicate()
    wait_until_gone(program)

    assert process.returncode == 130
    assert "2 runs are missing; go on with: nepishell campaign resume --in" in err
    assert states("campaigns/stays") == [TODO, TODO]


@pytest.mark.lab
def test_runs_with_namespaces_of_their_own_go_side_by_side(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "link.nepi").write_text(LINK)

    assert main(["link.nepi", "--param", "delay=2ms,20ms", "--jobs", "2"]) == 0
    capsys.readouterr()
    assert main(["export", "-", "--points"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["delay"] for row in rows] == ["2ms", "20ms"]
    assert [float(row["probe.rtt.min"]) >= 2 * delay
            for row, delay in zip(rows, (0.002, 0.02), strict=True)] == [True, True]  # fmt: skip
