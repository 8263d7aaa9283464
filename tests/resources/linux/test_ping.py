import pytest

from nepishell.hosts.fake import Outcome

LOST = "--- h2 ping statistics ---\n2 packets transmitted, 0 received, 100% packet loss, time 9ms\n"


def ended(lab, outcome: Outcome) -> tuple[str, str]:
    lab.rm("n").host._spawn_script = lambda argv: outcome
    guid = lab.add("linux::Ping", "probe", "n", target="h2")
    lab.ec.deploy()
    lab.ec.wait_finished(guid, timeout=20)
    return lab.ec.state(guid, hr=True), lab.ec.failure(guid)


def test_loss_is_a_result(fake):
    assert ended(fake, Outcome(code=1, stdout=LOST)) == ("STOPPED", "")
    assert fake.rm("probe").metric("loss") == 100


def test_an_unknown_host_is_a_failure(fake):
    how = ended(fake, Outcome(code=2, stderr="ping: h9: Name or service not known\n"))
    assert how == ("FAILED", "ended with status 2: ping: h9: Name or service not known")


def test_a_wrong_call_is_a_failure_although_its_status_is_that_of_loss(fake):
    how = ended(fake, Outcome(code=1, stderr="ping: invalid argument: '0'\n"))
    assert how == ("FAILED", "ended with status 1: ping: invalid argument: '0'")


def test_an_early_start_runs_from_deployment_on(fake):
    host = fake.rm("n").host
    guid = fake.add("linux::Ping", "probe", "n", target="h2", earlyStart=True)
    fake.ec.register_condition(guid, "START", fake.ec.find("n"), "STOPPED")
    fake.ec.deploy(guid)
    assert fake.ec.wait_deployed(guid, timeout=20)
    assert len(host.running) == 1
    fake.ec.start(guid)
    assert len(host.asked) == 1


def test_an_early_start_that_has_ended_is_stopped_when_it_is_started(fake):
    fake.rm("n").host._spawn_script = lambda argv: Outcome(code=1, stdout=LOST)
    guid = fake.add("linux::Ping", "probe", "n", target="h2", earlyStart=True)
    fake.ec.deploy(guid)
    fake.finished("probe")
    assert fake.ec.state(guid, hr=True) == "STOPPED"


@pytest.mark.lab
def test_a_link_of_10_ms_is_seen_both_ways(lab):
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2", delay="10ms")
    lab.add("linux::Ping", "probe", "h1", target="h2", count=3, interval="50ms")
    lab.ec.deploy()
    lab.finished("probe")
    assert lab.rm("probe").metric("rtt.min") >= 0.02
    assert lab.rm("probe").metric("loss") == 0


@pytest.mark.lab
def test_what_an_old_run_of_it_reported_is_not_kept(pair):
    guid = pair.add("linux::Ping", "probe", "h1", target="h2", count=1)
    pair.ec.deploy()
    pair.finished("probe")
    pair.ec.start(guid)
    pair.finished("probe")
    assert pair.rm("probe").metric("sent") == 1
