import pytest

from nepishell.core.errors import BadValue
from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.fake import Outcome
from tests.resources.linux.conftest import FakeNode
from tests.resources.linux.cuttable import CuttableNode


@pytest.fixture
def done(lab):
    """An application that printed something, and a collector."""
    lab.add("local::Node", "here")
    lab.add("linux::Application", "app", "here", command="echo hello")
    lab.add("Collector", "c", "app", traceName="stdout", subDir="kept", rename="out.txt")
    lab.ec.deploy()
    lab.finished("app")
    return lab


def test_it_fetches_before_its_sources_are_released(done):
    guid = done.ec.find("app")
    done.ec.release()
    assert (done.ec.run_dir / "kept" / f"{guid}.out.txt").read_text() == "hello\n"


def test_it_needs_to_know_which_trace(lab):
    lab.add("Collector", "c")
    with pytest.raises(BadValue, match="needs 'traceName'"):
        lab.ec.deploy()


def test_a_trace_that_does_not_exist_is_told_and_skipped(lab):
    lab.add("local::Node", "here")
    lab.add("Collector", "c", "here", traceName="nothing")
    lab.up()
    assert lab.ec.release()


@pytest.fixture
def far(lab, tmp_path, monkeypatch):
    """A running host 'n' whose connection can be cut, and whose files are not the run's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    ResourceFactory.register_type(CuttableNode)
    lab.add("cuttable::Node", "n", hostname="far.example", lost_after="60s")
    lab.up()
    yield lab
    lab.rm("n").host.mend()


def collected(lab, label: str, name: str, sub: str = ""):
    return lab.ec.run_dir / sub / f"{lab.ec.find(label)}.{name}"


def test_all_that_was_recorded_is_fetched_and_what_was_not_is_passed_over(far, caplog):
    far.add("linux::Application", "app", "n", command="echo hello", build="echo log")
    far.add("Collector", "c", "app", traceName="all", subDir="kept")
    far.ec.deploy([far.ec.find("app"), far.ec.find("c")])
    far.finished("app")
    far.ec.release()
    assert collected(far, "app", "stdout", "kept").read_text() == "hello\n"
    assert collected(far, "app", "deploy", "kept").read_text() == "log\n"
    assert collected(far, "app", "exitcode", "kept").read_text().strip() == "0"
    assert not collected(far, "app", "depends", "kept").exists()
    assert "not collected" not in caplog.text


def test_what_a_program_writes_at_its_end_is_collected_too(far):
    command = "trap 'echo end; exit' TERM; echo begin; while sleep 0.1; do :; done"
    far.add("linux::Application", "app", "n", shell=True, ready="log:begin", command=command)
    far.add("Collector", "c", "app", traceName="stdout")
    far.up("app", "c")
    far.ec.release()
    assert collected(far, "app", "stdout").read_text() == "begin\nend\n"


def test_a_fetch_that_was_cut_off_goes_on_where_it_was(far):
    far.add("linux::Application", "app", "n", command="seq 200000", shell=True)
    far.add("Collector", "c", "app", traceName="stdout")
    far.ec.deploy([far.ec.find("app"), far.ec.find("c")])
    far.finished("app")
    host = far.rm("n").host
    whole, offsets = host.get, []

    def get(source, target, *, offset=0, progress=None):
        offsets.append(offset)
        if len(offsets) == 1:
            target.write_bytes(host.read(source, 0, 1000))
            host.cut()
        whole(source, target, offset=offset, progress=progress)

    host.get = get
    away = host.on_reach(lambda reach: reach.up or far.ec.schedule(0.0, host.mend))
    far.ec.release()
    away()
    assert offsets[:2] == [0, 1000]
    assert collected(far, "app", "stdout").read_text() == "".join(
        f"{n}\n" for n in range(1, 200001)
    )


def test_numbers_are_collected_as_tables(lab):
    ResourceFactory.register_type(FakeNode)
    lab.add("fake::Node", "n")
    lab.up()
    lab.rm("n").host._spawn_script = lambda argv: Outcome(
        stdout="64 bytes from h2 (10.0.1.2): icmp_seq=1 ttl=64 time=2.50 ms\n"
    )
    lab.add("linux::Ping", "probe", "n", target="h2")
    lab.add("Collector", "c", "probe", traceName="rtt", rename="rtt.csv")
    lab.ec.deploy()
    lab.finished("probe")
    lab.ec.release()
    assert collected(lab, "probe", "rtt.csv").read_text().splitlines()[1] == "1,,0.0025,64"


@pytest.mark.parametrize("place", [{"subDir": "../../.."}, {"rename": "/../../../up"}])
def test_nothing_is_collected_outside_of_the_run(lab, tmp_path, place, caplog):
    lab.add("local::Node", "here")
    lab.add("linux::Application", "app", "here", command="echo hello")
    lab.add("Collector", "c", "app", traceName="stdout", **place)
    lab.ec.deploy()
    lab.finished("app")
    run_dir = lab.ec.run_dir
    lab.ec.release()

    assert "is not in the directory of the run" in caplog.text
    assert not list(run_dir.parent.glob("*.stdout"))
    assert not list(run_dir.parent.glob("*up"))
