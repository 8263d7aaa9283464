"""Save and load, as lines."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session, open_session


@pytest.mark.parametrize("name", ["net.xml", "net.json"])
def test_what_was_saved_is_loaded_and_runs(pair: Session, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert pair.text(f"save {path}") == f"wrote 4 resources into {path}"
    with open_session(tmp_path) as other:
        other.ctx.remember()
        said = other.text(f"load {path}")
        assert said == f"4 resources, 3 connections and 0 conditions from {path}"
        assert other.text("plot") == pair.text("plot")
        other("undo")
        assert other.ec.resources == []
        other("redo", "deploy")
        assert other.state("probe") == "STARTED"


def test_secrets_are_not_written_and_that_is_said(pair: Session, tmp_path: Path) -> None:
    pair("set wire secret hunter2")
    assert pair.text(f"save {tmp_path}/x.json").endswith("; without the secret wire.secret")
    assert "hunter2" not in (tmp_path / "x.json").read_text()


def test_numbers_that_are_taken_are_not_taken_twice(pair: Session, tmp_path: Path) -> None:
    pair(f"save {tmp_path}/x.xml")
    with pytest.raises(NepishellError, match=r"x\.xml: line 4: guid 1 is taken by h1"):
        pair(f"load {tmp_path}/x.xml")
    assert len(pair.ec.resources) == 4
