"""A selftest believes nothing: solutions, the start and mutants are played, and told apart."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.model import Lab, read_lab
from nepishell.labs.teacher.selftest import needed, selftest
from tests.labs.building import TOML, write_lab

ANSWERED = {"solution/tell.nepi": "lab answer word ${word}\n"}


def problems(lab: Lab) -> dict[str, str]:
    return {f"{one.what} {one.name}": one.problem for one in selftest(lab, 1) if not one.ok}


@pytest.mark.lab
def test_a_lab_that_is_as_it_should_be_has_no_problem(tmp_path: Path) -> None:
    assert problems(read_lab(write_lab(tmp_path, **ANSWERED))) == {}


@pytest.mark.lab
def test_a_wrong_solution_and_a_mutant_that_is_right_are_found(tmp_path: Path) -> None:
    right = "h1 ip address add 10.${net}.0.1/24 dev eth0\n"
    wrong = "h1 ip address add 10.${net}.0.1/32 dev eth0\n"
    changes = {"solution/address.nepi": wrong, "mutants/other.nepi": right, **ANSWERED}

    found = problems(read_lab(write_lab(tmp_path, **changes)))

    assert set(found) == {"solution address", "solution all steps", "mutant another network"}
    assert found["solution address"].startswith("check 'there' does not hold: expected ")
    assert found["solution all steps"] == "4 of 10 points"
    assert found["mutant another network"].startswith("check 'has' holds all the same: ")


@pytest.mark.lab
def test_a_start_that_solves_a_step_is_found(tmp_path: Path) -> None:
    toml = TOML.replace("[[mutant]]", "[[none]]").partition("[[none]]")[0]
    start = "param net 7\nadd netns::Node h1\nadd netns::Interface p name=eth0 " \
            "ip4=10.${net}.0.1/24\nadd netns::Switch s\nconnect h1 p s\ndeploy\n"  # fmt: skip
    toml = toml.replace('to = "10.${net}.0.2"', 'to = "10.${net}.0.1"')
    solved = {"solution/address.nepi": "list\n", "start.nepi": start, "toml": toml}

    found = problems(read_lab(write_lab(tmp_path, **solved, **ANSWERED)))

    assert found == {"start start.nepi": "passes step 'address' before anything was done"}


@pytest.mark.lab
def test_what_cannot_be_played_is_told_with_its_line(tmp_path: Path) -> None:
    changes = {"solution/address.nepi": "h1 false\n"}

    found = problems(read_lab(write_lab(tmp_path, **changes)))

    assert "address.nepi:1:1: " in found["solution address"]


def test_a_copy_for_students_cannot_be_tested(tmp_path: Path) -> None:
    lab = read_lab(write_lab(tmp_path, **{"solution/tell.nepi": None}))

    with pytest.raises(NepishellError, match=r"has no solution/tell\.nepi"):
        next(selftest(lab))


def test_a_step_needs_what_those_need_that_it_needs(tmp_path: Path) -> None:
    third = '[[step]]\nid = "last"\ntitle = "L"\npoints = 0\ntext = "steps/2.md"\n' \
            'needs = ["tell"]\n\n[[mutant]]'  # fmt: skip
    lab = read_lab(write_lab(tmp_path, toml=TOML.replace("[[mutant]]", third)))

    assert [step.id for step in needed(lab, lab.step("last"))] == ["address", "tell"]
    assert needed(lab, lab.step("address")) == []
