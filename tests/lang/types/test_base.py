"""What all types share."""

from nepishell.lang.types.base import BaseType, Candidate, accepts, behind
from nepishell.lang.types.plain import IntType
from nepishell.lang.view import StaticView


def test_a_head_is_put_before_candidates_but_not_into_their_notes() -> None:
    asked: list[str] = []

    def note(text: str) -> str:
        asked.append(text)
        return f"about {text}"

    [plain, lazy] = behind("a,", [Candidate("b", "B"), Candidate("c", note)])

    assert (plain, asked) == (Candidate("a,b", "B"), [])
    assert callable(lazy.note)
    assert lazy.note(lazy.text) == "about c"


def test_a_type_without_candidates_is_never_half_typed() -> None:
    assert not BaseType().partial(StaticView(), {}, "x")
    assert list(BaseType().complete(StaticView(), {}, "", 9)) == []


def test_accepts_asks_parse() -> None:
    assert accepts(IntType(), StaticView(), {}, "3")
    assert not accepts(IntType(), StaticView(), {}, "x")
