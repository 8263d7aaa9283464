"""A run has one lab, whoever types in it."""

import pytest

from nepishell.commands.context import Context
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError, UnknownName
from nepishell.labs.playing import Stage
from nepishell.labs.seats import open_session, session_of


def test_one_lab_is_done_at_a_time(empty_stage: Stage) -> None:
    session = session_of(empty_stage.ctx)
    with pytest.raises(NepishellError, match="lab small goes on"):
        open_session(empty_stage.ctx, session.lab, session.variant)
    with pytest.raises(UnknownName, match="no step 'tel'; did you mean 'tell'"):
        session.find("tel")


def test_who_comes_later_is_heard_and_has_the_values(empty_stage: Stage) -> None:
    other = Context(ec=empty_stage.ec, jobs=Jobs(empty_stage.ec))

    session = session_of(other)

    assert session is empty_stage.session
    assert other.parameters["net"] == session.variant.values["net"]
    assert len(other.after) == 1
