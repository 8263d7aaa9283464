"""A part of a lab on another machine lives and dies with its stream."""

import os
import select
import threading
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.farlab import FarLab
from nepishell.hosts.netns.lab import Lab
from tests.hosts.netns.machines import MachineHost, Stream, machine, never

pytestmark = pytest.mark.root


def test_a_closed_part_leaves_no_file_and_no_process(machines: Lab, tmp_path: Path) -> None:
    where = machine(machines, "m1", "192.168.7.1", tmp_path)
    with FarLab.on(where, seed=1, when_lost=never) as part:
        host = part.add_host("a")
        process = host.spawn(["sleep", "100"], run_dir=tmp_path / "run")
        watched = [os.pidfd_open(pid) for pid in (part.keeper_pid, process.pid)]
        assert where.folder.exists()
    for fd in watched:
        assert select.select([fd], [], [], 20)[0] == [fd]
        os.close(fd)
    assert not where.folder.exists()
    assert process.exit is not None


def test_a_lost_stream_ends_the_part_and_tells(machines: Lab, tmp_path: Path) -> None:
    lost = threading.Event()
    streams: list[Stream] = []

    class Remembering(MachineHost):
        def channel(self, argv):
            streams.append(super().channel(argv))
            return streams[-1]

    where = machine(machines, "m1", "192.168.7.1", tmp_path, Remembering)
    part = FarLab.on(where, seed=1, when_lost=lost.set)
    keeper = os.pidfd_open(part.keeper_pid)
    process = part.add_host("a").spawn(["sleep", "100"], run_dir=tmp_path / "run")
    streams[0].cut()
    assert lost.wait(20)
    assert select.select([keeper], [], [], 20)[0] == [keeper]
    os.close(keeper)
    assert part.is_gone
    assert process.exit is not None
    with pytest.raises(HostError, match="its keeper has died"):
        part.add_host("b")
    part.close()


def test_names_are_resolved_by_every_host_there(parts: tuple[FarLab, FarLab]) -> None:
    one, _ = parts
    one.set_names({"web": ["10.0.0.9"]})
    assert one.host("a").run(["getent", "hosts", "web"]).stdout.split() == ["10.0.0.9", "web"]


def test_its_address_is_that_of_the_machine(parts: tuple[FarLab, FarLab]) -> None:
    assert [part.address for part in parts] == ["192.168.7.1", "192.168.7.2"]
    assert parts[0].resolve("localhost") in ("127.0.0.1", "::1")
