"""`true` on many endpoints by asyncssh, connections included."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import asyncssh


async def one(endpoint: dict[str, Any]) -> None:
    """Connect, run, hang up."""
    async with asyncssh.connect(
        endpoint["hostname"],
        endpoint["port"],
        username=endpoint["username"],
        client_keys=[endpoint["identity"]],
        known_hosts=([asyncssh.import_public_key(endpoint["server_key"])], [], []),
        config=None,
        agent_path=None,
    ) as connection:
        await connection.run("true", check=True)


async def measure(endpoints: list[dict[str, Any]]) -> float:
    """Seconds for all at once."""
    began = time.perf_counter()
    await asyncio.gather(*map(one, endpoints))
    return time.perf_counter() - began


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps({"cold": asyncio.run(measure(given["endpoints"]))}))
