"""`true` on many endpoints, connections included, and nothing else."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nepishell.hosts.ssh import Endpoint, SshHost


def main(place: Path) -> None:
    """*place* holds what to connect to."""
    given = json.loads(place.read_text())["endpoints"]
    hosts = [SshHost(Endpoint(**each)) for each in given]
    with ThreadPoolExecutor(len(hosts)) as pool:
        began = time.perf_counter()
        done = list(pool.map(lambda host: host.run(["true"]), hosts))
        took = time.perf_counter() - began
        list(pool.map(SshHost.close, hosts))
    assert all(each.status == 0 for each in done)
    print(json.dumps({"cold": took}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
