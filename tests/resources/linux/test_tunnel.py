import pytest

from nepishell.core.errors import NepishellError


def test_a_tunnel_has_two_ends_and_no_third(lab) -> None:
    for name in ("t1", "t2", "t3"):
        lab.add("linux::Tap", name)
    lab.add("linux::UdpTunnel", "tunnel", "t1", "t2")
    assert [tap.label for tap in lab.rm("tunnel").both()] == ["t1", "t2"]
    with pytest.raises(NepishellError, match=r"tunnel has its 2 linux::Tap already"):
        lab.ec.register_connection(lab.ec.find("tunnel"), lab.ec.find("t3"))


def test_an_interface_leads_into_one_tunnel(lab) -> None:
    lab.add("linux::Tap", "t1")
    lab.add("linux::UdpTunnel", "one", "t1")
    with pytest.raises(NepishellError, match="t1 has its 1"):
        lab.add("linux::GRETunnel", "two", "t1")
