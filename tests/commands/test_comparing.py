"""`compare`, as it is shown."""

import json

import pytest

from nepishell.commands.comparing import compared
from nepishell.core.errors import NepishellError
from nepishell.output.render import render
from tests.commands.typist import typist


@pytest.fixture
def runs(tmp_path):
    """The folder of two runs, and their ids."""
    found = []
    for extra in ([], ["set a word x"]):
        with typist(tmp_path) as session:
            session("add test::Node n", "add test::App a on n run_for=5s", *extra, "deploy")
            session("list", after=7.0)
            found.append(session.ec.run_id)
    return tmp_path, found


def test_it_says_what_is_different_and_what_is_not(runs):
    folder, (one, other) = runs
    text = render(compared([one, other], folder), "table")
    assert text.startswith(f"{one} -> {other}\n")
    assert ["a", "word", "x"] in [line.split() for line in text.splitlines()]
    assert "events: 5, the same order" in text
    assert "numbers: nothing was measured" in text
    assert "graph: the same" in render(compared([one, one], folder), "table")


def test_programs_get_all_of_it_as_rows(runs):
    folder, names = runs
    rows = json.loads(render(compared(names, folder), "json"))
    assert [row["name"] for row in rows if row["about"] == "graph"] == ["a word"]
    assert [row["one"] for row in rows if row["name"] == "a STOPPED"] == [5.0]


@pytest.mark.parametrize(
    ("names", "problem"),
    [(["one"], "two runs at least"), (["nix", "nox"], "no run 'nix'"),
     (["no.zip", "no.zip"], "no.zip")],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_line(tmp_path, names, problem):
    with pytest.raises(NepishellError, match=problem) as caught:
        compared(names, tmp_path)
    assert "\n" not in str(caught.value)


def test_it_is_typed_at_a_prompt(runs):
    folder, names = runs
    with typist(folder) as session:
        session(f"compare {' '.join(names)}")
