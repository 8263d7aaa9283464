"""`nepishell check`: everything at once, as editors read it."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nepishell.batch.checking_main import main
from nepishell.batch.exits import Exit
from tests.batch.conftest import Played
from tests.batch.test_player import PAIR
from tests.fuzz.mutating import mutated

Check = Callable[..., Played]

WRONG = "lits\nadd test::Node web\nadd test::Node db dely=5ms\nset web delay soon\nshutdown\n"


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    def run(text: str, *options: str) -> Played:
        (tmp_path / "a.nepi").write_text(text)
        return Played(main([*options, "a.nepi"]), *capsys.readouterr())

    return run


def objects(played: Played) -> list[dict[str, Any]]:
    return [json.loads(line) for line in played.out.splitlines()]


def test_a_good_recipe_has_nothing_wrong(check: Check) -> None:
    assert check(PAIR) == (Exit.DONE, "", "a.nepi: 6 commands, nothing wrong\n")


def test_an_editor_hears_nothing_of_a_good_recipe(check: Check) -> None:
    assert check(PAIR, "--json") == (Exit.DONE, "", "")


def test_every_problem_is_one_object_where_it_stands(check: Check) -> None:
    played = check("add test::Node web\nlits\n  conect web web\nset web nope 1\n", "--json")
    assert played.status is Exit.USAGE
    assert played.err == ""
    found = objects(played)
    assert [(each["line"], each["column"], each["end_column"]) for each in found] == [
        (2, 1, 5), (3, 3, 9), (4, 9, 13),
    ]  # fmt: skip
    assert [each["suggestion"] for each in found[:2]] == ["list", "connect"]
    assert found[0] == {
        "file": "a.nepi",
        "line": 2,
        "column": 1,
        "end_column": 5,
        "severity": "error",
        "message": "no command 'lits'; did you mean 'list'?",
        "suggestion": "list",
    }


def test_the_suggestion_in_place_of_the_culprit_makes_it_right(check: Check) -> None:
    text = "add test::Node web\nconect web web\n"
    (found,) = objects(check(text, "--json"))
    lines = text.splitlines()
    line = lines[found["line"] - 1]
    begin, end = found["column"] - 1, found["end_column"] - 1
    lines[found["line"] - 1] = line[:begin] + found["suggestion"] + line[end:]
    told = objects(check("\n".join(lines), "--json"))
    assert "conect" not in str(told)


def test_what_asks_at_the_prompt_is_a_warning(check: Check) -> None:
    played = check("add test::Node web\nshutdown\n", "--json")
    assert played.status is Exit.DONE
    assert [(each["severity"], each["line"]) for each in objects(played)] == [("warning", 2)]


def test_a_warning_says_for_people_that_it_is_one(check: Check) -> None:
    assert "a.nepi:1:1: warning: this takes something away" in check("shutdown\n").err


def test_what_only_follows_is_counted_last(check: Check) -> None:
    played = check("add test::Nod web\nset web delay 5ms\n", "--json")
    assert [each["severity"] for each in objects(played)] == ["error", "info"]
    assert objects(played)[-1]["message"] == "1 more that may follow from this"


def test_what_is_to_blame_ends_with_its_line(check: Check) -> None:
    played = check("add test::Node web\nconnect \\\n    web \\\n    web\n", "--json")
    (found,) = objects(played)
    assert (found["line"], found["column"]) == (2, 1)
    assert found["end_column"] <= len("connect \\") + 1


def test_a_file_that_cannot_be_read_is_a_problem_and_the_next_is_checked(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / "b.nepi").write_bytes(b"\xff\xfe")
    played = check("lits\n", "--json", "b.nepi", "c.nepi")
    assert played.status is Exit.USAGE
    assert [each["file"] for each in objects(played)] == ["b.nepi", "c.nepi", "a.nepi"]


def test_a_text_on_standard_input_has_the_name_and_the_folder_it_is_given(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "part.nepi").write_text("add test::Node web\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("source part.nepi\nset web nope 1\n"))
    played = check("", "--json", "--as", "more/x.nepi", "-")
    assert [(each["file"], each["line"]) for each in objects(played)] == [("more/x.nepi", 2)]


def test_a_parameter_that_is_none_is_refused_in_a_line(check: Check) -> None:
    played = check(PAIR, "--param", "delay")
    assert played.status is Exit.USAGE
    assert played.err.count("\n") == 1


def test_what_is_wrong_is_told_in_the_order_of_the_lines(check: Check) -> None:
    played = check(WRONG)
    heads = [line for line in played.err.splitlines() if line.startswith("a.nepi")]
    assert [head.split(":")[1] for head in heads] == ["1", "3", "4", "5"]


def test_every_problem_of_any_text_stands_in_a_line_of_it(check: Check, tmp_path: Path) -> None:
    random_ = random.Random(3)
    for _ in range(40):
        text = mutated(random_, PAIR, [PAIR, WRONG])
        found = objects(check(text, "--json"))
        lines = (tmp_path / "a.nepi").read_text().splitlines() or [""]
        for each in found:
            assert 1 <= each["line"] <= len(lines)
            assert 1 <= each["column"] <= len(lines[each["line"] - 1]) + 1
            assert each["end_column"] >= each["column"]
            assert "\n" not in each["message"]
