"""Values of students: their own, reproducible, and unmoved by what is added."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.model import Lab, read_lab
from nepishell.labs.variants import (
    practice_variant,
    read_key,
    read_roster,
    read_variant,
    seed_of,
    spell,
    variant,
    variants,
)
from tests.labs.building import TOML, write_lab

KEY = b"the key of a course, never shown"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return read_lab(write_lab(tmp_path / "lab"))


def with_params(tmp_path: Path, params: str) -> Lab:
    begin, end = TOML.index("net ="), TOML.index("[[step]]")
    text = f'{TOML[:begin]}net = {{range = [1, 200]}}\nword = "x"\n{TOML[end:]}'
    text = text.replace('word = "x"\n', "word = {hash = 6}\n" + params)
    return read_lab(write_lab(tmp_path / "other", toml=text))


def test_values_are_those_of_the_lab_version_and_student(lab: Lab) -> None:
    seeds = {seed_of(KEY, lab, student) for student in ("ann", "bob")}
    assert len(seeds) == 2
    assert variant(lab, "ann", seed_of(KEY, lab, "ann")).values == {
        "net": "164", "delay": "1ms", "word": "21db39",
    }  # fmt: skip


def test_adding_a_parameter_moves_no_other(lab: Lab, tmp_path: Path) -> None:
    more = with_params(tmp_path, "first = {choice = [1, 2, 3]}\n")
    seed = seed_of(KEY, lab, "ann")

    before, after = variant(lab, "ann", seed).values, variant(more, "ann", seed).values

    assert (before["net"], before["word"]) == (after["net"], after["word"])


def test_unique_values_are_unlike_for_all_of_a_roster(tmp_path: Path) -> None:
    lab = with_params(tmp_path, 'cidr = {cidr_from = "10.0.0.0/16", prefix = 20, unique = true}\n')
    roster = [f"s{number}" for number in range(16)]

    found = variants(lab, KEY, roster)

    assert len({one.values["cidr"] for one in found.values()}) == 16
    assert variants(lab, KEY, roster[:9]) == {name: found[name] for name in roster[:9]}
    with pytest.raises(NepishellError, match="no values of cidr are left for 's16'"):
        variants(lab, KEY, [*roster, "s16"])


def test_a_formula_computes_with_numbers_without_their_units(tmp_path: Path) -> None:
    lab = with_params(
        tmp_path, 'one = {choice = [4], unit = "ms"}\ntwo = {formula = "2 * one", unit = "ms"}\n'
    )

    assert practice_variant(lab).values["two"] == "8ms"


def test_what_a_student_is_given_makes_the_same_values(lab: Lab) -> None:
    own = variants(lab, KEY, ["ann"])["ann"]

    assert read_variant(lab, spell(own), "ann.variant") == own
    assert KEY.decode() not in spell(own)
    assert own.seed not in own.id


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "not a variant"), ("[]", "not a variant"), ('{"student": "a", "seed": "12"}', "not a")],
)
def test_what_is_no_variant_is_refused(lab: Lab, text: str, message: str) -> None:
    with pytest.raises(NepishellError, match=message):
        read_variant(lab, text, "ann.variant")


def test_a_variant_of_another_lab_is_refused(lab: Lab, tmp_path: Path) -> None:
    toml = TOML.replace('version = "1"', 'version = "2"')
    later = read_lab(write_lab(tmp_path / "later", toml=toml))

    with pytest.raises(NepishellError, match="for lab small 2, this is small 1"):
        read_variant(lab, spell(practice_variant(later, "ann")), "ann.variant")


def test_keys_and_rosters_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("short\n")
    with pytest.raises(NepishellError, match="at least 16 bytes"):
        read_key(path)
    path.write_text("# class\nann,Ann\nbob\n\nann\n")
    with pytest.raises(NepishellError, match="'ann' is there twice"):
        read_roster(path)
    path.write_text("# class\nann,Ann\nbob\n")
    assert read_roster(path) == ("ann", "bob")
    path.write_text("../ann\n")
    with pytest.raises(NepishellError, match="no name of a student"):
        read_roster(path)
