import pytest


def test_its_options_are_npings_and_icmp_unless_said_otherwise(fake):
    fake.add("linux::NPing", "p", "n", target="h2", c=2, delay="50ms", extra="--data-length 10")
    assert fake.rm("p").argv() == [
        "nping", "--count", "2", "--data-length", "10", "--delay", "50ms", "--icmp", "h2",
    ]  # fmt: skip
    fake.add("linux::NPing", "q", "n", target="h2", tcp=True, p="22,80")
    assert fake.rm("q").argv() == ["nping", "--dest-port", "22,80", "--tcp", "h2"]


@pytest.mark.lab
@pytest.mark.tool("nping")
def test_a_neighbour_answers(pair):
    guid = pair.add("linux::NPing", "p", "h1", target="h2", c=2, delay="10ms")
    pair.ec.deploy(guid)
    pair.finished("p")
    assert pair.rm("p").metric("received") == 2
