"""The kernel part of a lab: N hosts on one switch through the keeper, without the engine."""

import json
import sys
import tempfile
import time
from pathlib import Path

from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port


def main() -> None:
    names = [f"h{n}" for n in range(1, int(sys.argv[1]) + 1)]
    ports = [
        Port(host=name, ifname="eth0", addresses=(f"10.0.{n // 250}.{n % 250 + 1}/16",))
        for n, name in enumerate(names)
    ]
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab.open(Path(folder), seed=1)
        began = time.perf_counter()
        lab.add_hosts(names)
        lab.add_switch("s1", ports)
        built = time.perf_counter()
        lab.close()
        gone = time.perf_counter()
    print(json.dumps({"build": built - began, "release": gone - built}))


if __name__ == "__main__":
    main()
