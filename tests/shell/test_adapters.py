"""The grammar as prompt_toolkit asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import to_plain_text
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import TransformationInput

from nepishell.shell.adapters import (
    ArgumentHint,
    GrammarCompleter,
    GrammarLexer,
    Walks,
    split_lines,
)
from nepishell.shell.guard import Guard
from tests.commands.stand import Session, open_session


class Adapters:
    def __init__(self, session: Session, folder: Path) -> None:
        self.told: list[str] = []
        self.session = session
        self.walks = Walks(session.interpreter)
        guard = Guard(self.told.append, folder / "log.txt")
        self.completer = GrammarCompleter(self.walks, guard)
        self.lexer = GrammarLexer(self.walks, guard)
        self.hinter = ArgumentHint(self.walks, guard)

    def completed(self, text: str) -> list[tuple[str, str]]:
        """(the line with each entry put in, what is shown beside it)."""
        found = self.completer.get_completions(Document(text), CompleteEvent())
        return [
            (text[: len(text) + one.start_position] + one.text, one.display_meta_text)
            for one in found
        ]

    def styles(self, text: str) -> list[tuple[str, str]]:
        line = self.lexer.lex_document(Document(text))(0)
        return [(part[1], part[0].removeprefix("class:")) for part in line if part[1].strip()]


@pytest.fixture
def adapters(tmp_path: Path) -> Iterator[Adapters]:
    with open_session(tmp_path) as session:
        session("add test::Node h1,h2", "add test::Link wire delay=20ms")
        yield Adapters(session, tmp_path)


def test_entries_replace_the_word_and_say_what_they_are(adapters: Adapters) -> None:
    assert adapters.completed("set w") == [("set wire ", "#3 test::Link NEW")]
    ((line, note),) = adapters.completed("set wire del")
    assert line == "set wire delay "
    assert "how long a packet takes" in note
    assert "set wire loss=1% delay=" in dict(adapters.completed("set wire loss=1% d"))
    assert ("add test::Link ", "A link that only remembers what it should do.") in (
        adapters.completed("add test::L")
    )


def test_an_unfinished_word_is_not_followed_by_a_blank(adapters: Adapters) -> None:
    assert [line for line, _ in adapters.completed("add test::Link x lo")] == [
        "add test::Link x loss="
    ]


def test_each_word_has_the_style_of_what_it_is(adapters: Adapters) -> None:
    assert adapters.styles("set wire delay 5ms # note") == [
        ("set", "command"),
        ("wire", "guid"),
        ("delay", "attr"),
        ("5ms", "value"),
        ("# note", "comment"),
    ]


def test_what_cannot_stand_there_is_invalid(adapters: Adapters) -> None:
    assert adapters.styles("set wire dela 5ms")[2] == ("dela", "invalid")
    assert adapters.styles("lits ")[0] == ("lits", "invalid")


def test_an_alias_is_painted_as_what_it_stands_for(adapters: Adapters) -> None:
    adapters.session.interpreter.aliases = {"slow": "set wire delay"}
    assert adapters.styles("slow 5ms") == [("slow", "command"), ("5ms", "value")]
    assert adapters.styles("slow nonsense ")[1] == ("nonsense", "invalid")


def test_a_secret_is_not_shown(adapters: Adapters) -> None:
    assert adapters.styles("set wire secret hunter2")[-1] == ("*******", "value")


def test_what_is_being_typed_is_not_invalid_yet(adapters: Adapters) -> None:
    assert adapters.styles("set wire dela")[2][1] != "invalid"


def test_a_walk_is_made_anew_when_the_experiment_changes(adapters: Adapters) -> None:
    first = adapters.walks.of("set web ")
    assert adapters.walks.of("set web ") is first
    adapters.session("add test::Node web")
    assert adapters.walks.of("set web ").error is not first.error


def hinted(adapters: Adapters, text: str) -> str:
    buffer = Buffer(document=Document(text))
    given = TransformationInput(
        BufferControl(buffer), Document(text), 0, lambda i: i, [("", text)], 80, 24
    )
    return to_plain_text(adapters.hinter.apply_transformation(given).fragments)


def test_what_is_still_to_come_is_shown_after_the_line(adapters: Adapters) -> None:
    assert hinted(adapters, "when wire") == "when wire <state> [+<delay>] <action> <targets>"
    assert hinted(adapters, "list ") == "list [<targets>]"
    assert hinted(adapters, "") == ""


def test_in_the_middle_of_a_line_there_is_no_hint(adapters: Adapters) -> None:
    assert adapters.hinter.hint(Document("set wire", cursor_position=3)) == ""


def test_a_broken_walk_costs_colours_and_entries_only(
    adapters: Adapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters.walks, "of", lambda text: 1 / 0)
    assert adapters.completed("set ") == []
    assert adapters.styles("set wire") == [("set wire", "")]
    assert adapters.hinter.hint(Document("set ")) == ""
    assert adapters.told == []
    for _ in range(5):
        assert adapters.completed("set ") == []
    assert len(adapters.told) == 1


def test_fragments_are_split_at_new_lines() -> None:
    assert split_lines([("a", "one\ntwo"), ("b", "\n"), ("c", "x")]) == [
        [("a", "one")],
        [("a", "two"), ("b", "")],
        [("b", ""), ("c", "x")],
    ]
