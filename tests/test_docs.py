"""What README.md says is what the program does: its table is generated, its blocks are run."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import nepishell
from nepishell import cli
from nepishell.commands.declared import commands
from nepishell.lang.registry import Command
from tests import readme
from tests.readme import Block

TOP = Path(__file__).resolve().parent.parent
TASKS = re.compile(r"^    ([a-z]+)\)$", re.MULTILINE)


def run(argv: list[str], folder: Path) -> str:
    """All output of a program that must succeed; its runs are kept in *folder*."""
    done = subprocess.run(
        argv,
        cwd=folder,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def shell_lines() -> list[str]:
    """What README.md tells to type in a terminal, without comments."""
    lines = "".join(block.text for block in readme.blocks("sh")).splitlines()
    return [words for line in lines if (words := line.partition(" #")[0].strip())]


def typed_at_the_prompt(session: Block) -> list[str]:
    return [line.partition("> ")[2] for line in session.text.splitlines() if is_prompt(line)]


def is_prompt(line: str) -> bool:
    return line.startswith("nepishell> ")


def test_the_generated_parts_are_up_to_date() -> None:
    text = readme.README.read_text()

    assert readme.regenerated(text) == text, "run ./dev docs"


@pytest.mark.parametrize("command", list(commands), ids=lambda command: command.name)
def test_each_command_is_in_the_table_with_its_help(command: Command) -> None:
    row = f"| `{readme.escaped(command.usage)}` | {readme.escaped(command.summary)} |"

    assert row in readme.README.read_text()


@pytest.mark.lab
@pytest.mark.parametrize("block", readme.blocks("python"), ids=str)
def test_each_python_block_runs(block: Block, tmp_path: Path) -> None:
    run([sys.executable, "-W", "error", "-c", block.text], tmp_path)


@pytest.mark.lab
@pytest.mark.parametrize("block", readme.blocks("nepi"), ids=str)
def test_each_recipe_block_plays(block: Block, tmp_path: Path) -> None:
    recipe = tmp_path / "block.nepi"
    recipe.write_text(block.text)

    run([sys.executable, "-m", "nepishell", "run", "--yes", str(recipe)], tmp_path)


@pytest.mark.lab
@pytest.mark.parametrize(
    "block", [b for b in readme.blocks("text") if typed_at_the_prompt(b)], ids=str
)
def test_what_is_typed_in_the_picture_of_a_session_can_be_typed(
    block: Block, tmp_path: Path
) -> None:
    lines = typed_at_the_prompt(block)

    run([sys.executable, "-m", "nepishell", "-c", "\n".join(lines)], tmp_path)


@pytest.mark.lab
@pytest.mark.parametrize("line", [w for w in shell_lines() if w.startswith("nepishell ")])
def test_each_nepishell_line_works(line: str, tmp_path: Path) -> None:
    run([sys.executable, "-m", *shlex.split(line)], tmp_path)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_each_task_of_dev_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"\./dev ([a-z]+)", (TOP / document).read_text()))

    assert named <= set(TASKS.findall((TOP / "dev").read_text()))


@pytest.mark.parametrize("recipe", sorted((TOP / "recipes").glob("*.nepi")), ids=lambda p: p.name)
def test_each_recipe_says_in_its_first_lines_what_it_shows(recipe: Path) -> None:
    first, *_ = recipe.read_text().splitlines()

    assert re.fullmatch(rf"# {recipe.stem}: .{{20,}}", first)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "DESIGN.md"])
def test_links_to_files_point_at_files(name: str) -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)", (TOP / name).read_text())

    assert [target for target in targets if not (TOP / target).exists()] == []


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]

    assert {nepishell.__version__, cli.VERSION} == {project["version"]}
