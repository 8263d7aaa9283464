"""A lab as a script builds it: described, deployed, released; nothing is left when it is gone.

Describing counts as deploying, since it does where the peer is measured.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from nepishell import ExperimentController


def build(ec: ExperimentController, hosts: int) -> None:
    """N hosts on one switch, addresses by themselves."""
    switch = ec.register_resource("netns::Switch")
    for _ in range(hosts):
        ec.register_connection(ec.register_resource("netns::Node"), switch)
    ec.deploy()
    if not (reached := ec.wait_deployed(ec.resources)):
        raise SystemExit(str(reached))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ec = ExperimentController(local_dir=Path(folder))
        began = time.perf_counter()
        build(ec, int(sys.argv[1]))
        built = time.perf_counter()
        ec.shutdown()
        gone = time.perf_counter()
    print(json.dumps({"deploy": built - began, "release": gone - built}))


if __name__ == "__main__":
    main()
