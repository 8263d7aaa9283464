"""What may happen to a run, its controller and its machine, and what the next controller does."""

import json
import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from nepishell.journal.reading import verify
from nepishell.journal.runs import Fate, Run, runs
from tests.commands.test_resuming import (
    STATES,
    home,
    kill_at,
    leftovers,
    lines_left,
    nepishell,
)

pytestmark = pytest.mark.lab
__all__ = ["home"]

LOCAL = ["add local::Node me", "add linux::Application app on me command='sleep 600'", "deploy"]
LAB = ["add netns::Node h", "add linux::Application far on h command='sleep 600'"]


def states(text: str) -> dict[str, str]:
    """What `list` showed last."""
    tables = [found for line in text.splitlines() if isinstance(found := json.loads(line), list)]
    return {row["label"]: row["state"] for row in tables[-1]}


def only(home: Path) -> Run:
    (run,) = runs(home)
    return run


def started(*lines: str) -> subprocess.Popen[str]:
    """A run without a terminal that plays *lines*, and then says 'here'."""
    argv = [sys.executable, "-m", "nepishell", "-c", "\n".join(lines)]
    return subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )


def heard(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if word in line:
            return
    assert process.stderr is not None
    raise AssertionError(f"{word} was not said: {said} {process.stderr.read()}")


def test_of_two_that_resume_one_run_one_is_refused_in_one_line(home: Path) -> None:
    kill_at(1000)
    argv = [sys.executable, "-m", "nepishell", "resume", "-c", "list\nsay here\nwait 600s"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        heard(first, "here")
        second = nepishell("resume", only(home).run_id, "-c", "list")
        first.send_signal(signal.SIGTERM)
        first.communicate()
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert "has its controller still" in second.stderr
    assert leftovers(home) == []


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_run_in_order(home: Path, signum: signal.Signals) -> None:
    with started(*LOCAL[:2], *LAB, "deploy", "say here", "wait 600s") as process:
        heard(process, "here")
        process.send_signal(signum)
        process.communicate()
    assert only(home).fate is Fate.ENDED
    assert verify(only(home).journal).intact
    assert leftovers(home) == []


def test_a_controller_that_was_suspended_is_doubted_and_its_schedule_goes_on(home: Path) -> None:
    with started(*LOCAL, "at 2.5s say later", "say here", "wait 3s", "status") as process:
        heard(process, "here")
        process.send_signal(signal.SIGSTOP)
        # nothing of this is timed: it only has to stand still for longer than the bound
        threading.Event().wait(2.2)
        process.send_signal(signal.SIGCONT)
        said, complained = process.communicate()
    assert "later" in said + complained
    run = only(home)
    assert run.fate is Fate.ENDED
    assert any("late" in doubt for doubt in run.doubts)
    assert "suspect" in nepishell("runs").stdout


def test_a_pid_that_another_process_has_now_is_never_touched(home: Path) -> None:
    """The journal ends as at a reboot; a stranger sits in the folder of the program."""
    kill_at(1000)
    run = only(home)
    nepishell("clean")
    lines = run.journal.read_bytes().splitlines(keepends=True)
    cut = next(n for n, line in enumerate(lines) if b'"k":"resumed"' in line)
    run.journal.write_bytes(b"".join(lines[:cut]))
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd=run.path) as stranger:
        for path in run.path.rglob("pid"):
            path.write_text(f"{stranger.pid} 1 {stranger.pid}\n")
        done = nepishell("resume", "--json", "-c", "list")
        assert set(states(done.stdout).values()) == {"FAILED"}, done.stderr
        assert stranger.poll() is None
        stranger.communicate(b"")
    assert stranger.returncode == 0


@pytest.mark.parametrize("years", [-3, 3])
def test_a_wall_clock_that_was_set_changes_no_run(home: Path, years: int) -> None:
    kill_at(1000)
    run = only(home)
    lines = run.journal.read_bytes().splitlines(keepends=True)
    assert b'"wall":"' in lines[0]
    before = max(record.at for record in run.records())
    rest = ["wait second STOPPED", "list"]
    env = {**os.environ, "NEPISHELL_TEST_YEARS": str(years)}
    code = (
        "import os, sys, datetime as d\n"
        "shift = d.timedelta(days=365 * int(os.environ['NEPISHELL_TEST_YEARS']))\n"
        "import nepishell.journal.resuming as r\n"
        "class Other(d.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None): return d.datetime.now(tz) + shift\n"
        "r.datetime = Other\n"
        "from nepishell.cli import main\n"
        "sys.exit(main(['resume', '--json', '--keep-going', '-c', sys.argv[1]]))\n"
    )
    argv = [sys.executable, "-c", code, "\n".join(rest)]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert states(done.stdout) == STATES, done.stderr
    times = [record.at for record in run.records()]
    # two threads write: neighbours may change places, years may not pass
    assert all(abs(later - earlier) < 60 for earlier, later in pairwise(times))
    assert before <= times[-1] < before + 3600
    assert leftovers(home) == []


@pytest.mark.root
def test_a_folder_that_may_not_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    argv = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none "$1" && shift && exec "$@"']
    argv += ["sh", os.fspath(tmp_path), sys.executable, "-m", "nepishell", "-c", "add local::Node"]
    env = {**os.environ, "XDG_STATE_HOME": os.fspath(tmp_path)}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert done.stderr.count("\n") == 1, done.stderr
    assert "read-only" in done.stderr
    assert "Traceback" not in done.stderr


#: A state directory on a disk of 200 kB, in which "$FULL" is the file that fills it.
SMALL_DISK = """
mount -t tmpfs -o size=200k none "$XDG_STATE_HOME"
"$@" -c "$PLAYED" --keep-going --json
rm "$FULL"
"$@" clean
"$@" runs --json
cat "$XDG_STATE_HOME"/nepishell/*/*/journal.jsonl > "$KEPT"
"""


@pytest.mark.root
def test_on_a_full_disk_what_cannot_be_kept_is_refused_and_nothing_is_torn(tmp_path: Path) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "kept.jsonl"
    disk.mkdir()
    played = [
        "add local::Node me; deploy me",
        f"exec me sh -c 'head -c 1m /dev/zero > {disk / 'full'}'",
        f"add linux::Application app on me command='echo {'x' * 9000}'",
        "list",
    ]
    env = {**os.environ, "XDG_STATE_HOME": os.fspath(disk), "PLAYED": "\n".join(played),
           "FULL": os.fspath(disk / "full"), "KEPT": os.fspath(kept)}  # fmt: skip
    argv = ["unshare", "-m", "sh", "-ec", f"set +e\n{SMALL_DISK}", "sh"]
    argv += [sys.executable, "-m", "nepishell"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert "no space left on device; make room, then go on" in done.stderr
    assert "Traceback" not in done.stderr
    *_, listed, ended = map(json.loads, done.stdout.splitlines())
    assert [row["label"] for row in listed] == ["me"]
    assert ended[0]["is"] == "ended", (done.stdout, done.stderr)
    assert (verify(kept).intact, verify(kept).torn) == (True, 0)


def test_killed_twice_it_still_ends_the_same(home: Path) -> None:
    kill_at(16)
    rest = lines_left(home)
    argv = [sys.executable, "-m", "nepishell", "resume", "-c", "list\nsay here\nwait 600s"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        heard(first, "here")
        first.kill()
        first.communicate()
    assert only(home).fate is Fate.ORPHANED
    done = nepishell(
        "resume", "--json", "--keep-going", "-c", "\n".join([*rest, "wait second STOPPED", "list"])
    )
    assert states(done.stdout) == STATES, done.stderr
    assert only(home).fate is Fate.ENDED
    assert leftovers(home) == []
