"""Files to and from a host: 100 MB both ways, 500 small ones; ours beside scp, same cipher."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nepishell.hosts.ssh import Endpoint, SshHost

BIG, SMALL, FILES = 100 << 20, 4096, 500
CIPHER = "aes128-gcm@openssh.com"


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main(place: Path) -> None:
    """*place* holds what to connect to."""
    given = json.loads(place.read_text())["endpoints"][0]
    # in memory where it can be: a disk would be what is measured
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="bench-ssh-", dir=memory if memory.is_dir() else None) as name:
        print(json.dumps(measure(given, Path(name))))


def measure(given: dict[str, Any], folder: Path) -> dict[str, float]:
    """Seconds; files are made in *folder*, and sent there."""
    small = folder / "small"
    small.mkdir(parents=True)
    (folder / "big").write_bytes(os.urandom(BIG))
    for number in range(FILES):
        (small / str(number)).write_bytes(os.urandom(SMALL))
    there = f"{given['username']}@{given['hostname']}:{folder}"
    scp = [
        "scp", "-q", "-F", "/dev/null", "-c", CIPHER, "-P", str(given["port"]),
        "-i", given["identity"], "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
        "-o", f"UserKnownHostsFile={folder}/known", "-o", "IdentityAgent=none",
    ]  # fmt: skip

    def copy(*words: str) -> float:
        return timed(lambda: subprocess.run([*scp, *words], check=True))

    host = SshHost(Endpoint(**given))
    host.run(["true"])
    numbers = {
        "scp_up": copy(str(folder / "big"), f"{there}/a"),
        "up": timed(lambda: host.put(folder / "big", folder / "b")),
        "scp_down": copy(f"{there}/big", str(folder / "c")),
        "down": timed(lambda: host.get(folder / "big", folder / "d")),
        "scp_many": copy("-r", str(small), f"{there}/e"),
        "many": timed(lambda: host.put_all({folder / "f": small})),
    }
    host.close()
    return numbers


if __name__ == "__main__":
    main(Path(sys.argv[1]))
