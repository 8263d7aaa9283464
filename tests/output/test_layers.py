"""Graphs in layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.output.layers import components, distances, layered, neighbours

Pairs = list[tuple[int, int]]


@pytest.mark.parametrize(
    ("keys", "pairs", "layers"),
    [
        ([1], [], [[1]]),
        ([1, 2, 3], [(2, 1), (2, 3)], [[1], [2], [3]]),
        ([1, 2, 3, 4, 5], [(1, 5), (2, 5), (3, 5), (4, 5)], [[1, 3], [5], [2, 4]]),
        ([1, 2, 3], [(1, 2), (2, 3), (3, 1)], [[1], [2, 3]]),
        ([1, 2], [(1, 2), (1, 2)], [[1], [2]]),
    ],
)  # fmt: skip
def test_chains_begin_at_their_end_and_stars_have_their_middle_inside(
    keys: list[int], pairs: Pairs, layers: list[list[int]]
) -> None:
    assert layered(keys, neighbours(keys, pairs)) == layers


def test_what_is_not_joined_is_another_component() -> None:
    assert components([1, 2, 3, 4], neighbours([1, 2, 3, 4], [(1, 3)])) == [[1, 3], [2], [4]]


def test_distances_are_counted_in_steps() -> None:
    assert distances(1, neighbours([1, 2, 3], [(1, 2), (2, 3)])) == {1: 0, 2: 1, 3: 2}


@given(st.integers(1, 12), st.data())
def test_every_edge_joins_neighbouring_layers_or_the_same(count: int, data: st.DataObject) -> None:
    keys = list(range(count))
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys))))
    near = neighbours(keys, pairs)
    for group in components(keys, near):
        layers = layered(group, near)
        assert sorted(key for layer in layers for key in layer) == sorted(group)
        level = {key: at for at, layer in enumerate(layers) for key in layer}
        assert all(abs(level[key] - level[o]) <= 1 for key in group for o in near[key])
