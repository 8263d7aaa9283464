"""An endpoint is what a person named, and shows no secret."""

from nepishell.hosts.ssh import Endpoint


def test_shows_no_password() -> None:
    assert "secret" not in repr(Endpoint(hostname="web", password="secret"))


def test_equal_endpoints_are_one_host() -> None:
    assert len({Endpoint(hostname="web", port=22), Endpoint(hostname="web", port=22)}) == 1
