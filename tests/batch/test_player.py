"""Whole runs without a terminal: what is printed, what is released, and the exit status."""

import json
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from threading import Timer

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.main import main_without_file
from tests.batch.conftest import Play

PAIR = """\
# a pair
param delay 20ms
add test::Node h1,h2
add test::Link wire delay=${delay}
connect h1 wire h2
add test::App probe on h1
deploy
"""


def test_what_was_asked_for_is_printed_and_nothing_else(play: Play) -> None:
    played = play(PAIR + "say hello\nexpect wire.delay 20ms\nlist wire | cols label,state\n")
    assert played.status is Exit.DONE
    assert played.err == ""
    assert played.out == (
        "hello\nok: wire.delay is 20ms (expected 20ms)\nlabel  state\nwire   STARTED\n"
    )


def test_verbose_also_says_what_was_done(play: Play) -> None:
    assert "2 test::Node added, resources 1 to 2\n" in play(PAIR, "-v").out


def test_with_json_each_result_is_one_line_of_json(play: Play) -> None:
    played = play(PAIR + "list wire\nsay hello\nh1 true yes\n", "--json")
    found = [json.loads(line) for line in played.out.splitlines()]
    assert found[-3][0]["label"] == "wire"
    assert found[-2] == {"message": "hello"}
    assert found[-1] == [{"node": "h1", "status": 0, "stdout": "yes\n", "stderr": ""}]
    assert found[0] == {"message": "delay is 20ms", "name": "delay", "value": "20ms"}


def test_a_format_that_a_line_asks_for_wins_over_json(play: Play) -> None:
    assert play(PAIR + "list wire | cols label | csv\n", "--json").out.endswith("label\nwire\n")


def test_parameters_are_given_on_the_command_line(play: Play) -> None:
    played = play(PAIR + "get wire delay | cols value | csv\n", "--param", "delay=7ms")
    assert played.out == "value\n7ms\n"


def test_an_expectation_that_fails_fails_the_run_and_says_where(play: Play) -> None:
    played = play(PAIR + "expect wire.delay 21ms\nsay never\n")
    assert played.status is Exit.FAILED
    assert played.out == ""
    assert played.err == (
        "a.nepi:8:1: expected wire.delay 21ms; it is 20ms\n"
        "    expect wire.delay 21ms\n"
        "    ^~~~~~~~~~~~~~~~~~~~~~\n"
    )


def test_keep_going_goes_on_and_remembers_the_first_failure(play: Play) -> None:
    played = play(PAIR + "expect wire.delay 21ms\nsay after\n", "--keep-going")
    assert (played.status, played.out) == (Exit.FAILED, "after\n")


def test_a_mistake_anywhere_is_found_before_anything_is_done(play: Play) -> None:
    played = play("say first\n" + PAIR + "set wire dela 5ms\n")
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert "a.nepi:9:10: test::Link has no attribute 'dela'; did you mean 'delay'?" in played.err


def test_a_name_that_turns_out_not_to_exist_is_a_usage_error(lines: Play) -> None:
    played = lines("at 1h say x; wait 1ms; wait %7")
    assert played.status is Exit.USAGE


def test_a_wait_that_takes_too_long_has_its_own_status(play: Play) -> None:
    played = play(PAIR + "wait probe STOPPED timeout 10ms\n")
    assert played.status is Exit.TIMEOUT
    assert "a.nepi:8:1: not STOPPED after 10ms: 4 (probe) is STARTED" in played.err


def test_a_critical_failure_fails_the_run_and_what_was_built_is_released(play: Play) -> None:
    played = play(PAIR.replace("on h1", "on h1 fails=true"))
    assert played.status is Exit.FAILED
    assert "probe FAILED: it was told to" in played.err


def test_a_failure_that_does_not_matter_is_told(play: Play) -> None:
    played = play(PAIR.replace("on h1", "on h1 fails=true critical=false") + "say done\n")
    assert (played.status, played.out) == (Exit.DONE, "done\n")
    assert played.err == "probe FAILED: it was told to\n"


def test_a_program_that_fails_shows_its_output_and_fails_the_run(play: Play) -> None:
    played = play(PAIR + "h1 false 'no such thing'\nsay never\n")
    assert (played.status, played.out) == (Exit.FAILED, "no such thing\n")
    assert "a.nepi:8:1: h1: false ended with status 1" in played.err


def test_quit_ends_a_recipe_well(play: Play) -> None:
    played = play("say one\nquit\nsay two\n")
    assert (played.status, played.out) == (Exit.DONE, "one\n")


