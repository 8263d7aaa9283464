import pytest

from nepishell.core.errors import BadValue


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
