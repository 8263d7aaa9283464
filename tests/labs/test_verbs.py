"""What is typed at the prompt to do a lab, and what is said to whoever mistypes."""

from pathlib import Path

import pytest

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant, spell
from nepishell.output.render import render
from tests.labs.building import write_lab


def shown(stage: Stage, line: str) -> str:
    return "\n".join(
        render(each.result, each.form or "table") for each in stage._interpreter.run(line)
    )


@pytest.mark.lab
def test_a_lab_is_done_step_by_step(stage: Stage, tmp_path: Path) -> None:
    net = stage.session.variant.values["net"]
    assert f"not  h1 reaches 10.{net}.0.2\n       seen:     " in shown(stage, "lab check")
    with pytest.raises(NepishellError, match=f"'address' is not done: h1 reaches 10.{net}.0.2; "):
        shown(stage, "lab next")

    shown(stage, "h1 ip address add 10.${net}.0.1/24 dev eth0")
    assert shown(stage, "lab check").endswith("2 of 2 hold")
    assert shown(stage, "lab next").startswith("Step 2 of 2: Say the word (4 points)")
    assert shown(stage, "lab answer no") == "word: that is not it"
    assert shown(stage, "lab answer word ${word}") == "word: that is right"
    assert shown(stage, "lab status").endswith("10 of 10 points")
    assert "that was the last step: 10 of 10 points" in shown(stage, "lab next")
    assert (tmp_path / "ann.zip").exists() is False
    assert "10 of 10 points" in shown(stage, f"lab submit {tmp_path / 'ann.zip'}")


@pytest.mark.lab
def test_checks_are_records_for_programs(stage: Stage) -> None:
    assert shown(stage, "lab check | where ok=false | cols check | csv").split() == [
        "check", "there", "has",
    ]  # fmt: skip


def test_labs_are_listed(empty_stage: Stage) -> None:
    assert "routes" in shown(empty_stage, "lab list | cols lab")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lab start routes", "lab small goes on"),
        ("lab step nope", "the lab has no step 'nope'; steps are address, tell"),
        ("lab answer 5", "step 'address' asks nothing; write lab answer NAME TEXT"),
        ("lab hint", "there is a hint after 1 more 'lab check' that fails"),
        ("lab goto 3", "the lab has no step '3'"),
    ],
)
def test_what_cannot_be_done_is_told(empty_stage: Stage, line: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        shown(empty_stage, line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lab check", "no lab was started; see 'lab list'"),
        ("lab start rutes", "did you mean 'routes'"),
        ("lab start routes with nowhere", "nowhere: cannot be read: no such file"),
        ("lab start routes as ../x", "no name of a student"),
    ],
)
def test_without_a_lab_it_says_how_to_begin(line: str, message: str) -> None:
    with ExperimentController() as ec:
        interpreter = Interpreter(Context(ec=ec, jobs=Jobs(ec)))
        with pytest.raises(NepishellError, match=message):
            interpreter.run(line)


def test_the_file_of_a_teacher_is_for_one_student(empty_stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "ann.variant"
    file.write_text(spell(practice_variant(empty_stage.session.lab, "ann")))
    folder = write_lab(tmp_path / "again")
    with ExperimentController() as ec:
        interpreter = Interpreter(Context(ec=ec, jobs=Jobs(ec)))
        with pytest.raises(NepishellError, match="is for 'ann', not for 'bob'"):
            interpreter.run(f"lab start {folder} as bob with {file}")
