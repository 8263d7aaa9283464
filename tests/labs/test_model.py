"""A lab is read whole, or refused with the place of what is wrong."""

from pathlib import Path

import pytest

from nepishell.labs.model import Hint, Lab, LabError, Mutant, Parameter, ParameterKind, read_lab
from tests.labs.building import FILES, TOML, write_lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return read_lab(write_lab(tmp_path))


def test_a_lab_has_its_steps_with_their_checks_and_hints(lab: Lab) -> None:
    assert [step.id for step in lab.steps] == ["address", "tell"]
    assert [check.id for check in lab.checks] == ["there", "has", "word"]
    assert lab.step("tell").needs == ("address",)
    assert lab.step("address").hints == (
        Hint(text="Look at `h1 ip address`.", after_fails=1),
        Hint(cost=2, reveal="solution"),
    )
    assert lab.points == 10


def test_parameters_say_how_values_are_found(lab: Lab) -> None:
    assert lab.parameters["net"] == Parameter(name="net", kind=ParameterKind.RANGE, low=1, high=200)
    assert lab.parameters["word"] == Parameter(name="word", kind=ParameterKind.HASH, digits=6)


def test_what_is_the_teachers_is_kept_apart_from_what_students_have(lab: Lab) -> None:
    assert set(lab.solutions) == {"address", "tell"}
    assert lab.mutants == (
        Mutant(name="another network", step="address", fails="has",
               file="mutants/other.nepi", text=FILES["mutants/other.nepi"]),
    )  # fmt: skip
    assert set(lab.files) == {"lab.toml", "start.nepi", "steps/1.md", "steps/2.md"}


def test_a_copy_for_students_is_a_lab(tmp_path: Path) -> None:
    copy = {name: None for name in FILES if name.startswith(("solution", "mutants"))}

    read = read_lab(write_lab(tmp_path, **copy))

    assert (read.solutions, read.mutants, len(read.steps)) == ({}, (), 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "reach"', 'kind = "reech"',
         "lab.toml:20:3: no check of kind 'reech'; did you mean 'reach'?"),
        ('needs = ["address"]', 'needs = ["adress"]',
         "lab.toml:41:1: no step 'adress' comes before 'tell'; did you mean 'address'?"),
        ("${net}.0.1/24", "${nett}.0.1/24",
         "lab.toml:28:3: no parameter 'nett' in '10.${nett}.0.1/24'; did you mean 'net'?"),
        ("points = 6", "pionts = 6",
         "lab.toml:16:1: [[step]] has no 'pionts'; did you mean 'points'?"),
        ('within = "500ms"', 'within = "2 sec"',
         "lab.toml:23:3: '2 sec' is not a duration; write a number and a unit"),
        ("range = [1, 200]", "range = [200, 1]",
         "lab.toml:9:1: 'range' is empty; write the smaller end first"),
        ("hash = 6", "hash = 600", "lab.toml:11:1: 'hash' is a number of digits, from 1 to 64"),
        ('fails = "has"', 'fails = "word"',
         "lab.toml:52:1: no check 'word' in step 'address'"),
        ('title = "Two hosts"', "title = Two hosts", "lab.toml:4:9: invalid value"),
        ('id = "has"', 'id = "there"', "lab.toml:25:3: there are two checks 'there'"),
        ('id = "has"', 'when = "befor x"', "lab.toml:25:3: 'befor x' is no moment; write 'ever'"),
        ('id = "has"', 'when = "before ther"',
         "lab.toml:25:3: no check 'ther'; did you mean 'there'?"),
        ('text = "steps/2.md"', 'text = "../x.md"', "lab.toml:40:1: no file '../x.md' in the lab"),
        ('is = "${word}"', 'hash = "12"', "lab.toml:46:3: 'hash' is what 'nepishell lab hash'"),
        ('reveal = "solution"', 'reveal = "all"',
         "lab.toml:34:3: 'reveal' can only be \"solution\""),
        ('id = "small"', 'id = "../etc"', "lab.toml:2:1: '../etc' is no name"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in TOML
    folder = write_lab(tmp_path, toml=TOML.replace(old, new, 1))

    with pytest.raises(LabError) as wrong:
        read_lab(folder)

    assert message in str(wrong.value)
    assert "^" in wrong.value.caret


def test_a_name_in_a_text_that_is_no_parameter_is_told(tmp_path: Path) -> None:
    folder = write_lab(tmp_path, **{"steps/1.md": "one\ntwo ${netz}\n"})

    with pytest.raises(LabError, match=r"steps/1\.md:2:5: no parameter 'netz'; did you mean"):
        read_lab(folder)
