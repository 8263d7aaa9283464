"""From an endpoint and ~/.ssh/config to the way there."""

import getpass
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import Endpoint
from nepishell.hosts.ssh.config import Hop, hops

CONFIG = """
Host web
    HostName 10.0.0.7
    User alice
    Port 2200
    IdentityFile ~/.ssh/web_key
    IdentitiesOnly yes
    ProxyJump bob@gate:2222,[fd00::1]:23
    UserKnownHostsFile /known
Host gate
    HostName gate.example.org
Host old
    ProxyCommand nc %h %p
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text(CONFIG)
    return path


def places(way: list[Hop]) -> list[tuple[str, str, int]]:
    return [(hop.username, hop.hostname, hop.port) for hop in way]


def test_what_is_not_said_is_as_ssh_has_it(config: Path) -> None:
    way = hops(Endpoint(hostname="web"), config)
    me = getpass.getuser()
    expected = [("bob", "gate.example.org", 2222), (me, "fd00::1", 23), ("alice", "10.0.0.7", 2200)]
    assert places(way) == expected
    assert way[-1].identities == (Path("~/.ssh/web_key").expanduser(),)
    assert way[-1].only_identities
    assert way[-1].known_hosts == (Path("/known"),)


def test_what_is_said_goes_first(config: Path) -> None:
    endpoint = Endpoint(
        hostname="web",
        username="carol",
        port=1,
        identity="/key",
        gateway="gate",
        gateway_user="dan",
    )
    way = hops(endpoint, config)
    assert places(way) == [("dan", "gate.example.org", 22), ("carol", "10.0.0.7", 1)]
    assert way[-1].identities == (Path("/key"),)
    assert len(hops(Endpoint(hostname="web", gateway="none"), config)) == 1


def test_without_a_file_the_name_is_the_address(tmp_path: Path) -> None:
    way = hops(Endpoint(hostname="web"), tmp_path / "none")
    assert places(way) == [(getpass.getuser(), "web", 22)]


@pytest.mark.parametrize("gateway", ["a:b", "bob@", "a:70000"])
def test_a_gateway_that_is_none_is_refused(gateway: str, config: Path) -> None:
    with pytest.raises(HostError, match=r"is no gateway: write \[user@\]host\[:port\]"):
        hops(Endpoint(hostname="x", gateway=gateway), config)


def test_a_proxy_command_is_refused(config: Path) -> None:
    with pytest.raises(HostError, match="use ProxyJump"):
        hops(Endpoint(hostname="old"), config)
