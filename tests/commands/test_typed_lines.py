"""The list of typed lines."""

from pathlib import Path

import pytest

from nepishell.commands.typed import ERROR, OK, TypedLines
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_lines_of_all_sessions_are_listed(session: Session, tmp_path: Path) -> None:
    lines = TypedLines(tmp_path / "state", pytest.fail, "exp")
    for line, result in (("say one", OK), ("lits", ERROR), ("say two", OK)):
        lines.add(line)
        lines.ended(result)
    session.ctx.typed = lines.search

    assert [row[1:] for row in session("history lines").rows] == [
        ("exp", "ok", "say one"), ("exp", "error", "lits"), ("exp", "ok", "say two"),
    ]  # fmt: skip
    assert [row[3] for row in session("history lines say").rows] == ["say one", "say two"]
    assert [row[3] for row in session("history lines say last 1").rows] == ["say two"]
    lines.close()


def test_where_nothing_is_remembered_it_says_so(session: Session) -> None:
    with pytest.raises(NepishellError, match="nothing is remembered here"):
        session("history lines")
