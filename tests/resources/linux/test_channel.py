import pytest

from nepishell.core.errors import NepishellError


def test_interfaces_and_hosts_meet_at_a_channel_and_nothing_else_does(lab) -> None:
    lab.add("linux::Channel", "c")
    lab.add("linux::Interface", "i", "c")
    lab.add("local::Node", "here", "c")
    lab.add("linux::Application", "app")
    assert lab.rm("i").channel is lab.rm("c")
    with pytest.raises(NepishellError, match="connects to linux::Interface"):
        lab.ec.register_connection(lab.ec.find("c"), lab.ec.find("app"))
