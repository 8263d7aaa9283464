"""Where the boxes of a picture stand."""

import random
from itertools import combinations

import networkx as nx
import pytest

from nepishell.formats.layout import GAP, Point, Size, apart, bounds, by_distance, on_map, on_plane

BOX = Size(80, 30)


def near_of(graph: "nx.Graph[int]") -> dict[int, list[int]]:
    return {key: list(graph[key]) for key in graph}


def boxes(count: int) -> dict[int, Size]:
    """Of different sizes, the same in every run."""
    random_ = random.Random(count)
    return {key: Size(random_.uniform(50, 160), random_.uniform(26, 90)) for key in range(count)}


def overlaps(points: dict[int, Point], sizes: dict[int, Size], gap: float = 0) -> list[object]:
    return [
        (one, two)
        for one, two in combinations(points, 2)
        if abs(points[one][0] - points[two][0]) < (sizes[one].wide + sizes[two].wide) / 2 + gap
        and abs(points[one][1] - points[two][1]) < (sizes[one].high + sizes[two].high) / 2 + gap
    ]


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(2),
        nx.star_graph(199),
        nx.random_regular_graph(3, 200, seed=1),
        nx.barabasi_albert_graph(200, 2, seed=1),
        nx.complete_graph(30),
        nx.barabasi_albert_graph(300, 1, seed=2),  # more than have a distance to each
    ],
    ids=["pair", "star", "regular", "grown", "complete", "large"],
)
def test_no_two_boxes_overlap(graph: "nx.Graph[int]") -> None:
    sizes = boxes(len(graph))
    points = by_distance([list(graph)], sizes, near_of(graph))
    assert set(points) == set(graph)
    assert overlaps(points, sizes, GAP * 0.99) == []


def test_a_chain_is_a_line_that_is_read_across() -> None:
    graph = nx.path_graph(8)
    sizes = dict.fromkeys(graph, BOX)
    points = by_distance([list(graph)], sizes, near_of(graph))
    left, top, right, bottom = bounds(points, sizes)
    assert right - left > 4 * (bottom - top)
    across = [points[key][0] for key in graph]
    assert across in (sorted(across), sorted(across, reverse=True))


def test_groups_that_are_not_joined_stand_apart() -> None:
    sizes = dict.fromkeys(range(40), BOX)
    near = {key: [key ^ 1] for key in range(40)}
    points = by_distance([[key, key + 1] for key in range(0, 40, 2)], sizes, near)
    assert overlaps(points, sizes) == []
    left, top, right, bottom = bounds(points, sizes)
    assert right - left < 2000
    assert bottom - top < 1000


def test_the_same_is_drawn_the_same() -> None:
    graph = nx.random_regular_graph(3, 20, seed=1)
    sizes = dict.fromkeys(graph, BOX)
    drawn = [by_distance([list(graph)], sizes, near_of(graph)) for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_a_map_has_north_above_and_east_at_the_right() -> None:
    places = {1: (-9.1, 38.7), 2: (24.9, 60.2), 3: (2.3, 48.9)}  # Lisbon, Helsinki, Paris
    found = on_map(places, dict.fromkeys(places, BOX), {1: [3], 2: [3], 3: [1, 2]})
    assert found[1][0] < found[3][0] < found[2][0]
    assert found[1][1] > found[3][1] > found[2][1]


def test_who_stands_nowhere_stands_near_its_peers() -> None:
    places = {1: (0.0, 0.0), 2: (1000.0, 0.0)}
    near = {1: [3], 2: [], 3: [1, 4], 4: [3], 5: []}
    sizes = dict.fromkeys(near, BOX)
    found = on_plane(places, sizes, near)
    assert set(found) == set(near)
    assert overlaps(found, sizes) == []
    assert abs(found[3][0] - found[1][0]) < abs(found[3][0] - found[2][0])


def test_places_on_one_line_are_kept_on_it() -> None:
    places = {key: (float(key), 0.0) for key in range(5)}
    found = on_plane(places, dict.fromkeys(places, BOX), {key: [] for key in places})
    assert sorted(found, key=lambda key: found[key][0]) == list(places)


def test_boxes_on_one_spot_are_pushed_apart() -> None:
    sizes = boxes(50)
    found = apart(dict.fromkeys(range(50), (0.0, 0.0)), sizes)
    assert overlaps(found, sizes) == []
