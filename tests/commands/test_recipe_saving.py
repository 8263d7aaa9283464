"""`recipe save`: a file that is not overwritten by mistake."""

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.typist import typist


@pytest.fixture
def session(tmp_path):
    with typist(tmp_path / "runs") as found:
        found("add test::Node n", "deploy")
        yield found


def test_the_file_does_again_what_was_done(session, tmp_path):
    session(f"recipe save {tmp_path}/it.nepi")
    lines = (tmp_path / "it.nepi").read_text().splitlines()
    assert [line.partition("  #")[0].strip() for line in lines[2:]] == [
        "add test::Node n",
        "deploy",
    ]


def test_a_file_that_is_there_is_asked_about_and_over_replaces_it(session, tmp_path):
    file = tmp_path / "it.nepi"
    file.write_text("mine")
    session.ctx.confirm = lambda question: False
    session(f"recipe save {file}")
    assert file.read_text() == "mine"
    session(f"recipe save {file} over")
    assert "add test::Node n" in file.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["it.nepi"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("recipe save it.txt", "a recipe's name ends in .nepi"),
        ("recipe save /nosuch/it.nepi", "cannot be written: no such file"),
        ("recipe save it.nepi from nowhere", "no mark 'nowhere'"),
    ],
)
def test_what_cannot_be_is_one_line(session, tmp_path, monkeypatch, line, problem):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NepishellError, match=problem):
        session(line)
    assert not (tmp_path / "it.nepi").exists()


def test_nothing_done_is_nothing_to_save(tmp_path):
    with typist(tmp_path) as found, pytest.raises(NepishellError, match="nothing was done"):
        found(f"recipe save {tmp_path}/it.nepi")
