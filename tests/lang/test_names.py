"""The sorted index of names."""

from hypothesis import given
from hypothesis import strategies as st

from nepishell.lang.names import Names


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
