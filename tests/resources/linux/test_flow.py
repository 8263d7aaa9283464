import pytest


def test_a_flow_finds_target_port_and_protocol_of_its_receiver(fake):
    fake.add("linux::FlowReceiver", "rx", "n", port=7000, protocol="tcp")
    fake.add("linux::Flow", "tx", "n", "rx", duration="2s")
    assert fake.rm("tx").argv()[4:] == [
        "send", "localhost", "--port", "7000", "--protocol", "tcp", "--rate", "0",
        "--size", "65536", "--interval", "1", "--duration", "2",
    ]  # fmt: skip


def test_a_flow_without_a_target_fails_with_one_line(fake):
    guid = fake.add("linux::Flow", "tx", "n")
    fake.ec.deploy(guid)
    assert not fake.ec.wait_started(guid, timeout=20)
    assert fake.ec.failure(guid) == "tx needs a target; set it, or connect it to a receiver"


@pytest.mark.lab
@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_what_a_flow_sends_arrives(pair, protocol):
    pair.add("linux::FlowReceiver", "rx", "h2", protocol=protocol, flows=1)
    pair.add("linux::Flow", "tx", "h1", "rx", rate="8mbit", count=50, size="1000B")
    pair.ec.deploy()
    pair.finished("tx")
    pair.finished("rx")
    assert pair.rm("rx").metric("bytes") == 50_000
    assert pair.rm("rx").metric("loss") == 0


@pytest.mark.lab
def test_packets_that_a_link_drops_are_lost(lab):
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2", loss_forward="50%")
    lab.add("linux::FlowReceiver", "rx", "h2", flows=1)
    lab.add("linux::Flow", "tx", "h1", "rx", rate="8mbit", count=200)
    lab.ec.deploy()
    lab.finished("rx")
    assert 20 < lab.rm("rx").metric("loss") < 80


@pytest.mark.lab
def test_a_flow_that_is_stopped_is_complete(pair):
    pair.add("linux::FlowReceiver", "rx", "h2", flows=1)
    tx = pair.add("linux::Flow", "tx", "h1", "rx", rate="1mbit", ready="log:^time,")
    pair.up()
    pair.ec.stop(tx)
    pair.finished("rx")
    assert pair.rm("rx").metric("packets") == pair.rm("tx").metric("packets")
