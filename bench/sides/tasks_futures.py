"""The same tasks by concurrent.futures, which has no clock and no order to keep."""

import itertools
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event


def main() -> None:
    tasks, threads = int(sys.argv[1]), int(sys.argv[2])
    ran, done = itertools.count(1), Event()

    def task() -> None:
        if next(ran) == tasks:
            done.set()

    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        for _ in range(tasks):
            pool.submit(task)
        done.wait()
        took = time.perf_counter() - began
    print(json.dumps({"per_second": tasks / took}))


if __name__ == "__main__":
    main()
