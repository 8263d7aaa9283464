"""An answer is right as people write it; a hash tells nothing of it."""

import pytest

from nepishell.labs.answers import answer_hash, is_answer


def test_blanks_and_capitals_mean_nothing() -> None:
    assert is_answer("  Longest   PREFIX ", text="longest prefix")
    assert not is_answer("prefix", text="longest prefix")


def test_a_hashed_answer_is_known_again_and_salted() -> None:
    hashed = answer_hash("62")

    assert is_answer(" 62", hashed=hashed)
    assert not is_answer("63", hashed=hashed)
    assert answer_hash("62") != hashed


@pytest.mark.parametrize(
    ("answer", "text", "right"),
    [
        ("41 ms", "40ms+-5%", True),
        ("0.041s", "40ms+-5%", True),
        ("43ms", "40ms+-5%", False),
        ("41", "40ms+-5%", False),
        ("126.0", "126", True),
        ("127", "126", False),
        ("4", "3..5", True),
        ("about forty", "40ms+-5%", False),
        ("3500kbit", "3.5mbit+-1%", True),
    ],
)
def test_a_number_is_right_in_any_unit_and_as_near_as_was_asked(
    answer: str, text: str, right: bool
) -> None:
    assert is_answer(answer, text=text) is right
