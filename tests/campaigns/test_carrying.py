"""Runs as processes of their own: the shortest recipes, for each is a start of the program."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest

from nepishell.campaigns.carrying import (
    STDOUT,
    Errand,
    Processes,
    Row,
    carry_out,
    clean,
    command_line,
    end_of,
    run_in,
)
from nepishell.campaigns.manifest import DONE, FAILED, LOST, SUSPECT
from nepishell.hosts.local import LocalHost
from nepishell.journal.runs import Fate


def errand(**more: object) -> Errand:
    given: dict[str, object] = {
        "key": "k", "recipe": "talk.nepi", "parameters": {"word": "a b"}, "repetition": 1,
        "seed": 7, **more,
    }  # fmt: skip
    return Errand(**given)  # type: ignore[arg-type]


def test_a_run_has_a_journal_of_its_own_and_a_row(tmp_path: Path) -> None:
    row = carry_out(errand(), tmp_path, Processes())

    assert (row["verdict"], row["status"], row["key"]) == ("ok", 0, "k")
    assert row["beside"] == 0
    assert "a b 1" in (tmp_path / "stdout").read_text()
    run = run_in(tmp_path)
    assert run is not None
    assert (run.fate, run.run_id, run.head["seed"]) == (Fate.ENDED, row["run"], 7)


def test_a_recipe_that_fails_is_a_result_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "bad.nepi").write_text("add netns::Node n\nexpect n FAILED\n")
    row = carry_out(errand(recipe="bad.nepi", parameters={}), tmp_path, Processes())

    assert (row["verdict"], row["status"]) == ("failed", 1)
    assert row["reason"] == "bad.nepi:2:1: expected n FAILED; n is NEW"
    assert end_of(row) == FAILED


def test_a_recipe_that_is_not_here_is_made_of_its_text(tmp_path: Path) -> None:
    far = errand(recipe="/not/here/far.nepi", parameters={}, text="say far\n")
    row = carry_out(far, tmp_path, Processes())

    assert row["verdict"] == "ok"
    assert "far" in (tmp_path / "stdout").read_text()


def test_a_run_that_is_killed_is_lost_and_what_it_left_is_released(tmp_path: Path) -> None:
    (tmp_path / "long.nepi").write_text("say begun\nwait 1h\n")
    processes = Processes()
    rows: list[Row] = []
    thread = Thread(
        target=lambda: rows.append(
            carry_out(errand(recipe="long.nepi", parameters={}), tmp_path, processes)
        )
    )
    (tmp_path / STDOUT).touch()
    begun = Event()
    host = LocalHost()
    unfollow = host.follow(tmp_path / STDOUT, 0, lambda data: begun.set())
    thread.start()
    begun.wait()
    unfollow()
    host.close()
    processes.stop(now=True)
    thread.join()

    assert (rows[0]["verdict"], rows[0]["reason"]) == ("lost", "killed by SIGKILL")
    assert end_of(rows[0]) == LOST
    assert clean(tmp_path).startswith("what a lost run had left: run 2")
    assert clean(tmp_path) == ""
    found = run_in(tmp_path)
    assert found is not None
    assert found.fate is Fate.ENDED


def test_a_run_that_takes_too_long_is_ended_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "long.nepi").write_text("wait 1h\n")
    row = carry_out(errand(recipe="long.nepi", parameters={}, timeout_s=0.6), tmp_path, Processes())

    assert row["verdict"] == "timeout"
    assert row["reason"] == "it took longer than 0.6s"


def test_nothing_begins_after_all_were_asked_to_end(tmp_path: Path) -> None:
    processes = Processes()
    processes.stop()

    assert carry_out(errand(), tmp_path, processes)["verdict"] == "lost"
    assert not (tmp_path / "nepishell").exists()


def test_a_run_that_does_not_listen_is_killed_after_a_while(tmp_path: Path) -> None:
    processes = Processes()
    for name in ("told", "never"):
        os.mkfifo(tmp_path / name)
    deaf = f"cd {tmp_path}; trap '' TERM; echo deaf > told; read line < never"
    process = processes.begin("k", ["/bin/sh", "-c", deaf], tmp_path)
    (tmp_path / "told").read_text()
    processes.stop(patience_s=0.0)

    assert process.wait() == -9


def test_how_many_ran_beside_a_run_is_counted_at_its_most(tmp_path: Path) -> None:
    processes = Processes()
    started = [processes.begin(key, ["/bin/true"], tmp_path) for key in "abc"]
    first = processes.end("b")
    processes.begin("d", ["/bin/true"], tmp_path).wait()
    for process in started:
        process.wait()

    assert (first, processes.end("a"), processes.end("d")) == (2, 2, 2)


def test_a_value_is_a_word_of_the_command_line_whatever_is_in_it() -> None:
    argv = command_line(errand(parameters={"x": "$(reboot); 'a'"}, yes=True), Path("r.nepi"))

    assert argv[-3:] == ["--param", "x=$(reboot); 'a'", "--yes"]


@pytest.mark.parametrize(
    ("verdict", "end"),
    [("ok", DONE), ("suspect", SUSPECT), ("lost", LOST), ("failed", FAILED), ("timeout", FAILED),
     ("wrong", FAILED)],
)  # fmt: skip
def test_every_verdict_is_an_end(verdict: str, end: str) -> None:
    assert end_of({"verdict": verdict}) == end
