"""Which host for which request, beside a search that tries everything."""

from itertools import permutations
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell.topologies.allocation import Infeasible, Request, allocate, is_feasible

HOSTS = "abcdef"
accepts = st.sets(st.sampled_from(HOSTS)).map(lambda hosts: "".join(sorted(hosts)))
ratings = st.dictionaries(st.sampled_from(HOSTS), st.integers(-5, 5))


def brute(requests: list[Request]) -> float | None:
    """The least total cost of all placements; None when there is none."""
    totals = [
        sum(request.costs.get(host, 0) for request, host in zip(requests, chosen, strict=True))
        for chosen in permutations(HOSTS, len(requests))
        if all(host in request.accepts for request, host in zip(requests, chosen, strict=True))
    ]
    return min(totals, default=None)


def total(requests: list[Request]) -> float:
    """The cost of what allocate() chose, which is legal."""
    placed = allocate(requests)
    assert len(set(placed)) == len(placed) == len(requests)
    assert all(host in request.accepts for request, host in zip(requests, placed, strict=True))
    return sum(request.costs.get(host, 0) for request, host in zip(requests, placed, strict=True))


def check(requests: list[Request]) -> None:
    best = brute(requests)
    assert is_feasible(requests) == (best is not None)
    if best is not None:
        assert total(requests) == best
        return
    with pytest.raises(Infeasible) as raised:
        allocate(requests)
    found = raised.value
    assert len(found.requests) > len(found.supply)
    assert found.supply == set().union(*(requests[i].accepts for i in found.requests))


@settings(deadline=None)
@given(st.lists(accepts, max_size=5), ratings)
def test_with_one_ranking_it_finds_what_trying_everything_finds(wanted, costs):
    check([Request(hosts, costs) for hosts in wanted])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(accepts, ratings), max_size=5))
def test_with_a_ranking_for_each_it_finds_what_trying_everything_finds(wanted):
    check([Request(hosts, costs) for hosts, costs in wanted])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60))
def test_it_places_all_exactly_when_a_plain_matching_does(seed, requests, hosts):
    random = Random(seed)
    wanted = [
        random.sample(range(hosts), random.randint(1, min(hosts, 6))) for _ in range(requests)
    ]
    graph = nx.Graph((("request", i), host) for i, some in enumerate(wanted) for host in some)
    top = [("request", i) for i in range(requests)]
    matched = nx.bipartite.hopcroft_karp_matching(graph, top)
    assert is_feasible([Request(some) for some in wanted]) == all(node in matched for node in top)


def test_nothing_is_placed_nowhere():
    assert allocate([]) == []


def test_equal_requests_get_the_best_hosts_in_order():
    costs = {"a": 3.0, "b": 1.0, "c": 2.0}
    assert allocate([Request("abc", costs)] * 2) == ["b", "c"]
    assert allocate([Request(["z", "y"])] * 2) == ["z", "y"]


def test_a_dear_host_is_taken_when_the_cheap_one_is_needed_elsewhere():
    costs = {"a": 0.0, "b": 9.0}
    assert allocate([Request("ab", costs), Request("a", costs)]) == ["b", "a"]


# -- hard for a search that backtracks: demand and supply agree, and so does each part by itself ---


def test_hard_case_one_a_shortage_that_shows_only_in_a_union():
    """No request lacks hosts, no kind of request does: three kinds together do."""
    kinds = ["ab", "bc", "ac"]
    requests = [Request(kind) for kind in kinds] + [Request("abc")] + [Request("defg")] * 3
    with pytest.raises(Infeasible) as raised:
        allocate(requests)
    assert raised.value.requests == (0, 1, 2, 3)
    assert raised.value.supply == set("abc")


def test_hard_case_two_a_shortage_beyond_a_chain_of_swaps():
    """Each link of a long chain of two hosts each could give way, but the far end cannot."""
    chain = [Request((i, i + 1)) for i in range(60)]
    ends = [Request((0,)), Request((60,))]
    with pytest.raises(Infeasible) as raised:
        allocate([*chain, *ends, *(Request(range(100, 200)) for _ in range(50))])
    assert raised.value.requests == tuple(range(62))
    assert raised.value.supply == set(range(61))


def test_hard_case_three_one_placement_among_very_many():
    """The first choice of every request is wrong: all but the last must give way."""
    chain = [Request((i, i + 1)) for i in range(300)]
    assert allocate([*chain, Request((0,))]) == [*range(1, 301), 0]
    assert allocate([Request((300,)), *chain]) == [300, *range(300)]
