import pytest

from nepishell.core.errors import BadValue


def test_a_wrong_address_is_refused_when_it_is_written(lab):
    with pytest.raises(BadValue, match=r"ip4: '10\.0\.300\.1' is not an IPv4 address"):
        lab.add("netns::Interface", "i", ip4="10.0.300.1")


@pytest.mark.lab
def test_what_the_user_named_is_what_the_node_has(lab):
    lab.node("h1", "h2")
    lab.add("netns::Interface", "wan", "h1", ip4="10.5.0.9/24", mac="02:00:00:00:00:07",
            name="wan0", mtu=1400)  # fmt: skip
    lab.add("netns::Link", "l1", "wan", "h2")
    lab.up()
    assert lab.addresses("h1") == ["wan0 10.5.0.9/24"]
    assert lab.addresses("h2") == ["eth0 10.5.0.1/24"]
    shown = lab.run("h1", "ip", "link", "show", "wan0").stdout
    assert "mtu 1400" in shown
    assert "02:00:00:00:00:07" in shown


@pytest.mark.lab
def test_the_label_of_an_interface_resolves(lab):
    lab.node("h1", "h2")
    lab.add("netns::Interface", "wan", "h1")
    lab.add("netns::Switch", "sw", "wan", "h2")
    lab.up()
    assert lab.run("h2", "ping", "-c", "1", "-W", "2", "wan").status == 0


@pytest.mark.lab
def test_an_interface_is_switched_off_while_the_rest_runs(lab):
    lab.node("h1", "h2")
    lab.add("netns::Interface", "wan", "h1")
    lab.add("netns::Switch", "sw", "wan", "h2")
    lab.up()
    lab.ec.set(lab.ec.find("wan"), "up", False)
    assert lab.run("h2", "ping", "-c", "1", "-W", "1", "h1").status == 1


@pytest.mark.lab
def test_an_interface_that_is_released_is_unplugged(lab):
    lab.node("h1", "h2")
    lab.add("netns::Interface", "wan", "h1")
    lab.add("netns::Switch", "sw", "wan", "h2")
    lab.up()
    assert lab.ec.release(lab.ec.find("wan"))
    assert lab.addresses("h1") == []


@pytest.mark.lab
def test_one_address_on_two_interfaces_fails_with_one_line(lab):
    lab.node("h1", "h2")
    for n in (1, 2):
        lab.add("netns::Interface", f"i{n}", f"h{n}", ip4="10.5.0.1/24")
    lab.add("netns::Switch", "sw", "i1", "i2")
    lab.ec.deploy()
    done = lab.ec.wait_started(lab.ec.find("sw"), timeout=10)
    assert not done
    assert "address 10.5.0.1 is on both h1.eth0 and h2.eth0" in done.reason
