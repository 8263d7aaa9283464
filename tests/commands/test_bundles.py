"""Handing a run over."""

import json
from pathlib import Path

import pytest

from nepishell import NepishellError
from nepishell.commands.bundles import recipe_of
from nepishell.commands.journaling import open_journal
from nepishell.journal.bundle import EXPERIMENT, METRICS, RECIPE, RUN, Bundle
from nepishell.journal.runs import look
from tests.commands.stand import Session


@pytest.fixture
def journaled(session: Session) -> Session:
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    session.ctx.remember()
    return session


def recipe(session: Session) -> list[str]:
    """The lines of the recipe, without its comments."""
    assert session.ctx.journal is not None
    session.ctx.journal.writer.commit()
    run = look(session.ec.run_dir)
    text = recipe_of(run, run.records())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_recipe_is_what_was_done_and_went_well(journaled: Session) -> None:
    journaled("add test::Node h1", "list", "say hello", "param x 3")
    with pytest.raises(NepishellError):
        journaled("set h1 nosuch 3")
    journaled("deploy", "wait h1 STARTED", "why h1")
    assert recipe(journaled) == ["add test::Node h1", "say hello", "deploy", "wait h1 STARTED"]


def test_what_was_undone_is_not_done_again(journaled: Session) -> None:
    journaled(
        "add test::Node a", "add test::Node b", "label b c", "undo 2", "redo", "add test::Node d"
    )
    assert recipe(journaled) == ["add test::Node a", "add test::Node b", "add test::Node d"]


def test_what_was_secret_has_to_be_put_in_again(journaled: Session) -> None:
    journaled("add test::Link wire secret=hunter2")
    assert journaled.ctx.journal is not None
    journaled.ctx.journal.writer.commit()
    run = look(journaled.ec.run_dir)
    text = recipe_of(run, run.records())
    assert "hunter2" not in text
    assert "put it in again" in text


def test_a_bundle_has_the_description_and_the_facts(journaled: Session, tmp_path: Path) -> None:
    journaled("add test::Node h1", "add test::App probe on h1", "deploy", "wait probe STARTED")
    journaled(f"export {tmp_path}/run.zip")
    with Bundle(tmp_path / "run.zip") as bundle:
        bundle.verify()
        about = json.loads(bundle.text(RUN))
        described = {one["label"]: one for one in json.loads(bundle.text(EXPERIMENT))["resources"]}
        assert bundle.text(METRICS).splitlines() == ["resource,rtype,metric,value"]
        assert "add test::App probe on h1" in bundle.text(RECIPE)
    assert (about["run"], about["seed"]) == (journaled.ec.run_id, journaled.ec.seed)
    assert about["controllers"][0]["kernel"]
    assert described["probe"]["state"] == "STARTED"
    assert described["probe"]["connections"] == [described["h1"]["guid"]]
    assert [move["state"] for move in described["probe"]["times"]][-1] == "STARTED"


def test_another_run_is_exported_by_its_name(journaled: Session, tmp_path: Path) -> None:
    journaled("add test::Node h1", f"export run {journaled.ec.run_id} {tmp_path}/run.zip")
    with Bundle(tmp_path / "run.zip") as bundle:
        bundle.verify()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("export run.tar", "give it the ending .zip"),
        ("export run nosuch run.zip", "no run 'nosuch'"),
        ("export /nowhere/run.zip", "cannot be written: no such file"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(
    journaled: Session, line: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(NepishellError, match=problem):
        journaled(line)
    assert list(folder.iterdir()) == []


def test_a_run_without_a_journal_cannot_be_handed_over(session: Session) -> None:
    with pytest.raises(NepishellError, match="no journal"):
        session("export run.zip")
