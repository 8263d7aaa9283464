import shutil

import pytest

from nepishell.hosts.fake import Outcome

needs_iperf3 = pytest.mark.skipif(not shutil.which("iperf3"), reason="iperf3 is not installed")


def test_a_client_finds_the_target_of_its_server(fake):
    fake.add("linux::Iperf3Server", "srv", "n", port=5300)
    fake.add("linux::Iperf3Client", "cl", "n", "srv", duration="2s")
    assert fake.rm("cl").argv() == [
        "iperf3", "--json", "--time", "2", "--client", "localhost", "--port", "5300",
    ]  # fmt: skip


def test_a_client_without_a_target_fails_with_one_line(fake):
    guid = fake.add("linux::Iperf3Client", "cl", "n")
    fake.ec.deploy(guid)
    assert not fake.ec.wait_started(guid, timeout=20)
    assert fake.ec.failure(guid) == "cl needs a target; set it, or connect it to a server"


def test_a_failure_is_seen_although_the_status_is_0(fake):
    text = '{"start": {}, "error": "unable to connect to server: Connection refused"}'
    fake.rm("n").host._spawn_script = lambda argv: Outcome(stdout=text)
    guid = fake.add("linux::Iperf3Client", "cl", "n", target="h2")
    fake.ec.deploy(guid)
    fake.ec.wait_finished(guid, timeout=20)
    assert fake.ec.failure(guid) == "unable to connect to server: Connection refused"


@needs_iperf3
@pytest.mark.lab
def test_a_client_waits_until_its_server_listens(pair):
    pair.add("linux::Iperf3Server", "srv", "h2")
    pair.add("linux::Iperf3Client", "cl", "h1", "srv", duration="1s")
    pair.ec.deploy()
    pair.finished("cl")
    assert pair.rm("cl").metric("throughput") > 0
    assert pair.ec.trace(pair.ec.find("cl"), "throughput").startswith("start,end,bytes,throughput")
