"""Names written short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.lang.errors import Bad
from nepishell.lang.folding import fold, fold_in_order, spell, unfold
from nepishell.lang.selection import parse


@pytest.mark.parametrize(
    ("names", "short"),
    [
        ([], ""),
        (["web"], "web"),
        (["web1"], "web1"),
        (["web2", "web1", "db"], "db,web[1-2]"),
        (["web1", "web2", "web4", "web10", "web9"], "web[1-2,4,9-10]"),
        (["a01", "a02", "a3"], "a[01-02],a3"),
        (["a9", "a09", "a10"], "a09,a[9-10]"),
        (["x1", "y1", "y2"], "x1,y[1-2]"),
        (["n1.a", "n2.a"], "n1.a,n2.a"),
        (["web1", "web1"], "web1"),
    ],
)
def test_names_are_folded_in_natural_order(names: list[str], short: str) -> None:
    assert fold(names) == short


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("web[1-3]", ["web1", "web2", "web3"]),
        ("a[09-10]b", ["a09b", "a10b"]),
        ("a[2, 1]", ["a2", "a1"]),
    ],
)
def test_a_bracket_unfolds_to_names(text: str, names: list[str]) -> None:
    assert unfold(text) == names


@pytest.mark.parametrize("text", ["a", "a[", "a[]", "a[1-]", "a[1][2]", "a[1-2", "a[²]"])
def test_what_is_no_bracket_is_an_error(text: str) -> None:
    with pytest.raises(Bad):
        unfold(text)


LABELS = st.lists(
    st.from_regex(r"[ab][0-9]{0,3}", fullmatch=True), unique=True, min_size=1, max_size=12
)


@given(LABELS)
def test_what_is_folded_unfolds_to_the_same_names(names: list[str]) -> None:
    for short, wanted in ((fold_in_order(names), names), (fold(names), None)):
        found = [
            name
            for term in parse(short)
            for name in (unfold(term.text) if "[" in term.text else [term.text])
        ]
        assert sorted(found) == sorted(names)
        assert wanted is None or found == wanted


@given(st.lists(st.integers(0, 40)))
def test_numbers_are_spelled_in_their_order(numbers: list[int]) -> None:
    found: list[int] = []
    for part in filter(None, spell(numbers).split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)

    assert found == numbers
