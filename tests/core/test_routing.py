from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.routing import Hop, RoutedSegment, plan_routes


def segment(k: int, *nodes: str) -> RoutedSegment:
    """Network 10.0.k.0/24 with the nodes .1, .2, ..."""
    return RoutedSegment(
        network=ip_network(f"10.0.{k}.0/24"),
        ports={node: f"10.0.{k}.{n}" for n, node in enumerate(nodes, 1)},
    )


CHAIN = [segment(1, "a", "r1"), segment(2, "r1", "r2"), segment(3, "r2", "b")]


def test_without_a_router_there_is_no_route():
    assert plan_routes([segment(1, "a", "b"), segment(2, "b", "c")], []) == {}


def test_a_host_with_one_way_out_gets_one_default_route():
    assert plan_routes(CHAIN, ["r1", "r2"])["a"] == (Hop("default", "10.0.1.2"),)


def test_a_router_gets_no_default_route():
    assert plan_routes(CHAIN, ["r1", "r2"])["r1"] == (Hop("10.0.3.0/24", "10.0.2.2"),)


def test_hosts_never_forward():
    routes = plan_routes([segment(1, "a", "h"), segment(2, "h", "r"), segment(3, "r", "b")], ["r"])
    assert "a" not in routes
    assert routes["h"] == (Hop("default", "10.0.2.2"),)


def test_the_way_with_fewest_hops_is_taken():
    square = [
        segment(1, "a", "r1"),
        segment(2, "r1", "r2"),
        segment(3, "r2", "r3"),
        segment(4, "r1", "r3"),
        segment(5, "r3", "b"),
    ]
    routes = plan_routes(square, ["r1", "r2", "r3"])
    assert Hop("10.0.5.0/24", "10.0.4.2") in routes["r1"]


def test_a_tie_goes_to_what_was_connected_first():
    twice = [segment(1, "a", "r1", "r2"), segment(2, "r1", "r2", "b")]
    assert plan_routes(twice, ["r1", "r2"])["a"] == (Hop("default", "10.0.1.2"),)
    swapped = [segment(1, "a", "r1", "r2"), segment(2, "r2", "r1", "b")]
    assert plan_routes(swapped, ["r1", "r2"])["a"] == (Hop("default", "10.0.1.3"),)


def test_a_host_with_two_ways_out_gets_a_route_for_each_network():
    routes = plan_routes(
        [
            segment(1, "r1", "h"),
            segment(2, "h", "r2"),
            segment(3, "r1", "x"),
            segment(4, "r2", "y"),
        ],
        ["r1", "r2"],
    )
    assert routes["h"] == (Hop("10.0.3.0/24", "10.0.1.1"), Hop("10.0.4.0/24", "10.0.2.2"))


def test_a_part_that_cannot_be_reached_gets_no_route():
    routes = plan_routes([*CHAIN, segment(9, "x", "y")], ["r1", "r2"])
    assert "x" not in routes
    assert all(hop.network != "10.0.9.0/24" for hop in routes["r1"])


def test_adjacent_networks_of_a_long_chain_are_merged_for_routers():
    chain = [segment(k, f"r{k}", f"r{k + 1}") for k in range(1, 200)]
    routes = plan_routes(chain, [f"r{k}" for k in range(1, 201)])
    assert len(routes["r1"]) < 16


def next_hop(routes: dict, node: str, network: str) -> str | None:
    for hop in routes.get(node, ()):
        if hop.network in (network, "default"):
            return hop.via
    return None


@given(st.integers(2, 12), st.data())
def test_following_the_routes_always_arrives(count, data):
    edges = [(data.draw(st.integers(0, k - 1)), k) for k in range(1, count)]
    extra = data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))
    edges += [(a, b) for a, b in extra if a != b]
    segments = [segment(k, f"r{a}", f"r{b}") for k, (a, b) in enumerate(edges, 1)]
    routes = plan_routes(segments, [f"r{n}" for n in range(count)])
    owner = {address: node for s in segments for node, address in s.ports.items()}
    for goal in segments:
        for start in range(count):
            here, steps = f"r{start}", 0
            while here not in goal.ports:
                via = next_hop(routes, here, str(goal.network))
                assert via is not None
                here, steps = owner[via], steps + 1
                assert steps <= count


def test_the_cheaper_way_is_taken_though_it_has_more_hops():
    def priced(k: int, cost: int, *nodes: str) -> RoutedSegment:
        return RoutedSegment(network=segment(k).network, ports=segment(k, *nodes).ports, cost=cost)

    triangle = [priced(1, 90, "r1", "r2"), priced(2, 20, "r1", "r3"), priced(3, 20, "r3", "r2"),
                priced(4, 0, "r2", "b")]  # fmt: skip
    routes = plan_routes(triangle, ["r1", "r2", "r3"])
    assert Hop("10.0.4.0/24", "10.0.2.2") in routes["r1"]


def test_long_tables_lead_each_packet_the_cheapest_way_to_its_end():
    # a ring of 100 routers with a spur at each: more routes than are written one by one
    count = 100
    ring = [
        RoutedSegment(network=segment(k + 1).network, cost=1 + k % 7,
                      ports=segment(k + 1, f"r{k}", f"r{(k + 1) % count}").ports)
        for k in range(count)
    ]  # fmt: skip
    spurs = [segment(k + count + 1, f"r{k}", f"h{k}") for k in range(count)]
    routes = plan_routes([*ring, *spurs], [f"r{k}" for k in range(count)])
    owner = {address: node for s in (*ring, *spurs) for node, address in s.ports.items()}
    tables = {node: [(ip_network(hop.network), hop.via) for hop in routes[node]]
              for node in routes if node.startswith("r")}  # fmt: skip
    assert max(len(table) for table in tables.values()) < count
    total = sum(s.cost for s in ring)
    for goal in (0, 37, 99):
        target, here, steps = ip_network(f"10.0.{count + 1 + goal}.0/24"), "r50", 0
        while here != f"r{goal}":
            fitting = [(net.prefixlen, via) for net, via in tables[here] if target.subnet_of(net)]
            here, steps = owner[max(fitting)[1]], steps + 1
            assert steps <= count
        clockwise = sum(ring[k % count].cost for k in range(50, goal + (0 if goal > 50 else count)))
        ways = {(goal - 50) % count: clockwise, (50 - goal) % count: total - clockwise}
        assert ways[steps] == min(ways.values())
