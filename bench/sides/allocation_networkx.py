"""Any placement, by Hopcroft and Karp's matching on the whole graph."""

import json
import sys
import time

import networkx as nx

from bench.sides.allocation_shape import wanted


def main() -> None:
    shape, requests, hosts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    some = wanted(shape, requests, hosts)
    began = time.perf_counter()
    graph: nx.Graph[object] = nx.Graph()
    graph.add_edges_from(
        (("request", index), host) for index, accepts in enumerate(some) for host in accepts
    )
    top = [("request", index) for index in range(requests)]
    matched = nx.bipartite.hopcroft_karp_matching(graph, top)
    took = time.perf_counter() - began
    if any(node not in matched for node in top):
        raise SystemExit("not everything was placed")
    print(json.dumps({"seconds": took}))


if __name__ == "__main__":
    main()
