import pytest

from nepishell.core.errors import UnknownName
from nepishell.core.traces import TraceAttr
from nepishell.hosts.fake import Outcome

PING = "64 bytes from h2 (10.0.1.2): icmp_seq=1 ttl=64 time=2.50 ms\n"


@pytest.fixture
def probe(fake):
    """A ping that prints one reply and runs on."""
    host = fake.rm("n").host
    guid = fake.add("linux::Ping", "probe", "n", target="h2")
    fake.up()
    host.files[fake.ec.trace_dir(guid) / "stdout"] = PING.encode()
    return fake


def view(lab, name: str, *args: object) -> object:
    return lab.ec.trace(lab.ec.find("probe"), name, *args)


def test_the_whole_text(probe):
    assert view(probe, "stdout") == PING


def test_one_block(probe):
    assert view(probe, "stdout", TraceAttr.STREAM, 8, 1) == PING[8:16]


def test_size_and_path(probe):
    assert view(probe, "stdout", TraceAttr.SIZE) == len(PING)
    assert str(view(probe, "stdout", TraceAttr.PATH)).endswith("/traces/probe/stdout")


def test_numbers_are_there_while_it_runs(probe):
    assert probe.rm("probe").metric("rtt.avg") == pytest.approx(0.0025)
    assert view(probe, "rtt") == "seq,time,rtt,ttl\n1,,0.0025,64\n"


def test_a_table_has_blocks_size_and_path_too(probe):
    assert view(probe, "rtt", TraceAttr.STREAM, 4, 1) == "time"[:0] + "time,rtt,ttl"[:4]
    assert view(probe, "rtt", TraceAttr.SIZE) == len("seq,time,rtt,ttl\n1,,0.0025,64\n")
    assert str(view(probe, "rtt", TraceAttr.PATH)).endswith("/traces/probe/rtt.csv")


def test_an_unknown_number_says_which_there_are(probe):
    with pytest.raises(UnknownName, match=r"no number 'rtt\.avh'; did you mean 'rtt\.avg'\?"):
        probe.rm("probe").metric("rtt.avh")
    with pytest.raises(UnknownName, match="no number 'zzz'; it has duplicates, errors, loss"):
        probe.rm("probe").metric("zzz")


def test_before_it_ran_there_is_nothing(fake):
    guid = fake.add("linux::Ping", "probe", "n", target="h2")
    assert fake.ec.trace(guid, "stdout") is None
    with pytest.raises(UnknownName, match="it is NEW and has measured nothing yet"):
        fake.rm("probe").metric("rtt.avg")


def test_a_table_is_written_as_a_file_at_the_end(fake):
    fake.rm("n").host._spawn_script = lambda argv: Outcome(stdout=PING)
    guid = fake.add("linux::Ping", "probe", "n", target="h2")
    fake.ec.deploy()
    fake.finished("probe")
    assert (fake.ec.trace_dir(guid) / "rtt.csv").read_text().splitlines()[1] == "1,,0.0025,64"


def test_a_table_that_is_disabled_is_not_written(fake):
    fake.rm("n").host._spawn_script = lambda argv: Outcome(stdout=PING)
    guid = fake.add("linux::Ping", "probe", "n", target="h2")
    fake.ec.disable_trace(guid, "rtt")
    fake.ec.deploy()
    fake.finished("probe")
    assert not (fake.ec.trace_dir(guid) / "rtt.csv").exists()


def test_what_was_recorded_outlives_the_release(local):
    guid = local.add("linux::Application", "app", "n", command="echo kept")
    local.ec.deploy()
    local.finished("app")
    local.ec.release()
    assert local.ec.trace(guid, "stdout") == "kept\n"
