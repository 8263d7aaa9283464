"""Looking at what happened: this run and others."""

from pathlib import Path

import pytest

from nepishell import NepishellError
from nepishell.commands.journaling import open_journal
from nepishell.output.records import Records
from tests.commands.stand import Session, open_session


@pytest.fixture
def journaled(session: Session) -> Session:
    session.ctx.journal = open_journal(session.ec, pytest.fail)
    session(
        "add test::Node h1",
        "add test::App probe on h1",
        "when h1 STARTED +10ms start probe",
        "deploy",
        "wait probe STARTED",
    )
    return session


def rows(result: object) -> list[tuple[object, ...]]:
    assert isinstance(result, Records)
    return result.rows


def before_its_start(session: Session) -> str:
    """A moment at which `probe` was READY, as a duration."""
    ready, started = session.ec.story(session.ec.find("probe"))[-2:]
    return f"{(ready.at + started.at) / 2 * 1e3:.6f}ms"


def test_a_story_tells_all_that_happened_to_a_resource(journaled: Session) -> None:
    told = [what for _, _, what, _ in rows(journaled("story probe"))]
    assert told[0] == "added as test::App"
    assert "connected with h1" in told
    assert "waits to start after h1 STARTED +0.01s" in told
    assert told[-1] == "READY -> STARTED"


def test_the_past_is_shown_as_it_was(journaled: Session) -> None:
    found = rows(journaled(f"goto t+{before_its_start(journaled)} probe"))
    assert [(row[1], row[3].name) for row in found] == [("probe", "READY")]  # type: ignore[attr-defined]


def test_the_future_is_not_shown(journaled: Session) -> None:
    with pytest.raises(NepishellError, match="not in the past of this run"):
        journaled("goto t+1h")


def test_two_moments_are_compared(journaled: Session) -> None:
    began = before_its_start(journaled)
    found = rows(journaled(f"diff t+{began} t+{journaled.ec.clock.now()}s"))
    assert [row for row in found if row[0] == "probe"] == [("probe", "state", "READY", "STARTED")]


def test_this_run_is_listed_as_running(journaled: Session) -> None:
    (row,) = rows(journaled("runs"))
    assert row[:3] == (journaled.ec.run_id, journaled.ec.exp_id, "running")


def test_two_runs_are_compared_by_label(journaled: Session, tmp_path: Path) -> None:
    with open_session(tmp_path) as other:
        other.ctx.journal = open_journal(other.ec, pytest.fail)
        other("add test::Node h1,h2", "deploy")
        other.ec.shutdown()
    found = rows(journaled(f"diff runs {other.ec.run_id} {journaled.ec.run_id}"))
    assert ("h2", "is gone", "test::Node", "") in found
    assert ("probe", "is new", "", "test::App") in found
    assert not [row for row in found if row[:2] == ("h1", "state")]


def test_a_journal_is_verified_and_a_change_in_it_is_found(journaled: Session) -> None:
    assert "all as they were written" in journaled.text("journal verify")
    path = journaled.ec.run_dir / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"test::App", b"test::Bad"))
    with pytest.raises(NepishellError, match="records before it are intact"):
        journaled("journal verify")


def test_without_a_journal_it_says_so(session: Session) -> None:
    with pytest.raises(NepishellError, match="has no journal"):
        session("goto t+0s")


def test_a_run_that_is_not_there_is_told(journaled: Session) -> None:
    with pytest.raises(NepishellError, match="no run 'nowhere'"):
        journaled("journal verify nowhere")


def test_two_runs_need_no_more_words_and_what_is_neither_is_told(journaled: Session) -> None:
    run = journaled.ec.run_id
    assert journaled(f"diff {run} {run}").rows == []
    with pytest.raises(NepishellError, match="'zz' is neither a run nor a moment"):
        journaled(f"diff {run} zz")
    with pytest.raises(NepishellError, match=r"'t.0s' is neither a run nor a moment"):
        journaled("diff t+0s zz")
