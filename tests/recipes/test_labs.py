"""Each lab that ships: nothing is wrong with it, and it does what it promises, played for real."""

import pytest

from nepishell.labs.model import read_lab
from nepishell.labs.shelf import shipped_labs
from nepishell.labs.teacher.linting import lint
from nepishell.labs.teacher.selftest import selftest

LABS = shipped_labs()


def test_these_six_labs_ship() -> None:
    assert set(LABS) == {"addressing", "routes", "pipe", "bufferbloat", "tcp-loss", "failover"}


@pytest.mark.parametrize("name", LABS)
def test_nothing_is_wrong_with_a_lab_that_ships(name: str) -> None:
    assert lint(LABS[name]) == []
    assert read_lab(LABS[name]).points == 10


@pytest.mark.lab
@pytest.mark.parametrize("name", LABS)
def test_the_solution_is_right_and_each_mutant_is_found(name: str) -> None:
    proofs = list(selftest(read_lab(LABS[name]), seeds=1))

    assert [f"{one.what} {one.name}: {one.problem}" for one in proofs if not one.ok] == []
    assert {one.what for one in proofs} == {"start", "solution", "mutant"}
