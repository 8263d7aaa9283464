"""Routers: of the lab's routes, or with FRR's OSPF daemon where that is installed."""

import os
import sys

import pytest

from nepishell.core.errors import NepishellError
from nepishell.resources.netns import router

#: Prints the route to a network as soon as the kernel tells of it.
UNTIL_THERE = """
import subprocess, sys
monitor = subprocess.Popen(["ip", "monitor", "route"], stdout=subprocess.PIPE, text=True)
told = subprocess.run(["ip", "route"], capture_output=True, text=True).stdout.splitlines()
while not any(line.startswith(sys.argv[1]) for line in told):
    told = [monitor.stdout.readline()]
monitor.kill()
print(*(line for line in told if line.startswith(sys.argv[1])))
"""


def is_installed() -> bool:
    try:
        router._daemons()
    except NepishellError:
        return False
    return os.geteuid() == 0


def test_a_router_passes_on_packets_unless_it_is_told_not_to(lab):
    lab.add("netns::Router", "r")
    assert lab.rm("r").forwarding is True
    assert lab.rm("r").has_daemon is False


def test_without_frr_it_says_what_to_install(lab, monkeypatch, tmp_path):
    monkeypatch.setattr(router, "FOLDERS", (tmp_path,))
    lab.add("netns::Router", "r", routing="ospf")
    lab.ec.deploy()
    done = lab.ec.wait_started(lab.ec.find("r"), timeout=20)
    assert not done
    assert "zebra and ospfd of FRR, which are not installed; sudo apt-get install" in done.reason


@pytest.mark.lab
def test_a_static_router_gets_the_routes_of_the_lab(lab):
    lab.node("h1", "h2")
    lab.add("netns::Router", "r")
    lab.add("netns::Link", "a", "h1", "r")
    lab.add("netns::Link", "b", "r", "h2")
    lab.up()
    assert lab.run("h1", "ping", "-c", "1", "-W", "10", "h2").status == 0


@pytest.mark.lab
def test_the_daemon_is_told_of_each_interface_its_kind_and_its_cost(lab):
    lab.add("netns::Router", "r", routes="delay", hello="2s")
    lab.node("h1", "h2", "h3")
    lab.add("netns::Link", "wire", "r", "h1", delay="3ms")
    lab.add("netns::Switch", "lan", "r", "h2", "h3")
    lab.up()
    text = lab.rm("r").configuration()
    assert "interface eth0\n ip ospf network point-to-point\n ip ospf hello-interval 2\n" in text
    assert " ip ospf dead-interval 8\n" in text
    assert " ip ospf cost 300\n" in text
    assert "interface eth1\n ip ospf hello-interval 2\n" in text


@pytest.mark.lab
@pytest.mark.skipif(not is_installed(), reason="needs root, and FRR: apt-get install frr")
def test_ospf_finds_the_way_to_networks_behind_its_neighbours(lab):
    for name in "abc":
        lab.add("netns::Router", name, routing="ospf")
    lab.add("netns::Link", "one", "a", "b")
    lab.add("netns::Link", "two", "b", "c")
    lab.up()
    for name, network in (("a", "10.0.2.0/24"), ("c", "10.0.1.0/24")):
        node = lab.rm(name)
        done = node.host.run([sys.executable, "-c", UNTIL_THERE, network], timeout_s=100)
        assert "proto ospf" in done.stdout
    assert lab.run("a", "ping", "-c", "1", "-W", "5", "10.0.2.2").status == 0
    shown = lab.run("b", "vtysh", "--vty_socket", "/etc/frr", "-c", "show ip ospf neighbor").stdout
    assert shown.count("Full/") == 2
