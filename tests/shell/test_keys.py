"""Keys of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.enums import EditingMode

from nepishell.shell.adapters import Walks
from nepishell.shell.keys import explain, manual, may_explain
from tests.commands.stand import open_session
from tests.shell.conftest import Keys


@pytest.fixture
def walks(tmp_path: Path) -> Iterator[Walks]:
    with open_session(tmp_path) as session:
        session("add test::Node web[1-20]", "add test::Link wire")
        yield Walks(session.interpreter)


def lines(walks: Walks, text: str) -> list[str]:
    return explain(walks.of(text)).splitlines()


def test_at_a_new_word_it_says_what_may_come(walks: Walks) -> None:
    found = lines(walks, "wait ")
    assert any(line.startswith("  <targets>  ") for line in found)
    assert any("a duration, as in 250ms" in line for line in found)


def test_after_a_part_of_a_word_it_says_what_that_may_become(walks: Walks) -> None:
    [line] = lines(walks, "depl")
    assert line.startswith("  deploy  Build resources")
    found = lines(walks, "set w")
    assert found[0].startswith("  <targets>")
    assert "#1 test::Node NEW" in found[1]
    assert found[-1] == "  ..."
    assert lines(walks, "set wire del")[-1].startswith("  delay  ")


def test_of_a_value_it_says_what_its_attribute_says(walks: Walks) -> None:
    assert "duration - how long a packet takes" in lines(walks, "set wire delay ")[0]


def test_where_nothing_may_come_it_says_so(walks: Walks) -> None:
    assert lines(walks, "show wire ") == ["  nothing more; press Enter"]
    assert lines(walks, "show wire x") == ["  nothing begins like that"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("", True), ("wait ", True), ("dep", True), ("set wire del", True), ("exec h1 ", True),
        ("say what", False), ("say 'oh ", False), ('say "oh', False), ("list # why", False),
        ("exec web1 ls a", False), ("list | whe", True), ("list | ", True), ("zzz", True),
    ],
)  # fmt: skip
def test_it_asks_where_it_is_no_letter(walks: Walks, text: str, asks: bool) -> None:
    assert may_explain(walks.of(text)) is asks


@pytest.mark.parametrize("text", ["deploy", "depl", "deploy web1 timeout 5s", "say x; deploy "])
def test_the_help_is_that_of_the_command_on_the_line(walks: Walks, text: str) -> None:
    assert manual(walks, text).startswith("deploy [<targets>]")


def test_without_a_command_the_help_says_what_it_is_for(walks: Walks) -> None:
    assert "'help' lists all of them" in manual(walks, "")
    assert "'help' lists all of them" in manual(walks, "zzz")
    assert manual(walks, "wait").count("wait <") >= 3


def test_a_question_mark_explains_and_leaves_the_line_alone(keys: Keys) -> None:
    keys.keys("add test::Node h1\rwait ?h1 NEW\r\x04")
    said = keys.said
    assert "<targets>" in said
    assert "h1 is NEW" in said


def test_a_question_mark_followed_by_ctrl_c_is_answered(keys: Keys) -> None:
    keys.keys("wait ?\x03\x04")
    assert "a duration, as in 250ms" in keys.said


def test_a_question_mark_after_a_part_of_a_word_explains_it(keys: Keys) -> None:
    keys.keys("depl?oy\r\x04")
    said = keys.said
    assert "Build resources" in said
    assert "nothing to deploy" in said


def test_a_question_mark_in_free_text_is_a_letter(keys: Keys) -> None:
    keys.type("say what?", "say 'why ?'")
    assert keys.said == "what?\nwhy ?\n"


def test_f1_shows_the_help_of_the_command_on_the_line(keys: Keys) -> None:
    keys.keys("wait 1ms\x1bOP\r\x04")
    assert "Let time pass" in keys.said


def test_f4_changes_between_emacs_and_vi(keys: Keys) -> None:
    keys.keys("say a\x1bOS\x1b0Cb\x1b:\x03\x04")
    assert "keys are those of vi now" in keys.said
    assert keys.prompt.reader.mode is EditingMode.VI


def test_alt_dot_is_the_last_argument(keys: Keys) -> None:
    keys.keys("say one two\rsay \x1b.\r\x04")
    assert keys.said == "one two\ntwo\n"


def test_a_label_is_a_verb(keys: Keys) -> None:
    keys.keys("add test::Node h1\rdeploy wait\rh1 true here\r\x04r\r")
    assert "here\n" in keys.said


def test_help_on_the_line_is_wrapped_to_the_window(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.shell.conftest.Screen.get_size", lambda self: Size(10, 40))
    keys.keys("wait\x1bOP 1ms\r\x04")
    assert "Ctrl-C ends the wait" in keys.said
    assert max(len(line) for line in keys.said.split("\n")) <= 40
