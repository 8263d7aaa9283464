"""`true` by paramiko as it comes, and by Fabric on many endpoints."""

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import paramiko
from fabric import Config, Connection, ThreadingGroup

COMMANDS = 50


def by_paramiko(endpoint: dict[str, Any]) -> float:
    """Seconds per command on an open connection, at the median."""
    times = []
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.WarningPolicy())
        client.connect(
            endpoint["hostname"],
            endpoint["port"],
            endpoint["username"],
            key_filename=endpoint["identity"],
            allow_agent=False,
            look_for_keys=False,
        )
        for _ in range(COMMANDS):
            began = time.perf_counter()
            _, out, _ = client.exec_command("true")
            out.channel.recv_exit_status()
            times.append(time.perf_counter() - began)
    return median(times)


def by_fabric(endpoints: list[dict[str, Any]]) -> float:
    """Seconds for all at once, connections included."""
    given = {"allow_agent": False, "look_for_keys": False}
    group = ThreadingGroup.from_connections(
        Connection(
            each["hostname"],
            each["username"],
            each["port"],
            config=Config(),
            connect_kwargs={**given, "key_filename": each["identity"]},
        )
        for each in endpoints
    )
    began = time.perf_counter()
    group.run("true", hide=True, in_stream=False)
    took = time.perf_counter() - began
    group.close()
    return took


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[1]).read_text())["endpoints"]
    print(json.dumps({"fabric": by_fabric(known), "single": by_paramiko(known[0])}))
