"""What a teacher types, and what comes of it."""

import json
from pathlib import Path

import pytest

from nepishell.labs.main import main
from tests.labs.building import FILES, write_lab


def test_a_new_lab_is_told_with_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "pipes", "--in", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path}/pipes: change its steps, then ")

    assert main(["new", "pipes", "--in", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told == f"nepishell lab: {tmp_path}/pipes is there already: choose another name\n"


def test_lint_tells_what_is_wrong_and_its_status_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = write_lab(tmp_path, **{"start.nepi": FILES["start.nepi"].replace("deploy", "depoly")})

    assert main(["lint", "routes", str(wrong)]) == 2
    told = capsys.readouterr().out
    assert told.startswith("routes: nothing wrong\n")
    assert "start.nepi:8:1: no command 'depoly'; did you mean 'deploy'?\n    depoly\n" in told


def test_findings_can_be_read_by_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--json", str(tmp_path)]) == 2

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "lab": str(tmp_path), "severity": "error", "message": f"{tmp_path}: not a lab: it has no "
        "lab.toml",
    }  # fmt: skip


@pytest.mark.lab
def test_a_selftest_tells_each_proof_and_its_status_is_that_of_the_lab(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = {"solution/tell.nepi": "lab answer word ${word}\n"}

    assert main(["selftest", str(write_lab(tmp_path, **answered)), "--seeds", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ok  small 1 start start.nepi",
        "ok  small 1 solution address",
        "ok  small 1 solution tell",
        "ok  small 1 mutant another network",
        "small: 4 of 4 as promised",
    ]

    write_lab(tmp_path, **answered, **{"solution/address.nepi": "list\n"})
    assert main(["selftest", str(tmp_path), "--seeds", "1", "--json"]) == 1
    proofs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["name"] for one in proofs if not one["ok"]] == ["address", "all steps"]


@pytest.mark.parametrize("seeds", ["0", "x", "1001"])
def test_a_number_of_seeds_that_is_none_is_refused(
    seeds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["selftest", "routes", "--seeds", seeds])

    assert left.value.code == 2
    assert f"'{seeds}' is no number from 1 to 1000" in capsys.readouterr().err
