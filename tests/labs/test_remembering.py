"""A session that was saved goes on where it was, for whoever resumes the run."""

import stat
from pathlib import Path

import pytest

from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.commands.journaling import open_journal
from nepishell.core.errors import NepishellError
from nepishell.labs.playing import Stage
from nepishell.labs.remembering import load
from nepishell.labs.seats import session_of


def test_a_session_goes_on_where_it_was(empty_stage: Stage) -> None:
    before, ec = empty_stage.session, empty_stage.ec
    empty_stage.ctx.journal = open_journal(ec, print)
    before.fails["address"] = 1
    found = before.hint()
    assert found is not None
    before.take(*found)
    before.next()
    before.answer(before.lab.step("tell").checks[0], before.variant.values["word"])
    empty_stage.do("add netns::Node x1")
    file = ec.run_dir / "lab" / "session.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    before.close()
    ec._shared.clear()  # as in another process
    ctx = Context(ec=ec, jobs=Jobs(ec), journal=empty_stage.ctx.journal)
    after = session_of(ctx)

    assert after.variant == before.variant
    assert list(after.deeds) == list(before.deeds)
    now, then = after.snapshot(), before.snapshot()
    assert (now.step, now.passed, now.hints, now.answers) == (
        then.step, then.passed, then.hints, then.answers,
    )  # fmt: skip
    assert ctx.parameters["net"] == before.variant.values["net"]


@pytest.mark.parametrize("text", ["", "[]", "\\xff"])
def test_what_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_text(text)

    with pytest.raises(NepishellError, match="cannot be read; 'lab start' in a new run"):
        load(tmp_path / "session.json")


def test_nothing_was_saved_is_no_error(tmp_path: Path) -> None:
    assert load(tmp_path / "session.json") is None
