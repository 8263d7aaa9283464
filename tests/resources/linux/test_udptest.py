import pytest

from nepishell.core.errors import BadValue


def test_its_letters_become_options_of_our_own_tool(fake):
    fake.add("linux::UdpTest", "c", "n", target="h2", l=500, T=2, t=1, q=1, p=6000)
    words = fake.rm("c").argv()
    assert words[4:] == [
        "send", "h2", "--port", "6000", "--protocol", "udp", "--interval", "1",
        "--size", "500", "--rate", "2000000", "--duration", "1", "--tos", "16",
    ]  # fmt: skip


def test_a_client_needs_a_target(fake):
    fake.add("linux::UdpTest", "c", "n")
    with pytest.raises(BadValue, match="c needs a target; set it, or s=true for the server"):
        fake.rm("c").argv()


@pytest.mark.lab
def test_a_client_finds_the_server_of_the_same_deployment(pair):
    pair.add("linux::UdpTest", "s", "h2", s=True)
    pair.add("linux::UdpTest", "c", "h1", target="h2", t=1, T=1, interval="200ms")
    pair.ec.deploy()
    pair.finished("c")
    pair.ec.stop(pair.ec.find("s"))
    pair.finished("s")
    assert pair.rm("s").metric("loss") < 50  # a busy machine may lose some
    assert pair.rm("s").metric("packets") > 10
