"""Behind a slow path: OpenSSH as it comes, in round trips."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

FRESH, TRIPS = 5, 5


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def round_trip(endpoint: dict[str, Any]) -> float:
    """Seconds that a TCP connection takes."""
    place = (endpoint["hostname"], endpoint["port"])
    return median(timed(lambda: socket.create_connection(place).close()) for _ in range(TRIPS))


def main(place: Path) -> None:
    """*place* holds what to connect to."""
    given = json.loads(place.read_text())["endpoints"][0]
    known = place.parent / "known"
    known.write_text(f"[{given['hostname']}]:{given['port']} {given['server_key']}\n")
    argv = [
        "ssh", "-F", "/dev/null", "-p", str(given["port"]), "-i", given["identity"],
        "-o", f"UserKnownHostsFile={known}", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
        f"{given['username']}@{given['hostname']}", "true",
    ]  # fmt: skip
    trip = round_trip(given)
    fresh = median(timed(lambda: subprocess.run(argv, check=True)) for _ in range(FRESH))
    print(json.dumps({"fresh": fresh / trip}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
