"""A lab over two machines that are reached by SSH: real servers in namespaces that a link joins."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port
from nepishell.hosts.ssh import SshHost
from nepishell.hosts.ssh.transport import dial
from nepishell.resources.linux.node import LinuxNode
from tests.hosts.ssh.conftest import QUICK
from tests.sshd import Sshd, inside

pytestmark = pytest.mark.root

PORT = 2222


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Lab]:
    with Lab.open(tmp_path / "outside", seed=1) as outside:
        outside.add_hosts(["m1", "m2"])
        ends = [Port(host=f"m{n}", ifname="eth0", addresses=(f"192.168.7.{n}/24",)) for n in (1, 2)]
        outside.add_link("cable", *ends)
        yield outside


def namespace(machines: Lab, name: str) -> str:
    doors = machines.call("doors", name)
    assert isinstance(doors, list)
    return f"/proc/{machines.keeper_pid}/fd/{doors[0]}"


def make_host(where: dict[str, str], node: LinuxNode) -> SshHost:
    """As LinuxNode does, but that connecting begins in the machine's own network."""
    enter = where[node.hostname]

    def dial_inside(hostname: str, port: int, timeout_s: float):
        return inside(enter, partial(dial, hostname, port, timeout_s))

    return SshHost(endpoint(node), name=node.name, timing=QUICK, dial=dial_inside)


def endpoint(node: LinuxNode):
    return SERVERS[node.hostname].endpoint()


SERVERS: dict[str, Sshd] = {}


@pytest.fixture
def spread(
    lab, machines: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """m1 and m2 by SSH, a host of the lab on each: a and b."""
    where = {f"192.168.7.{n}": namespace(machines, f"m{n}") for n in (1, 2)}
    monkeypatch.setattr(LinuxNode, "_make_host", lambda node: make_host(where, node))
    with ExitStack() as stack:
        for n, host in zip("12", "ab", strict=True):
            address = f"192.168.7.{n}"
            server = Sshd(
                tmp_path / f"sshd{n}",
                address=address,
                port=PORT,
                prefix=("nsenter", f"--net={where[address]}", "--"),
            )
            SERVERS[address] = stack.enter_context(server)
            (tmp_path / f"home{n}").mkdir()
            lab.add("linux::Node", f"m{n}", hostname=address, port=PORT,
                    home=str(tmp_path / f"home{n}"))  # fmt: skip
            lab.add("netns::Node", host, f"m{n}")
        yield lab
        lab.ec.shutdown()


def test_hosts_on_both_machines_meet_over_a_shaped_link(spread, tmp_path: Path) -> None:
    spread.add("netns::Link", "l", "a", "b", delay="10ms")
    spread.add("linux::Ping", "p", "a", target="b", count=5, interval="20ms")
    spread.up()
    spread.finished("p")
    assert "5 received" in spread.ec.trace(spread.ec.find("p"), "stdout")
    assert spread.rm("l").get("measured_delay") == pytest.approx(0.01, abs=0.005)
    assert spread.run("a", "hostname").stdout == "a\n"
    assert spread.ec.release()
    for n in (1, 2):
        assert list((tmp_path / f"home{n}").iterdir()) == []


def test_a_tunnel_joins_interfaces_of_both_machines(spread) -> None:
    for n in (1, 2):
        spread.add("linux::Tap", f"t{n}", f"m{n}", ip=f"10.9.0.{n}/24")
    spread.add("linux::UdpTunnel", "tunnel", "t1", "t2")
    spread.up()
    assert spread.run("m1", "ping", "-c", "1", "-W", "5", "10.9.0.2").status == 0
    guids = [spread.ec.find(name) for name in ("t1", "t2", "tunnel")]
    assert spread.ec.release(guids)
    assert "tap" not in spread.run("m1", "ip", "-br", "link").stdout


def test_the_interface_that_we_come_by_is_not_switched_off(spread) -> None:
    spread.add("linux::Interface", "i", "m1", deviceName="eth0", up=False, critical=False)
    guids = [spread.ec.find(name) for name in ("m1", "i")]
    spread.ec.deploy(guids)
    spread.ec.wait(guids[1], "FAILED", timeout=20)
    assert spread.ec.failure(guids[1]) == (
        "eth0 is how we reach m1: it is neither switched off nor given another mac"
    )


def test_a_lost_machine_fails_its_hosts_and_keeps_nothing(spread, machines: Lab) -> None:
    for name in ("a", "b", "m1", "m2"):
        spread.ec.set(spread.ec.find(name), "critical", False)
    spread.up()
    SERVERS["192.168.7.1"].stop()
    guid = spread.ec.find("a")
    spread.ec.wait(guid, "FAILED", timeout=30)
    assert spread.ec.failure(guid) == "the connection to m1 was lost, and the host with it"
    SERVERS["192.168.7.1"].start()
    assert spread.ec.release()
