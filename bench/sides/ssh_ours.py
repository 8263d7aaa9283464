"""`true` on many open connections; ends of applications; traffic while nothing happens."""

import json
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from nepishell.hosts.ssh import Endpoint, SshHost
from nepishell.hosts.ssh.lasting import STOCK
from nepishell.hosts.ssh.transport import dial

COMMANDS = 300
APPLICATIONS, HOSTS = 100, 5
KEEP_ALIVES = 2


def timed(pool: ThreadPoolExecutor, hosts: list[SshHost]) -> float:
    """Seconds for `true` on all of them at once."""
    began = time.perf_counter()
    done = list(pool.map(lambda host: host.run(["true"]), hosts))
    took = time.perf_counter() - began
    assert all(each.status == 0 for each in done)
    return took


def end_lag(hosts: list[SshHost], folder: Path) -> float:
    """Seconds from the end of an application until we know of it, at most, while all run."""
    ends = Queue[tuple[Path, float]]()
    folders = [folder / str(number) for number in range(APPLICATIONS)]

    def start(host: SshHost, run_dir: Path) -> None:
        host.spawn(
            ["sh", "-c", "sleep 1; date +%s.%N"],
            run_dir=run_dir,
            on_exit=lambda _: ends.put((run_dir, time.time())),
        )

    for number, run_dir in enumerate(folders):
        start(hosts[number % HOSTS], run_dir)
    heard = dict(ends.get(timeout=60) for _ in folders)
    return max(at - float((run_dir / "stdout").read_text()) for run_dir, at in heard.items())


def traffic(sockets: list[socket.socket]) -> int:
    """Packets with data that went over all of them so far, both ways, as the kernel counts."""
    # tcpi_data_segs_in, tcpi_data_segs_out of linux/tcp.h
    return sum(
        sum(
            struct.unpack_from(
                "=II", each.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160), 152
            )
        )
        for each in sockets
    )


def idle(endpoints: list[dict[str, Any]], folder: Path) -> float:
    """Packets with data per host and keep-alive, while all applications run and nothing happens."""
    sockets: list[socket.socket] = []

    def noted(*where: Any) -> socket.socket:
        sockets.append(found := dial(*where))
        return found

    hosts = [SshHost(Endpoint(**each), dial=noted) for each in endpoints]
    for number in range(APPLICATIONS):
        hosts[number % HOSTS].spawn(["sleep", "600"], run_dir=folder / str(number))
    # the answers of the last that was started
    time.sleep(STOCK.keep_alive_s)
    before = traffic(sockets)
    time.sleep(KEEP_ALIVES * STOCK.keep_alive_s)
    found = (traffic(sockets) - before) / len(hosts) / KEEP_ALIVES
    for host in hosts:
        host.close()
    return found


def main(place: Path) -> None:
    """*place* holds what to connect to."""
    given = json.loads(place.read_text())
    hosts = [SshHost(Endpoint(**each)) for each in given["endpoints"]]
    with ThreadPoolExecutor(len(hosts)) as pool:
        timed(pool, hosts)
        warm = median(timed(pool, hosts) for _ in range(5))
    single = []
    for _ in range(COMMANDS):
        began = time.perf_counter()
        hosts[0].run(["true"])
        single.append(time.perf_counter() - began)
    with TemporaryDirectory(dir=place.parent) as folder:
        lag = end_lag(hosts, Path(folder) / "ends")
        packets = idle(given["endpoints"][:HOSTS], Path(folder) / "idle")
    with ThreadPoolExecutor(len(hosts)) as pool:
        list(pool.map(lambda host: host.close(), hosts))
    numbers = {"warm": warm, "single": median(single), "lag": lag, "idle": packets}
    print(json.dumps(numbers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
