"""Lines typed before, as prompt_toolkit asks for them."""

from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document

from nepishell.commands.typed import TypedLines
from nepishell.shell.guard import Guard
from nepishell.shell.history import SharedHistory, SuggestTyped


@pytest.fixture
def lines(tmp_path: Path) -> TypedLines:
    return TypedLines(tmp_path, pytest.fail)


def test_secrets_are_taken_out_before_a_line_is_kept(lines: TypedLines) -> None:
    history = SharedHistory(lines, lambda line: line.replace("hunter2", "****"))
    history.append_string("set a b hunter2")
    assert history.get_strings() == list(history.load_history_strings()) == ["set a b ****"]


def test_a_line_that_begins_with_a_blank_is_not_in_the_file(lines: TypedLines) -> None:
    history = SharedHistory(lines, str)
    history.append_string(" say secret")
    history.append_string("say public")
    assert history.get_strings() == [" say secret", "say public"]
    assert [typed.line for typed in lines.search()] == ["say public"]


def test_the_rest_of_a_line_is_suggested(lines: TypedLines, tmp_path: Path) -> None:
    suggest = SuggestTyped(lines, Guard(pytest.fail, tmp_path / "log.txt"))
    lines.add("say something")
    found = suggest.get_suggestion(Buffer(), Document("say some"))
    assert found is not None
    assert found.text == "thing"
    assert suggest.get_suggestion(Buffer(), Document("say other")) is None


def test_a_block_is_not_suggested(lines: TypedLines, tmp_path: Path) -> None:
    suggest = SuggestTyped(lines, Guard(pytest.fail, tmp_path / "log.txt"))
    lines.add("say one\nsay two")
    assert suggest.get_suggestion(Buffer(), Document("say")) is None
