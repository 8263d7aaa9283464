"""What a command says."""

from nepishell.commands.notes import names_of, note, tell
from nepishell.output.records import Record


def test_a_note_is_a_sentence_and_facts() -> None:
    assert note("two added", guids=[1, 2]).as_record() == Record(
        {"message": "two added", "guids": [1, 2]}
    )


def test_an_answer_is_asked_for() -> None:
    assert (note("x").asked, tell("x").asked) == (False, True)


def test_columns_are_named_without_their_kind() -> None:
    assert names_of(("label", "next:duration")) == ("label", "next")
