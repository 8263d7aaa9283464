"""What is wrong with a lab is found without playing it, with the file it is in."""

from pathlib import Path

import pytest

from nepishell.labs.teacher.beginning import new_lab
from nepishell.labs.teacher.linting import lint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_lab("lab", tmp_path)


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def messages(folder: Path) -> list[tuple[bool, str]]:
    return [(one.is_error, one.message.removeprefix(f"{folder}/")) for one in lint(folder)]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("lab.toml", 'from = "h1"', 'from = "h3"',
         "lab.toml:22: check 'h1-h2': nothing is called 'h3' once the step is solved"),
        ("lab.toml", 'of = "probe.rtt.min"', 'of = "prob.rtt.min"',
         "lab.toml:52: check 'measured': nothing is called 'prob' once the step is solved; "
         "did you mean 'probe'?"),
        ("lab.toml", 'is = "${rtt}+-15%"', 'is = "${rtt}+-15"',
         "lab.toml:52: check 'measured': '20ms+-15' mixes units"),
        ("lab.toml", "text = \"`h1 ip", "text = \"${nett} `h1 ip",
         "lab.toml:15: a hint of step 'address' names 'nett', which is no parameter; "
         "did you mean 'net'?"),
        ("lab.toml", "2 * delay", "delay / (delay - delay)",
         "formula 'delay / (delay - delay)' has no result: float division by zero"),
        ("start.nepi", "add netns::Node", "add netns::Nod",
         "start.nepi:5:5: no resource type 'netns::Nod'; did you mean 'netns::Node'?"),
        ("solution/delay.nepi", "deploy probe", "deploy prob", "solution/delay.nepi:3:8: "),
        ("mutants/one-way.nepi", "deploy probe", "depoly probe",
         "mutants/one-way.nepi:3:1: no command 'depoly'; did you mean 'deploy'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    change(folder, file, old, new)

    found = messages(folder)

    assert any(is_error and message in told for is_error, told in found), found


def test_a_lab_that_cannot_be_read_is_one_finding_with_a_caret(folder: Path) -> None:
    change(folder, "lab.toml", 'kind = "reach"', 'kind = "reech"')

    (one,) = lint(folder)

    assert "no check of kind 'reech'; did you mean 'reach'?" in one.message
    assert one.caret.endswith("    ^~~~")


def test_each_step_wants_a_solution_and_a_check(folder: Path) -> None:
    (folder / "solution" / "delay.nepi").unlink()

    assert (True, "lab.toml:39: step 'delay' has no solution; write solution/delay.nepi") in (
        messages(folder)
    )


def test_what_is_only_worth_a_look_is_no_error(folder: Path) -> None:
    change(folder, "lab.toml", "[params]\n", "[params]\nidle = { hash = 4 }\n")
    text = (folder / "lab.toml").read_text()
    (folder / "lab.toml").write_text(text[: text.index("[[mutant]]")])

    assert messages(folder) == [
        (False, "lab.toml: no [[mutant]]: nothing shows that wrong solutions are found"),
        (False, "lab.toml: parameter 'idle' is used nowhere"),
    ]


def test_no_lab_at_all_is_told_too(tmp_path: Path) -> None:
    (one,) = lint(tmp_path / "nowhere")

    assert "no such lab" in one.message
