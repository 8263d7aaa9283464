"""A lab whose hosts are on several machines; these are hosts of a lab of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.hosts.netns.lab import Lab
from nepishell.hosts.netns.model import Port
from nepishell.resources.linux.node import LinuxNode
from tests.hosts.netns.machines import MachineHost, Stream

pytestmark = pytest.mark.root

STREAMS: dict[str, list[Stream]] = {}


class Watched(MachineHost):
    """Remembers the streams to it."""

    def channel(self, argv):
        stream = super().channel(argv)
        STREAMS.setdefault(self.name, []).append(stream)
        return stream


@pytest.fixture
def spread(lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A controller whose linux::Nodes m1 and m2 are hosts of a lab."""
    STREAMS.clear()
    with Lab.open(tmp_path / "outside", seed=1) as outside:
        outside.add_hosts(["m1", "m2"])
        ends = [Port(host=f"m{n}", ifname="eth0", addresses=(f"192.168.7.{n}/24",)) for n in (1, 2)]
        outside.add_link("cable", *ends)
        monkeypatch.setattr(LinuxNode, "_connect", lambda node: Watched(outside, node.hostname))
        for n in (1, 2):
            lab.add("linux::Node", f"m{n}", hostname=f"m{n}", ip=f"192.168.7.{n}",
                    home=str(tmp_path / f"m{n}"))  # fmt: skip
        lab.add("netns::Node", "a", "m1")
        lab.add("netns::Node", "b", "m2")
        yield lab
        lab.ec.shutdown()


def ping(lab, source: str, target: str, *words: str) -> int:
    return lab.run(source, "ping", "-n", "-c", "1", "-W", "5", *words, target).status


def test_a_link_between_machines_is_like_any_other(spread) -> None:
    spread.add("netns::Link", "l", "a", "b", delay="10ms")
    spread.up()
    link = spread.rm("l")
    assert ping(spread, "a", "b") == 0
    assert link.get("measured_delay") == pytest.approx(0.01, abs=0.004)
    assert "by VXLAN" in link.get("engine_why")
    spread.ec.set(spread.ec.find("l"), "delay", "0s")
    assert spread.run("a", "hostname").stdout == "a\n"


def test_release_leaves_nothing_on_the_machines(spread, tmp_path: Path) -> None:
    spread.add("netns::Link", "l", "a", "b")
    spread.up()
    assert spread.ec.release(), "released"
    for name in ("m1", "m2"):
        assert [stream.process.poll() for stream in STREAMS[name]] == [0]
        assert list((tmp_path / name).rglob("*")) == []


def test_applications_run_there_and_their_traces_come_here(spread) -> None:
    spread.add("netns::Switch", "s", "a", "b")
    spread.add("linux::Ping", "p", "a", target="b", count=3, interval="10ms")
    spread.up("m1", "m2", "a", "b", "s", "p")
    spread.finished("p")
    assert "3 received" in spread.ec.trace(spread.ec.find("p"), "stdout")


def test_routes_and_names_lead_over_all_machines(spread) -> None:
    spread.add("netns::Node", "r", "m2", forwarding=True)
    spread.add("netns::Node", "c", "m1")
    spread.add("netns::Link", "ar", "a", "r")
    spread.add("netns::Link", "rc", "r", "c")
    spread.up()
    assert ping(spread, "a", "c") == 0


def test_a_tunnel_joins_hosts_of_both_machines(spread) -> None:
    spread.add("netns::Link", "l", "a", "b")
    spread.add("linux::Tap", "ta", "a", ip="10.9.0.1/24", mtu=1300)
    spread.add("linux::Tap", "tb", "b", ip="10.9.0.2/24", mtu=1300)
    spread.add("linux::UdpTunnel", "t", "ta", "tb")
    spread.up()
    assert ping(spread, "a", "10.9.0.2") == 0


def test_a_machine_that_is_lost_fails_its_hosts_and_no_other(spread) -> None:
    for name in ("a", "b"):
        spread.ec.set(spread.ec.find(name), "critical", False)
    spread.up()
    STREAMS["m1"][0].cut()
    guid = spread.ec.find("a")
    spread.ec.wait(guid, "FAILED", timeout=20)
    assert spread.ec.failure(guid) == ("the connection to m1 was lost, and the host with it")
    assert spread.ec.state(spread.ec.find("b"), hr=True) == "STARTED"
    assert spread.ec.release()


def test_a_host_is_built_on_one_machine_and_stays_there(spread) -> None:
    ec = spread.ec
    with pytest.raises(NepishellError, match="a is built on m1 already"):
        ec.register_connection(ec.find("a"), ec.find("m2"))
    with pytest.raises(NepishellError, match="two nodes meet at a link"):
        ec.register_connection(ec.find("a"), ec.find("b"))
    spread.up("m1", "a")
    with pytest.raises(NepishellError, match="a is built on m1; release it first"):
        ec.unregister_connection(ec.find("a"), ec.find("m1"))
