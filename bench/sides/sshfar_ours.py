"""Behind a slow path: ours, in round trips; and many hosts at once, in seconds."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median

from bench.sides.sshfar_openssh import round_trip, timed
from nepishell.hosts.ssh import Endpoint, SshHost

FRESH, WARM = 5, 20


def main(place: Path) -> None:
    """*place* holds what to connect to."""
    given = json.loads(place.read_text())["endpoints"]
    trip = round_trip(given[0])
    fresh = []
    for _ in range(FRESH):
        with closing(SshHost(Endpoint(**given[0]))) as host:
            fresh.append(timed(partial(host.run, ["true"])))
            warm = [timed(partial(host.run, ["true"])) for _ in range(WARM)]
    hosts = [SshHost(Endpoint(**each)) for each in given]
    with ThreadPoolExecutor(len(hosts)) as pool:
        many = timed(lambda: list(pool.map(lambda host: host.run(["true"]), hosts)))
        list(pool.map(SshHost.close, hosts))
    numbers = {"fresh": median(fresh) / trip, "warm": median(warm) / trip, "many": many}
    print(json.dumps(numbers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
