"""Parts of a lab on two machines, which are hosts of a lab of their own; needs root."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.hosts.netns.farlab import FarLab
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port
from tests.hosts.netns.machines import machine, never


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Lab]:
    with Lab.open(tmp_path / "outside", seed=1) as outside:
        outside.add_hosts(["m1", "m2"])
        ports = [
            Port(host=name, ifname="eth0", addresses=(f"192.168.7.{n}/24",))
            for n, name in enumerate(("m1", "m2"), start=1)
        ]
        outside.add_link("cable", *ports)
        yield outside


@pytest.fixture
def parts(machines: Lab, tmp_path: Path) -> Iterator[tuple[FarLab, FarLab]]:
    """With a host each: a and b."""

    def part(number: int) -> FarLab:
        where = machine(machines, f"m{number}", f"192.168.7.{number}", tmp_path)
        return FarLab.on(where, seed=1, when_lost=never)

    with part(1) as one, part(2) as two:
        one.add_host("a")
        two.add_host("b")
        yield one, two
