"""A recipe without a prompt that pauses at a terminal."""

from pathlib import Path

import pytest

from tests.shell.test_main import Terminal

RECIPE = """\
# pausing: look around
param what=7
add local::Node here
pause look around
list | cols label | csv
say <${what}>
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "pausing.nepi"
    path.write_text(RECIPE)
    return path


def test_a_person_acts_in_the_middle_of_a_recipe(recipe: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, f"-m nepishell run {recipe}")
    try:
        terminal.sees("paused   >")
        terminal.type("label here there\r")
        terminal.sees("there")
        terminal.type("param what 8\r")
        terminal.sees("what is 8")
        terminal.type("continue\r")
        terminal.sees("<8>")
        assert terminal.ends() == 0
    finally:
        terminal.child.close(force=True)


def test_who_quits_ends_the_recipe(recipe: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, f"-m nepishell run {recipe}")
    try:
        terminal.sees("paused   >")
        terminal.type("quit\r")
        assert terminal.ends() == 0
    finally:
        terminal.child.close(force=True)
