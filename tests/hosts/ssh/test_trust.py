"""Which keys of servers are believed."""

import dataclasses
from pathlib import Path

import paramiko
import pytest
from paramiko.hostkeys import HostKeys

from nepishell.core.errors import HostError
from nepishell.hosts.ssh import Endpoint
from nepishell.hosts.ssh.config import Hop, hops
from nepishell.hosts.ssh.trust import preferred_kinds, verify


@pytest.fixture
def hop(tmp_path: Path) -> Hop:
    found = hops(Endpoint(hostname="web", port=2200), tmp_path / "none")[0]
    return dataclasses.replace(found, known_hosts=(tmp_path / "ssh" / "known_hosts",))


@pytest.fixture
def key() -> paramiko.PKey:
    return paramiko.ECDSAKey.generate()


def know(hop: Hop, *lines: str) -> None:
    path = hop.known_hosts[0]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["# a comment", "", *lines]))


def line(name: str, key: paramiko.PKey) -> str:
    return f"{name} {key.get_name()} {key.get_base64()} somebody"


def test_a_key_that_is_not_known_is_refused_with_its_fingerprint(
    hop: Hop, key: paramiko.PKey
) -> None:
    with pytest.raises(
        HostError, match=r"is not known: SHA256:.*accept_key=true.*serverKey='ecdsa"
    ):
        verify(hop, key)
    assert not hop.known_hosts[0].exists()


def test_an_accepted_key_is_remembered(hop: Hop, key: paramiko.PKey) -> None:
    know(hop, line("other", key))
    verify(dataclasses.replace(hop, accept_key=True), key)
    verify(hop, key)
    assert len(hop.known_hosts[0].read_text().splitlines()) == 4


def test_a_changed_key_is_refused_even_where_new_ones_are_accepted(
    hop: Hop, key: paramiko.PKey
) -> None:
    know(hop, line("[web]:2200", paramiko.ECDSAKey.generate()))
    with pytest.raises(HostError, match=r"not the one in .*known_hosts line 3: not connected"):
        verify(dataclasses.replace(hop, accept_key=True), key)


@pytest.mark.parametrize("name", ["[web]:2200", "x,[WEB]:*", HostKeys.hash_host("[web]:2200")])
def test_names_are_found_in_all_their_forms(name: str, hop: Hop, key: paramiko.PKey) -> None:
    know(hop, line(name, key))
    verify(hop, key)


@pytest.mark.parametrize("name", ["web", "[web]:2200,![web]:*", "|1|bad", "[web]:22000"])
def test_other_names_are_not_found(name: str, hop: Hop, key: paramiko.PKey) -> None:
    know(hop, line(name, key))
    with pytest.raises(HostError, match="is not known"):
        verify(hop, key)


def test_a_revoked_key_is_refused(hop: Hop, key: paramiko.PKey) -> None:
    know(hop, line("[web]:2200", key), "@revoked " + line("*", key))
    with pytest.raises(HostError, match="is revoked in"):
        verify(hop, key)


def test_only_the_pinned_key_is_believed(hop: Hop, key: paramiko.PKey) -> None:
    other = paramiko.ECDSAKey.generate()
    know(hop, line("[web]:2200", other))
    pinned = dataclasses.replace(hop, server_key=f"{key.get_name()} {key.get_base64()}")
    verify(pinned, key)
    with pytest.raises(HostError, match="is not the pinned one"):
        verify(pinned, other)


def test_the_kind_that_can_be_verified_is_asked_for_first(hop: Hop, key: paramiko.PKey) -> None:
    know(hop, line("[web]:2200", key))
    kinds = ("ssh-ed25519", key.get_name(), "rsa-sha2-512")
    assert preferred_kinds(hop, kinds)[0] == key.get_name()
    rsa = dataclasses.replace(hop, server_key="ssh-rsa AAAA")
    assert preferred_kinds(rsa, kinds)[0] == "rsa-sha2-512"
