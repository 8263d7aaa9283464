"""The sorted index of names."""

from hypothesis import given
from hypothesis import strategies as st

from nepishell.lang.names import Fit, Names


@given(st.lists(st.text(alphabet="ab\U0010ffff", max_size=4)), st.text(alphabet="ab\U0010ffff"))
def test_prefix_search_finds_what_a_scan_finds(names: list[str], prefix: str) -> None:
    expected = sorted({name for name in names if name.startswith(prefix)})

    assert Names(names).starting_with(prefix) == expected
    assert Names(names).starting_with(prefix, 2) == expected[:2]
    assert (prefix in Names(names)) is (prefix in names)


def test_few_names_are_all_near_and_of_many_only_neighbours() -> None:
    few, many = Names(["a", "b"]), Names(f"web{n}" for n in range(10_000))

    assert few.near("zz") == ["a", "b"]
    assert "web5001" in many.near("web5001x")
    assert len(many.near("web5001x")) <= 200


@given(
    st.lists(st.text(alphabet="ab1.", min_size=1, max_size=5)),
    st.text(alphabet="ab1.", min_size=1, max_size=3),
    st.sampled_from(Fit),
)
def test_what_fits_is_what_a_scan_finds(names: list[str], typed: str, fit: Fit) -> None:
    def in_order(name: str) -> bool:
        letters = iter(name)
        return name[0] == typed[0] and all(letter in letters for letter in typed)

    wanted = {Fit.PART: lambda name: typed in name, Fit.LETTERS: in_order}[fit]
    expected = sorted(name for name in set(names) if wanted(name) and not name.startswith(typed))

    assert Names(names).fitting(fit, typed) == expected
    assert Names(names).fitting(fit, typed, 1) == expected[:1]


@given(st.sets(st.text(max_size=3)), st.integers(0, 9))
def test_names_may_be_added_one_by_one_or_many_at_once(names: set[str], early: int) -> None:
    some, others = sorted(names)[:early], sorted(names)[early:]

    assert list(Names(some).plus(others)) == list(Names(names))


def test_many_new_names_are_sorted_in() -> None:
    more = Names(["m"]).plus([f"web{n}" for n in range(99)])

    assert (len(more), "web50" in more, next(iter(more))) == (100, True, "m")
