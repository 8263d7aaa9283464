"""A lab that outlives its controller: what stood stands, what ended is known, nothing is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts import sessions
from nepishell.hosts.base import EXIT_STATUS, Exit
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port

pytestmark = pytest.mark.lab

#: Builds a lab with two programs, one of which ends soon, says that it is done, and is killed.
BUILDER = """
import os, signal, sys
from pathlib import Path
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port, Shape
run = Path(sys.argv[1])
lab = Lab.open(run, seed=1)
if "hold" in sys.argv:
    lab.hold()
h1, h2 = lab.add_hosts(["h1", "h2"])
ends = [Port(host=f"h{n}", ifname="eth0", addresses=(f"10.0.0.{n}/24",)) for n in (1, 2)]
lab.add_link("wire", *ends, Shape(delay=0.001), Shape(delay=0.001))
lab.add_switch("s", [Port(host="h1", ifname="eth1", addresses=("10.1.0.1/24",))])
long = h1.spawn(["sleep", "1000"], run_dir=run / "long")
short = h2.spawn(["sh", "-c", "read line; exit 7"], run_dir=run / "short", stdin=Path(sys.argv[2]))
print(lab.keeper_pid, long.pid, short.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def build(run: Path, *more: str) -> tuple[int, int, int]:
    """Run the builder to its violent end; pids of the keeper and of the two programs."""
    run.mkdir(parents=True, exist_ok=True)
    pipe = run / "pipe"
    os.mkfifo(pipe)
    # held open for both ways, so that the program there waits until we write
    writer = os.open(pipe, os.O_RDWR)
    argv = [sys.executable, "-c", BUILDER, run, pipe, *more]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    keeper, long, short = map(int, done.stdout.split())
    if not more:
        sessions.wait_gone({keeper}, 20)
    else:
        os.write(writer, b"go\n")
        sessions.wait_gone({short}, 20)
    os.close(writer)
    return keeper, long, short


def test_what_stood_is_found_again_and_goes_with_the_next_controller(tmp_path: Path) -> None:
    keeper, long, _ = build(tmp_path, "hold")
    ended: list[Exit] = []
    over = Event()

    def on_exit(end: Exit) -> None:
        ended.append(end)
        over.set()

    with Lab.open_again(tmp_path, seed=1) as lab:
        assert lab.keeper_pid == keeper
        assert lab.found.hosts == {"h1", "h2"}
        assert [end.addresses for end in lab.found.switches["s"].ends] == [("10.1.0.1/24",)]
        assert [end.host for end in lab.found.links["wire"].ends] == ["h1", "h2"]
        process = lab.host("h1").adopt(tmp_path / "long", on_exit)
        assert process is not None
        assert process.pid == long
        assert lab.host("h2").adopt(tmp_path / "short") is None
        assert (tmp_path / "short" / EXIT_STATUS).read_text() == "7\n"
        assert lab.host("h1").run(["ping", "-n", "-c1", "-W2", "10.0.0.2"]).status == 0
        process.stop(0.0)
        assert over.wait(20)
        assert ended[0].status >= 128
    # whoever adopted the keeper may be slow to bury it
    assert sessions.wait_gone([keeper], 0.0) == []


def test_the_next_controller_may_be_killed_too(tmp_path: Path) -> None:
    keeper, *_ = build(tmp_path, "hold")
    again = "import os,sys;from pathlib import Path;from nepishell.hosts.netns.lab import Lab;"
    code = again + "Lab.open_again(Path(sys.argv[1]), seed=1);os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert done.returncode == -signal.SIGKILL
    with Lab.open_again(tmp_path, seed=1) as lab:
        assert lab.keeper_pid == keeper
        lab.add_host("h3")
        assert lab.host("h3").run(["hostname"]).stdout == "h3\n"


def test_one_that_was_not_told_to_hold_goes_with_its_controller(tmp_path: Path) -> None:
    build(tmp_path)
    with pytest.raises(HostError, match="nothing is left of the lab"):
        Lab.open_again(tmp_path, seed=1)


def test_a_lab_whose_path_is_longer_than_a_socket_name_holds_too(tmp_path: Path) -> None:
    run = tmp_path / ("x" * 120)
    build(run, "hold")
    with Lab.open_again(run, seed=1) as lab:
        assert "h1" in lab.found.hosts


def test_only_the_owner_may_knock(tmp_path: Path) -> None:
    with Lab.open(tmp_path, seed=1) as lab:
        lab.hold()
        lab.hold()
        assert (tmp_path / "lab" / "door").stat().st_mode & 0o777 == 0o600


def test_a_port_may_be_plugged_in_after_a_takeover(tmp_path: Path) -> None:
    build(tmp_path, "hold")
    with Lab.open_again(tmp_path, seed=1) as lab:
        lab.add_ports("s", [Port(host="h2", ifname="eth1", addresses=("10.1.0.2/24",))])
        assert lab.host("h2").run(["ping", "-n", "-c1", "-W2", "10.1.0.1"]).status == 0
