"""`true` on many endpoints by asyncssh, connections included: as it comes, or as ours asks."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import asyncssh

#: What we ask for first.
ALIKE = {
    "kex_algs": ["ecdh-sha2-nistp256"],
    "encryption_algs": ["aes128-gcm@openssh.com"],
}


async def one(endpoint: dict[str, Any], algorithms: dict[str, list[str]]) -> None:
    """Connect, run, hang up."""
    async with asyncssh.connect(
        endpoint["hostname"],
        endpoint["port"],
        username=endpoint["username"],
        client_keys=[endpoint["identity"]],
        known_hosts=([asyncssh.import_public_key(endpoint["server_key"])], [], []),
        config=None,
        agent_path=None,
        **algorithms,
    ) as connection:
        await connection.run("true", check=True)


async def measure(endpoints: list[dict[str, Any]], algorithms: dict[str, list[str]]) -> float:
    """Seconds for all at once."""
    began = time.perf_counter()
    await asyncio.gather(*(one(each, algorithms) for each in endpoints))
    return time.perf_counter() - began


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    wanted = ALIKE if "alike" in sys.argv else {}
    print(json.dumps({"cold": asyncio.run(measure(given["endpoints"], wanted))}))
