"""Names of things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.core.ids import GuidGenerator, check_exp_id, check_label, new_exp_id


def test_guids_count_from_one() -> None:
    guids = GuidGenerator()

    assert [guids.generate() for _ in range(3)] == [1, 2, 3]


@given(st.lists(st.none() | st.integers(1, 1000)))
def test_a_guid_that_is_made_is_never_one_that_was_given(wanted: list[int | None]) -> None:
    guids = GuidGenerator()
    seen: set[int] = set()
    for guid in wanted:
        chosen = guids.generate(guid)
        assert guid is not None or chosen not in seen
        seen.add(chosen)


def test_peeking_takes_no_guid() -> None:
    guids = GuidGenerator()

    assert [guids.peek(), guids.peek(), guids.generate(), guids.peek()] == [1, 1, 1, 2]


def test_an_experiment_id_is_new_each_time() -> None:
    one, two = new_exp_id(), new_exp_id()

    assert one != two
    assert one.startswith("exp-")
    assert len(one) == len("exp-") + 16
    assert check_exp_id(one) == one


@pytest.mark.parametrize("text", ["", "../x", "a/b", "a b", ".hidden", "-x", "x" * 101, "a\n"])
def test_an_experiment_id_must_be_fit_for_a_folder(text: str) -> None:
    with pytest.raises(BadValue, match="is not an experiment id"):
        check_exp_id(text)


@pytest.mark.parametrize("text", ["web", "h1", "web-1.example_x", "W" * 63])
def test_accepts_a_label_that_can_name_a_host(text: str) -> None:
    assert check_label(text) == text


@pytest.mark.parametrize("text", ["", "1web", "web 1", "web/1", "ä", "w" * 64, "web\n", "a,b"])
def test_refuses_a_label_that_cannot(text: str) -> None:
    with pytest.raises(BadValue, match="is not a label; begin with a letter"):
        check_label(text)
