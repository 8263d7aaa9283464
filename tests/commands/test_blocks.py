"""Words of recipes, where they may not stand."""

import pytest

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


@pytest.mark.parametrize("word", ["for x in a,b", "on-fail", "end", "include a.nepi"])
def test_a_word_of_recipes_alone_is_refused_in_another_command(session: Session, word: str) -> None:
    with pytest.raises(NepishellError, match=r"stands at the beginning of a line|ends nothing"):
        session(word)


def test_a_place_is_no_label(session: Session) -> None:
    session("add test::Link wire")
    assert session("label measured:").facts["place"] == "measured"
    session("label wire cable")
    assert session.ec.label(1) == "cable"
    with pytest.raises(NepishellError):
        session("label measured")


def test_a_place_is_written_as_it_was_read(session: Session) -> None:
    (call,) = session.interpreter.walk("label measured:").calls
    assert session.interpreter.spell(call) == "label measured:"
