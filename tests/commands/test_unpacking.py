"""Runs by name, or in the file that `export` wrote."""

import pytest

from nepishell.commands.bundles import export_run
from nepishell.commands.unpacking import run_or_bundle
from nepishell.core.errors import NepishellError
from nepishell.journal.runs import find
from tests.commands.typist import typist


def test_a_run_in_a_file_is_the_run_that_was_handed_over(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n")
    file = tmp_path / "it.zip"
    export_run(find(tmp_path, session.ec.run_id), file)
    for name in (str(file), session.ec.run_id, "typed"):
        with run_or_bundle(name, tmp_path) as run:
            assert run.run_id == session.ec.run_id
            assert next(iter(run.events()))
    if file.exists():
        assert not run.path.name.endswith(".zip")


def test_what_is_no_bundle_is_told(tmp_path):
    (tmp_path / "no.zip").write_text("no zip")
    with (
        pytest.raises(NepishellError, match=r"no\.zip"),
        run_or_bundle(str(tmp_path / "no.zip"), tmp_path),
    ):
        pass
