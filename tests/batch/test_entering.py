"""The recipe of a run in its journal."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.batch.conftest import Play

SECRETS = """\
# secrets, one of them over two lines
param pw hunter2
param user joe; param password hunter3
add test::Link a secret=${pw}  # that
add test::Link b secret=${password} engine=auto
add test::Link c \\
   secret="hunter4
hunter5"
set c secret hunter6; say done
"""


def entered(state_home: Path) -> dict[str, Any]:
    """The record of the recipe of the only run."""
    (journal,) = state_home.glob("*/*/journal.jsonl")
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    (found,) = [record for record in records if record["k"] == "recipe"]
    return found


def test_it_is_there_as_it_was_written_with_what_was_given(play: Play, state_home: Path) -> None:
    text = "# a test\nparam word hello\n\nsay ${word}  # indeed\n"
    assert play(text, "--param", "word=bye").status == 0
    found = entered(state_home)
    assert (found["file"], found["text"]) == ("a.nepi", text)
    assert (found["given"], found["whole"]) == ({"word": "bye"}, True)


def test_no_secret_of_it_is_in_any_file_of_the_run(play: Play, state_home: Path) -> None:
    assert play(SECRETS, "--param", "pw=hunter7").status == 0
    assert entered(state_home)["given"] == {"pw": "****"}
    assert entered(state_home)["text"] == (
        "# secrets, one of them over two lines\n"
        "param pw ****\n"
        "param user joe; param password ****\n"
        "add test::Link a secret=${pw}  # that\n"
        "add test::Link b secret=${password} engine=auto\n"
        "add test::Link c \\\n"
        "   secret=****\n"
        "set c secret ****; say done\n"
    )
    for path in state_home.rglob("*"):
        assert path.is_dir() or "hunter" not in path.read_text()


@pytest.mark.parametrize("inner", ["param pw hunter2", "add test::Link b secret=hunter2"])
def test_nor_is_one_of_a_recipe_that_it_plays(
    play: Play, state_home: Path, tmp_path: Path, inner: str
) -> None:
    (tmp_path / "inner.nepi").write_text(inner)
    assert play("source inner.nepi\nparam pw x\nadd test::Link a secret=${pw}").status == 0
    assert entered(state_home)["whole"] is False
    for path in state_home.rglob("*"):
        assert path.is_dir() or "hunter" not in path.read_text()