def test_a_recipe_plays_another(play: Play, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "pair.nepi").write_text(PAIR)
    (tmp_path / "parts" / "all.nepi").write_text("source pair.nepi\n")
    assert play("source parts/all.nepi\nlist | count\n").out == "count  4\n"


def test_an_error_in_a_recipe_that_is_played_is_told_once_and_where(
    play: Play, tmp_path: Path
) -> None:
    (tmp_path / "b.nepi").write_text("wait 1ms\nexpect h1 READY\n")
    played = play(PAIR + "source b.nepi\nsay never\n")
    assert (played.status, played.out) == (Exit.FAILED, "")
    assert played.err.count("expected h1 READY") == 1
    assert f"{Path('b.nepi')}:2:1: expected h1 READY; h1 is STARTED" in played.err


def test_a_task_that_fails_fails_the_run_and_ends_its_waits(play: Play) -> None:
    played = play(PAIR + "at 1ms expect probe STOPPED\nwait 1h\nsay never\n")
    assert (played.status, played.out) == (Exit.FAILED, "")
    assert played.err == (
        "task %1 (expect probe STOPPED): expected probe STOPPED; probe is STARTED\n"
    )


def test_what_had_no_time_to_run_is_named(lines: Play) -> None:
    assert lines("at 1h say hello").err == (
        "ended before: %1 (say hello); a 'wait' at the end would give it time\n"
    )


@pytest.mark.parametrize(
    ("signum", "status", "word"),
    [
        (signal.SIGINT, Exit.INTERRUPTED, "interrupted"),
        (signal.SIGTERM, Exit.TERMINATED, "terminated"),
        (signal.SIGHUP, Exit.HANGUP, "the terminal went away"),
    ],
)
def test_a_signal_ends_a_run_in_order(
    play: Play, signum: int, status: Exit, word: str, state_home: Path
) -> None:
    Timer(0.2, os.kill, (os.getpid(), signum)).start()
    played = play(PAIR + "wait 1h\nsay never\n")
    assert (played.status, played.out, played.err) == (status, "", f"{word}\n")


def test_kept_things_are_released_when_a_signal_comes(state_home: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "a.nepi"
    recipe.write_text("add local::Node me\ndeploy\n")
    argv = [sys.executable, "-m", "nepishell", "run", str(recipe), "--keep"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "kept as it is; Ctrl-C releases it\n"
        process.send_signal(signal.SIGTERM)
        assert process.stderr.read() == ""
    assert process.returncode == Exit.DONE


def test_a_run_without_trouble_leaves_no_log(play: Play, state_home: Path) -> None:
    play(PAIR)
    assert not list(state_home.rglob("log.txt"))


def test_what_destroys_wants_yes_before_anything_is_done(play: Play) -> None:
    played = play(PAIR + "say built\nrelease probe\n")
    assert (played.status, played.out) == (Exit.USAGE, "")
    assert "a.nepi:9:1: this takes something away for good" in played.err
    assert "run it with --yes" in played.err
    assert play(PAIR + "release probe\nsay done\n", "--yes").out == "done\n"
    assert play(PAIR + "release probe\n", "--check").status is Exit.DONE


def test_what_destroys_later_wants_yes_too(play: Play) -> None:
    assert "--yes" in play(PAIR + "at 1h release probe\n").err


def test_a_line_on_standard_input_that_destroys_wants_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(PAIR + "release probe\n"))
    assert main_without_file([]) is Exit.FAILED
    assert "release 1 resource (probe)? nobody can be asked here: run it with --yes" in (
        capsys.readouterr().err
    )


def test_following_ends_when_nobody_reads_any_more(tmp_path: Path) -> None:
    lines = "add local::Node n; at 200ms deploy; at 700ms release n; log follow"
    program = [sys.executable, "-m", "nepishell", "--yes", "-c", lines]
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, env=env) as followed:
        assert followed.stdout is not None
        assert b"n: DISCOVERED" in followed.stdout.readline()
        followed.stdout.close()
        assert followed.wait(timeout=30) == Exit.PIPE


def test_what_is_for_failures_is_done_before_the_release(play: Play) -> None:
    played = play(f"on-fail\nsay sorry\nlist | cols state | csv\nend\n{PAIR}expect h1 FAILED\n")
    assert played.status is Exit.FAILED
    assert "sorry\nstate\nSTARTED" in played.out


def test_a_pause_without_a_terminal_is_told_and_passed(play: Play) -> None:
    played = play("pause look\nsay after\n")
    assert played.out == "not paused, for there is no terminal: look\nafter\n"
