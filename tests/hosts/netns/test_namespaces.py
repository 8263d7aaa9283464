"""Core and hosts as namespaces held by descriptors."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port
from nepishell.hosts.netns.namespaces import Core, Space, read_sysctl, write_sysctl

pytestmark = [pytest.mark.root, pytest.mark.lab]

InThread = Callable[[Callable[[], object]], object]


def own() -> int:
    return os.stat("/proc/thread-self/ns/net").st_ino  # noqa: PTH116


def test_each_host_is_another_namespace_and_the_core_is_home(in_thread: InThread) -> None:
    def story() -> tuple[int, bool]:
        with closing(Core("/etc/hosts")) as core:
            home = own()
            spaces = [Space(core, f"h{n}") for n in range(3)]
            core.enter_net()
            for space in spaces:
                space.enter()
                core.enter()
            inodes = {home, *(space.inode for space in spaces)}
            for space in spaces:
                space.close()
            return len(inodes), own() == home

    assert in_thread(story) == (4, True)


def test_forwarding_is_the_hosts_own(in_thread: InThread) -> None:
    def story() -> list[str]:
        with closing(Core("/etc/hosts")) as core, closing(Space(core, "h")) as space:
            core.enter_net()
            seen = []
            for on in (True, False):
                space.forward(on=on)
                seen.append(read_sysctl("ipv4/ip_forward"))
                space.enter()
                seen += [read_sysctl("ipv4/ip_forward"), read_sysctl("ipv6/conf/all/forwarding")]
                core.enter()
            return seen

    assert in_thread(story) == ["0", "1", "1", "0", "0", "0"]


def test_a_closed_core_and_host_leave_no_descriptor(in_thread: InThread) -> None:
    def story() -> None:
        with closing(Core("/etc/hosts")) as core, closing(Space(core, "h")) as space:
            space.enter()
            core.enter()

    before = len(list(Path("/proc/self/fd").iterdir()))
    in_thread(story)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_switch_that_this_kernel_lacks_is_nothing() -> None:
    write_sysctl("ipv4/no_such_thing", "1")
    assert read_sysctl("ipv4/no_such_thing") == ""


def test_a_device_that_somebody_made_in_a_host_is_in_nobodys_way(lab: Lab) -> None:
    hosts = lab.add_hosts(["a", "b"])
    for name in ("own0", "own1", "own2"):
        assert hosts[0].run(["ip", "link", "add", name, "type", "bridge"]).status == 0
    lab.add_link("l", *[Port(host=host.name, ifname="eth0") for host in hosts])
    assert "eth0" in hosts[0].run(["ip", "link"]).stdout
