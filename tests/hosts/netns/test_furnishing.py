"""What a host of a lab finds in its own files and settings."""

from pathlib import Path

import pytest

from nepishell.hosts.netns.lab import Lab

pytestmark = pytest.mark.lab


@pytest.fixture
def lab(tmp_path: Path):
    with Lab.open(tmp_path, seed=1) as lab:
        yield lab


def test_an_unknown_name_is_not_asked_of_a_server_out_of_reach(lab: Lab) -> None:
    host = lab.add_host("h1")

    assert host.run(["cat", "/etc/resolv.conf"]).stdout == ""


def test_a_connection_may_fill_a_long_fast_link(lab: Lab) -> None:
    host = lab.add_host("h1")

    answer = host.run(["cat", "/proc/sys/net/ipv4/tcp_wmem"])

    assert int(answer.stdout.split()[2]) >= 32 << 20


def test_every_probe_of_a_traceroute_may_be_answered(lab: Lab) -> None:
    host = lab.add_host("h1")

    assert host.run(["cat", "/proc/sys/net/ipv4/icmp_ratelimit"]).stdout == "0\n"
