"""Graphs by name."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell.core.errors import BadValue, UnknownName
from nepishell.topologies.catalogue import KINDS
from nepishell.topologies.generators import generate
from nepishell.topologies.model import HOST, ROUTER, NetworkMap


def counted(found: NetworkMap) -> tuple[int, int, int]:
    """(routers, hosts, links)."""
    kinds = Counter(place.kind for place in found.places)
    return kinds[ROUTER], kinds[HOST], len(found.cables)


@pytest.mark.parametrize(
    ("kind", "parameters", "expected"),
    [
        ("linear", {"nodes": 4}, (2, 2, 3)),
        ("ladder", {"rungs": 3}, (6, 0, 7)),
        ("mesh", {"nodes": 5}, (5, 0, 10)),
        ("tree", {"depth": 3, "fanout": 2}, (7, 8, 14)),
        ("tree", {"depth": 2, "fanout": 3}, (4, 9, 12)),
        ("star", {"arms": 5, "length": 2}, (6, 5, 10)),
        ("ring", {"nodes": 6}, (6, 0, 6)),
        ("grid", {"rows": 3, "columns": 4}, (12, 0, 17)),
        ("torus", {"rows": 3, "columns": 4}, (12, 0, 24)),
        ("dumbbell", {"left": 2, "right": 3}, (2, 5, 6)),
        ("fat-tree", {"ports": 4}, (20, 16, 48)),
        ("leaf-spine", {"spines": 2, "leaves": 3, "servers": 2}, (5, 6, 12)),
        ("random-regular", {"nodes": 10, "degree": 4}, (10, 0, 20)),
        ("adhoc", {"edges": "a-b,b-c,c-a,c-d"}, (3, 1, 4)),
    ],
)
def test_how_much_there_is(
    kind: str, parameters: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert counted(generate(kind, parameters)) == expected


def test_a_grown_graph_has_hubs() -> None:
    degrees = sorted(generate("barabasi-albert", {"nodes": 100, "attach": 2}).degrees)
    assert degrees[-1] > 4 * degrees[50]


@pytest.mark.parametrize("kind", ["waxman", "barabasi-albert", "random-regular"])
def test_the_same_seed_makes_the_same_graph_and_another_one_another(kind: str) -> None:
    assert generate(kind, {"seed": 5}) == generate(kind, {"seed": 5})
    assert generate(kind, {"seed": 5}) != generate(kind, {"seed": 6})


@given(
    kind=st.sampled_from([kind for kind in KINDS if kind != "adhoc"]),
    hosts=st.integers(0, 2),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_every_graph_is_connected_and_its_names_are_unique(
    kind: str, hosts: int, seed: int
) -> None:
    found = generate(kind, {"seed": seed}, hosts=hosts)
    assert len({place.name for place in found.places}) == len(found.places)
    reached, border = {0}, [0]
    ways: dict[int, list[int]] = {}
    for cable in found.cables:
        ways.setdefault(cable.one, []).append(cable.other)
        ways.setdefault(cable.other, []).append(cable.one)
    while border:
        new = {beyond for here in border for beyond in ways.get(here, ())} - reached
        reached |= new
        border = list(new)
    assert len(reached) == len(found.places)


def test_parts_that_were_not_joined_are_and_it_is_told() -> None:
    found = generate("waxman", {"nodes": 6, "beta": 0.0})
    assert len(found.cables) == 5
    assert found.assumed == ("6 parts that were not joined got a link between them",)


def test_hosts_are_put_at_each_router() -> None:
    assert counted(generate("ring", {"nodes": 4}, hosts=2)) == (4, 8, 12)


def test_names_that_were_given_are_not_given_again() -> None:
    names = [place.name for place in generate("adhoc", {"edges": "h1-r1"}, hosts=1).places]
    assert sorted(names) == ["h1", "h2", "h3", "r1"]


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("mesh", {"nodes": 10**9}, "nodes: '1000000000' is more than 150"),
        ("tree", {"depth": 11, "fanout": 9}, "nodes and .* links; at most 5,000"),
        ("star", {"arms": 1000, "length": 1000}, "1,000,000 nodes"),
        ("grid", {"rows": 4000, "columns": 4000}, "16,000,000 nodes"),
        ("fat-tree", {"ports": 5}, "5 is odd"),
        ("barabasi-albert", {"nodes": 3, "attach": 3}, "attach is 3"),
        ("random-regular", {"nodes": 5, "degree": 3}, "no graph has 5 nodes with 3 links"),
        ("adhoc", {}, "adhoc needs edges"),
        ("adhoc", {"edges": "a-b,c"}, "'c' is not a pair"),
        ("adhoc", {"edges": "a-a"}, "'a-a' is not a pair"),
        ("adhoc", {"edges": "a-5"}, "'5' is not a label"),
    ],
)
def test_what_cannot_be_made_is_refused_before_it_is(
    kind: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadValue, match=message):
        generate(kind, parameters)


def test_an_unknown_name_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownName, match="no topology 'tre'; did you mean 'tree'"):
        generate("tre")
