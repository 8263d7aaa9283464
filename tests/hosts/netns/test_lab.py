"""The embedded lab on the real kernel: what is built, what is refused, what is left behind."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nepishell.core.errors import BadValue, HostError
from nepishell.hosts import sessions
from nepishell.hosts.netns.lab import Lab, derived_mac, derived_seed
from nepishell.hosts.netns.model import Port, Route

pytestmark = pytest.mark.lab


def port(host: str, number: int = 0, **more: object) -> Port:
    addresses = (f"10.0.{number}.{host[1:]}/24",)
    return Port(host=host, ifname=f"eth{number}", addresses=addresses, **more)  # type: ignore[arg-type]


def reaches(lab: Lab, source: str, target: str) -> bool:
    host = lab.host(source)
    # the kernel asks for a neighbour once a second: an answer may be due just after the first
    return host.run(["ping", "-n", "-c1", "-W2", target]).status == 0


def test_hosts_on_a_switch_reach_each_other_and_themselves(lab: Lab) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1"), port("h2")])
    assert [reaches(lab, "h1", to) for to in ("10.0.0.2", "127.0.0.1", "::1")] == [True] * 3


def test_a_host_shows_only_what_was_made_for_it(lab: Lab) -> None:
    host = lab.add_host("h1")
    lab.add_host("h2")
    mac = "02:00:00:00:00:07"
    lab.add_switch("s", [port("h1", mac=mac, mtu=1400), port("h2")])
    assert host.run(["hostname"]).stdout == "h1\n"
    assert host.run(["ls", "/sys/class/net"]).stdout.split() == ["eth0", "lo"]
    shown = host.run(["ip", "-o", "link", "show", "eth0"]).stdout
    assert mac in shown
    assert "mtu 1400" in shown


def test_ipv6_comes_on_request_and_works_at_once(lab: Lab) -> None:
    lab.add_hosts(["h1", "h2", "h3"])
    ends = [Port(host=f"h{n}", ifname="eth0", addresses=(f"fd00::{n}/64",)) for n in (1, 2)]
    lab.add_switch("s", [*ends, port("h3")])
    assert reaches(lab, "h1", "fd00::2")
    assert "inet6" not in lab.host("h3").run(["ip", "addr", "show", "eth0"]).stdout


def test_a_forwarding_host_is_a_router_and_may_cease_to_be_one(lab: Lab) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_host("h9", forwarding=True)
    lab.add_switch("left", [port("h1"), port("h9")])
    lab.add_switch("right", [port("h2", 1), port("h9", 1)])
    lab.set_routes("h1", [Route(network="default", via="10.0.0.9")])
    lab.set_routes("h2", [Route(network="10.0.0.0/24", via="10.0.1.9")])
    assert reaches(lab, "h1", "10.0.1.2")
    lab.set_forwarding("h9", False)
    assert not reaches(lab, "h1", "10.0.1.2")


def test_names_are_seen_by_what_already_runs(lab: Lab, tmp_path: Path) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1"), port("h2")])
    assert not reaches(lab, "h1", "web")
    lab.set_names({"web": ["10.0.0.2/24"], "www": ["10.0.0.2", "fd00::2"]})
    assert reaches(lab, "h1", "web")
    assert lab.host("h1").run(["getent", "hosts", "localhost", "www"]).status == 0
    lab.set_names({"db": ["10.0.0.2"]})
    assert not reaches(lab, "h1", "web")
    assert reaches(lab, "h1", "db")


def test_a_switch_that_is_down_passes_nothing(lab: Lab) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1"), port("h2")], up=False)
    assert not reaches(lab, "h1", "10.0.0.2")
    lab.set_switch_up("s", True)
    assert reaches(lab, "h1", "10.0.0.2")


def test_ports_come_and_go_while_the_switch_is_in_use(lab: Lab) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1")])
    lab.add_ports("s", [port("h2")])
    assert reaches(lab, "h1", "10.0.0.2")
    lab.remove_port("s", "h2", "eth0")
    assert lab.host("h2").run(["ip", "link", "show", "eth0"]).status != 0
    lab.add_ports("s", [port("h2")])
    assert reaches(lab, "h1", "10.0.0.2")
    lab.remove_switch("s")
    assert lab.host("h1").run(["ip", "link", "show", "eth0"]).status != 0
    lab.add_switch("s", [port("h1"), port("h2")])
    assert reaches(lab, "h1", "10.0.0.2")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda lab: lab.add_host("h1"), "the lab already has a host 'h1'"),
        (lambda lab: lab.remove_host("h7"), "the lab has no host 'h7'"),
        (lambda lab: lab.add_switch("s"), "the lab already has a switch 's'"),
        (lambda lab: lab.remove_switch("x"), "the lab has no switch 'x'"),
        (lambda lab: lab.add_ports("s", [port("h1")]), "'h1' already has an interface 'eth0'"),
        (lambda lab: lab.add_ports("s", [port("h7")]), "the lab has no host 'h7'"),
        (lambda lab: lab.remove_port("s", "h2", "eth0"), "host 'h2' has no interface 'eth0'"),
        (
            lambda lab: lab.add_ports("s", [Port(host="h2", ifname="e", addresses=("10.1",))]),
            "'10.1' is not an address; write one as 10.0.1.1/24",
        ),
        (
            lambda lab: lab.add_ports("s", [Port(host="h2", ifname="e", mac="02")]),
            "'02' is not a MAC address",
        ),
        (
            lambda lab: lab.set_routes("h1", [Route(network="default", via="10.9.9.9")]),
            "h1: route to default via 10.9.9.9: Nexthop has invalid gateway",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    lab: Lab, ask: object, message: str
) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1")])
    with pytest.raises(HostError) as refusal:
        ask(lab)  # type: ignore[operator]
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)
    lab.add_ports("s", [port("h2")])
    assert reaches(lab, "h1", "10.0.0.2")


def test_an_interface_name_that_linux_does_not_take_is_refused(lab: Lab) -> None:
    lab.add_host("h1")
    with pytest.raises(BadValue, match="'a-name-of-16-chars' is no name for an interface"):
        lab.add_switch("s", [Port(host="h1", ifname="a-name-of-16-chars")])


def test_a_bridge_that_is_full_says_so(lab: Lab) -> None:
    lab.add_host("h1")
    ports = [Port(host="h1", ifname=f"e{n}") for n in range(1024)]
    with pytest.raises(HostError, match="would have 1024 ports: a bridge takes 1023"):
        lab.add_switch("s", ports)


def test_hosts_added_by_many_threads_are_all_there(lab: Lab) -> None:
    names = [f"h{number}" for number in range(1, 41)]
    with ThreadPoolExecutor(8) as pool:
        hosts = list(pool.map(lab.add_host, names))
    lab.add_switch("s", [port(name) for name in names])
    assert [host.name for host in hosts] == names
    assert reaches(lab, "h1", "10.0.0.40")


def test_removing_a_host_ends_what_runs_there_even_daemons(lab: Lab, tmp_path: Path) -> None:
    lab.add_hosts(["h1", "h2"])
    lab.add_switch("s", [port("h1"), port("h2")])
    daemon = "setsid sh -c 'echo $$ > pid; exec sleep 60' & until [ -s pid ]; do :; done"
    lab.host("h1").run(["sh", "-c", daemon], cwd=tmp_path)
    pid = int((tmp_path / "pid").read_text())
    assert sessions.stat(pid) is not None
    lab.remove_host("h1")
    assert sessions.stat(pid) is None
    with pytest.raises(HostError, match="the lab has no host 'h1'"):
        lab.host("h1").run(["true"])
    lab.add_host("h1")
    lab.add_ports("s", [port("h1")])
    assert reaches(lab, "h1", "10.0.0.2")


def test_two_labs_side_by_side_do_not_collide(lab: Lab, tmp_path: Path) -> None:
    with Lab.open(tmp_path / "other", seed=2) as other:
        for each in (lab, other):
            each.add_hosts(["h1", "h2"])
            each.add_switch("s", [port("h1"), port("h2")])
        other.set_names({"h2": ["10.0.0.2"]})
        assert reaches(other, "h1", "h2")
        assert not reaches(lab, "h1", "h2")
    assert reaches(lab, "h1", "10.0.0.2")


def test_a_closed_lab_refuses_and_closing_twice_is_silent(tmp_path: Path) -> None:
    lab = Lab.open(tmp_path, seed=1)
    lab.add_host("h1")
    process = lab.host("h1").spawn(["sleep", "60"], run_dir=tmp_path / "run")
    lab.close()
    lab.close()
    assert sessions.stat(process.pid) is None
    assert process.exit is not None
    process.stop()
    with pytest.raises(HostError, match="the lab is closed"):
        lab.add_host("h2")


def test_the_same_lab_has_the_same_addresses_every_time() -> None:
    first, again = derived_mac(1, "h1", "eth0"), derived_mac(1, "h1", "eth0")
    assert first == again
    assert len({first, derived_mac(2, "h1", "eth0"), derived_mac(1, "h1", "eth1")}) == 3
    assert first.startswith("02:")
    assert derived_seed(1, "l1") == derived_seed(1, "l1") != derived_seed(1, "l2")
