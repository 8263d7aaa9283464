"""Names of places as labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.ids import check_label
from nepishell.topologies.naming import Names, legible


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("New York", "new-york"),
        ("São Paulo", "sao-paulo"),
        ("Łódź", "lodz"),
        ("Gießen (DE)", "giessen-de"),
        ("AT&T / MCI", "at-t-mci"),
        ("10GbE", "n10gbe"),
        ("?", ""),
        ("東京", ""),
    ],
)
def test_a_legible_name(text: str, label: str) -> None:
    assert legible(text) == label


def test_the_second_of_a_name_gets_a_number_and_it_is_counted() -> None:
    names = Names()
    given = [names.name(text, number) for number, text in enumerate(["?", "Rome", "ROME", "?"])]
    assert given == ["n0", "rome", "rome-2", "n3"]
    assert (names.nameless, names.repeated) == (2, 1)


def test_a_number_that_is_taken_is_not_given() -> None:
    names = Names()
    assert [names.name(text, 0) for text in ("a-2", "a", "a", "all")] == [
        "a-2",
        "a",
        "a-3",
        "all-2",
    ]


@given(st.lists(st.text(max_size=80), max_size=30))
def test_every_text_becomes_a_label_of_its_own(texts: list[str]) -> None:
    names = Names()
    labels = [check_label(names.name(text, number)) for number, text in enumerate(texts)]
    assert len({label.lower() for label in labels}) == len(labels)
