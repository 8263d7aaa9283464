"""Nothing of a run is left, however it ends."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port

pytestmark = pytest.mark.lab

PATIENCE_S = 30.0

CONTROLLER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from nepishell.hosts.netns.lab import Lab
    from nepishell.hosts.netns.model import Port, Shape

    lab = Lab.open(Path(sys.argv[1]), seed=1)
    hosts = lab.add_hosts([f"h{n}" for n in range(20)])
    ports = [Port(host=host.name, ifname="eth0") for host in hosts]
    if sys.argv[2] == "building":
        print(lab.keeper_pid, flush=True)
        while True:
            lab.add_switch("s", ports)
            lab.remove_switch("s")
    lab.add_switch("s", ports)
    ends = [Port(host=name, ifname="eth1") for name in ("h1", "h2")]
    link = lab.add_link("l", *ends, Shape(delay=0.01), Shape(delay=0.01))
    link.measure()
    daemon = "setsid sleep 100 & trap '' TERM HUP; while :; do sleep 100; done"
    for host in hosts[:3]:
        host.spawn(["sh", "-c", daemon], run_dir=Path(sys.argv[1]) / host.name)
    print(lab.keeper_pid, flush=True)
    sys.stdin.read()
""")


def tree(root: int) -> dict[int, str]:
    """pid -> command of *root* and all below it."""
    found = {}
    todo = [root]
    while todo:
        pid = todo.pop()
        try:
            found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
            todo += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except OSError:
            found.pop(pid, None)
    return found


def namespaces(pids: dict[int, str]) -> set[int]:
    return {Path(f"/proc/{pid}/ns/net").stat().st_ino for pid in pids}


def network_namespaces() -> set[int]:
    """The namespaces that any process of this machine is in."""
    found = set()
    for directory in Path("/proc").iterdir():
        if directory.name.isdecimal():
            try:
                found.add((directory / "ns" / "net").stat().st_ino)
            except OSError:
                continue
    return found


def start_controller(run_dir: Path, mode: str) -> tuple["subprocess.Popen[bytes]", int]:
    """A program that owns a lab, and the pid of its keeper."""
    controller = subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, str(run_dir), mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert controller.stdout is not None
    return controller, int(controller.stdout.readline())


def wait_for_end(fds: list[int]) -> None:
    for fd in fds:
        assert select.select([fd], [], [], PATIENCE_S)[0] == [fd]
        os.close(fd)


@pytest.mark.parametrize("mode", ["building", "running"])
def test_a_killed_controller_leaves_no_process_and_no_namespace(tmp_path: Path, mode: str) -> None:
    controller, keeper = start_controller(tmp_path, mode)
    ours = tree(keeper)
    inodes = namespaces(ours) - {Path("/proc/self/ns/net").stat().st_ino}
    assert inodes
    watched = [os.pidfd_open(pid) for pid in ours]
    controller.kill()
    with controller:
        wait_for_end(watched)
    assert network_namespaces().isdisjoint(inodes)


def test_a_keeper_that_is_told_to_end_takes_everything_along(tmp_path: Path) -> None:
    controller, keeper = start_controller(tmp_path, "running")
    watched = [os.pidfd_open(pid) for pid in tree(keeper)]
    os.kill(keeper, signal.SIGTERM)
    wait_for_end(watched)
    with controller:
        controller.kill()


def test_processes_of_a_killed_keeper_end_and_are_told(tmp_path: Path) -> None:
    lab = Lab.open(tmp_path, seed=1)
    process = lab.add_host("h1").spawn(["sleep", "100"], run_dir=tmp_path / "run")
    assert process.start_time
    watched = os.pidfd_open(process.pid)
    os.kill(lab.keeper_pid, signal.SIGKILL)
    wait_for_end([watched])
    lab.close()
    assert process.exit is not None
    assert process.exit.status == 128 + signal.SIGKILL


def test_the_machine_itself_sees_no_device_of_a_lab(lab: Lab) -> None:
    before = Path("/proc/net/dev").read_text().count(":")
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [Port(host="h1", ifname="eth0"), Port(host="h2", ifname="eth0")])
    assert Path("/proc/net/dev").read_text().count(":") == before


def test_two_hundred_rounds_leave_no_descriptor_process_or_namespace(
    lab: Lab, tmp_path: Path
) -> None:
    def round_trip() -> None:
        hosts = lab.add_hosts(["h1", "h2"])
        lab.add_switch("s", [Port(host=h.name, ifname="eth0") for h in hosts])
        hosts[0].spawn(["sleep", "100"], run_dir=tmp_path / "run")
        lab.remove_host("h1")
        lab.remove_host("h2")
        lab.remove_switch("s")

    def count() -> tuple[int, int, int]:
        fds = [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in ("self", lab.keeper_pid)]
        return fds[0], fds[1], len(tree(lab.keeper_pid))

    round_trip()
    before = count()
    for _ in range(200):
        round_trip()
    assert count() == before


def test_whole_labs_leave_no_descriptor_and_no_file(tmp_path: Path) -> None:
    def whole() -> tuple[int, list[str]]:
        with Lab.open(tmp_path, seed=1) as lab:
            lab.add_host("h1").run(["true"])
        left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
        return len(list(Path("/proc/self/fd").iterdir())), left

    first = whole()
    assert [whole() for _ in range(5)] == [first] * 5
    assert first[1] == ["lab", "lab/hosts"]
