import pytest


@pytest.fixture
def star(lab):
    """Three hosts on a switch, running."""
    lab.node("h1", "h2", "h3")
    lab.add("netns::Switch", "sw", "h1", "h2", "h3")
    lab.up()
    return lab


def reaches(lab, one: str, other: str, patience_s: int = 10) -> bool:
    """Whether an answer comes in time; a host that had none asks for the address each second."""
    return lab.run(one, "ping", "-c", "1", "-W", str(patience_s), other).status == 0


@pytest.mark.lab
def test_hosts_on_a_switch_reach_each_other(star):
    assert reaches(star, "h1", "h2")
    assert reaches(star, "h3", "h1")


@pytest.mark.lab
def test_addresses_follow_the_order_of_connection(star):
    assert [star.addresses(f"h{n}") for n in (1, 2, 3)] == [
        ["eth0 10.0.1.1/24"], ["eth0 10.0.1.2/24"], ["eth0 10.0.1.3/24"],
    ]  # fmt: skip


@pytest.mark.lab
def test_a_host_is_added_while_the_rest_runs(star):
    star.node("h4")
    star.ec.register_connection(star.ec.find("h4"), star.ec.find("sw"))
    star.up("h4")
    assert star.addresses("h4") == ["eth0 10.0.1.4/24"]
    assert reaches(star, "h4", "h1")


@pytest.mark.lab
def test_a_running_host_is_connected_to_a_running_switch(star):
    star.node("h4")
    star.up("h4")
    star.ec.register_connection(star.ec.find("h4"), star.ec.find("sw"))
    assert reaches(star, "h1", "h4")


@pytest.mark.lab
def test_a_host_that_is_released_leaves_the_rest(star):
    assert star.ec.release(star.ec.find("h2"))
    assert reaches(star, "h1", "h3")
    assert star.run("h1", "getent", "hosts", "h2").status != 0


@pytest.mark.lab
def test_a_host_that_is_disconnected_is_unplugged(star):
    star.ec.unregister_connection(star.ec.find("h2"), star.ec.find("sw"))
    assert star.addresses("h2") == []
    assert reaches(star, "h1", "h3")


@pytest.mark.lab
def test_a_switch_that_is_released_leaves_its_hosts(star):
    assert star.ec.release(star.ec.find("sw"))
    assert star.addresses("h1") == []
    assert star.run("h1", "true").status == 0


@pytest.mark.lab
def test_a_switch_can_be_switched_off_and_on(star):
    sw = star.ec.find("sw")
    star.ec.set(sw, "up", False)
    assert not reaches(star, "h1", "h2", 1)
    star.ec.set(sw, "up", True)
    assert reaches(star, "h1", "h2")


@pytest.mark.lab
def test_the_same_description_has_the_same_addresses_every_time(make):
    seen = []
    for _ in range(2):
        lab = make()
        lab.node(*(f"h{n}" for n in range(12)))
        lab.add("netns::Switch", "sw", *(f"h{n}" for n in range(8)))
        for n in range(8, 12):
            lab.add("netns::Link", f"l{n}", f"h{n - 1}", f"h{n}")
        lab.up()
        seen.append([lab.run(f"h{n}", "ip", "-br", "addr").stdout for n in range(12)])
        lab.ec.shutdown()
    assert [strip_index(text) for text in seen[0]] == [strip_index(text) for text in seen[1]]


def strip_index(text: str) -> list[tuple[str, list[str]]]:
    """Names and addresses, without the kernel's order, states, and numbers of the peers."""
    lines = [line.split() for line in text.splitlines()]
    return sorted((words[0].partition("@")[0], words[2:]) for words in lines)


@pytest.mark.lab
def test_a_network_that_was_named_is_used(lab):
    lab.node("h1", "h2")
    lab.add("netns::Switch", "sw", "h1", "h2", network="192.168.7.0/28")
    lab.up()
    assert lab.addresses("h2") == ["eth0 192.168.7.2/28"]
