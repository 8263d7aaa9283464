"""A lab is played without a person, and nothing of it is left."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.labs.model import Lab, read_lab
from nepishell.labs.playing import Stage
from nepishell.labs.variants import practice_variant
from tests.labs.building import write_lab


@pytest.mark.lab
def test_the_solution_of_each_step_makes_its_checks_hold(stage: Stage) -> None:
    session = stage.session
    assert not any(result.ok for result in session.check())

    for step in session.lab.steps:
        session.restore(step)

    assert session.snapshot().passed == ("address", "tell")
    assert session.snapshot().points == 10


@pytest.mark.lab
def test_a_mutant_fails_its_own_check(stage: Stage, small: Lab) -> None:
    (mutant,) = small.mutants

    stage.session.play(mutant.text, mutant.file)

    results = {one.id: one.ok for one in stage.session.check()}
    assert results[mutant.fails] is False


def test_a_mistake_in_a_recipe_of_the_lab_is_told_with_its_line(tmp_path: Path) -> None:
    lab = read_lab(write_lab(tmp_path, **{"start.nepi": "say x\nadd netns::Nod h1\n"}))

    with (
        Stage(lab, practice_variant(lab), tmp_path / "runs") as stage,
        pytest.raises(NepishellError, match=r"start\.nepi:2:5: "),
    ):
        stage.session.begin()


@pytest.mark.lab
def test_all_is_released_in_the_end(small: Lab, tmp_path: Path) -> None:
    with Stage(small, practice_variant(small), tmp_path / "runs") as stage:
        stage.session.begin()
        guids = stage.ec.resources
        assert stage.ec.state(guids[0]) is ResourceState.STARTED

    assert {stage.ec.state(guid) for guid in guids} == {ResourceState.RELEASED}
