"""The best-ranked placement."""

import json
import sys
import time

from bench.sides.allocation_shape import costs, wanted
from nepishell.topologies.allocation import Request, allocate


def main() -> None:
    shape, requests, hosts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    some, dear = wanted(shape, requests, hosts), costs(hosts)
    began = time.perf_counter()
    placed = allocate([Request(accepts, dear) for accepts in some])
    took = time.perf_counter() - began
    if len(set(placed)) != requests:
        raise SystemExit("not everything was placed")
    print(json.dumps({"seconds": took}))


if __name__ == "__main__":
    main()
