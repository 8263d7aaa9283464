"""A link that goes down in the middle of something: for a moment, for long, and for too long.

A server in a network namespace, the real resources. `brief`: shorter than the keep-alive's
patience, so that TCP alone mends it. `long`: the loss is noticed, and the host is found again.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.ssh import Timing
from tests.cable import Cable
from tests.resources.linux.cutting import TIMINGS, CableNode, Cut, fifo, is_left_clean
from tests.sshd import PATIENCE_S

pytestmark = [pytest.mark.root, pytest.mark.lab]

APP = "linux::Application"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = tmp_path / "home"
    found.mkdir()
    return found


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    with ExitStack() as stack:
        yield Cable(tmp_path, stack)


@pytest.fixture
def far(lab, cable: Cable, home: Path):
    """Adds the host 'n' at the other end of the cable, and runs it."""
    ResourceFactory.register_type(CableNode)
    CableNode.cable = cable

    def make(timing: Timing, **settings: object) -> Any:
        CableNode.timing = timing
        lab.add("cable::Node", "n", hostname="n", home=str(home), **settings)
        lab.up()
        return lab

    yield make
    cable.plug(True)
    # before the server goes
    lab.ec.shutdown()


@pytest.fixture(params=["brief", "long"])
def cut(request, far, cable: Cable) -> Callable[..., Cut]:
    def make(**settings: object) -> Cut:
        return Cut(far(TIMINGS[request.param], **settings), cable, request.param == "long")

    return make


def test_a_build_that_ends_during_the_cut_is_a_build(lab, cut, home, tmp_path) -> None:
    begun, go, cut = fifo(tmp_path / "begun"), fifo(tmp_path / "go"), cut()
    build = f"echo >{begun}; read word <{go}; echo $word >built"
    app = lab.add(APP, "app", "n", build=build, command="cat ${APP_HOME}/built")
    lab.ec.deploy(app)
    begun.read_text()
    cut.begin()
    cut.last()
    go.write_text("well\n")
    cut.end()
    lab.finished("app")
    assert lab.ec.trace(app, "stdout") == "well\n"
    lab.ec.release()
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_an_upload_that_is_cut_arrives_whole(lab, cut, home, tmp_path) -> None:
    data, cut = tmp_path / "data", cut()
    data.write_bytes(os.urandom(5_000_000))
    cut.at("put_all")
    app = lab.add(APP, "app", "n", files=str(data), command="sha256sum ${SHARE}/data")
    lab.ec.deploy(app)
    cut.last()
    cut.end()
    lab.finished("app")
    wanted = hashlib.sha256(data.read_bytes()).hexdigest()
    assert lab.ec.trace(app, "stdout").startswith(wanted)
    lab.ec.release()
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_a_start_into_the_cut_starts_it_once(lab, cut, home, tmp_path) -> None:
    count, cut = tmp_path / "count", cut()
    cut.at("spawn")
    app = lab.add(APP, "app", "n", command=f"echo once | tee -a {count}", shell=True)
    lab.ec.deploy(app)
    cut.last()
    cut.end()
    lab.finished("app")
    assert lab.ec.trace(app, "stdout") == count.read_text() == "once\n"
    lab.ec.release()
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_what_gets_ready_during_the_cut_is_started(lab, cut, home, tmp_path) -> None:
    begun, go, cut = fifo(tmp_path / "begun"), fifo(tmp_path / "go"), cut()
    app = lab.add(APP, "app", "n", shell=True, ready="log:^up", ready_timeout="60s",
                  command=f"echo >{begun}; read word <{go}; echo up; exec sleep 1000")  # fmt: skip
    lab.ec.deploy(app)
    begun.read_text()
    cut.begin()
    cut.last()
    assert lab.ec.state(app, hr=True) == "READY"
    go.write_text("\n")
    cut.end()
    assert lab.ec.wait_started(app, timeout=PATIENCE_S)
    lab.ec.stop(app)
    lab.finished("app")
    lab.ec.release()
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_a_trace_that_grows_during_the_cut_is_complete(lab, cut, home, tmp_path) -> None:
    begun, go, cut = fifo(tmp_path / "begun"), fifo(tmp_path / "go"), cut()
    script = f"echo before >{begun}; echo before; read word <{go}; seq 1 200000"
    app = lab.add(APP, "app", "n", shell=True, command=script)
    lab.add("Collector", "c", "app", traceName="stdout")
    lab.ec.deploy()
    begun.read_text()
    cut.begin()
    cut.last()
    assert lab.ec.state(app, hr=True) == "STARTED"
    go.write_text("\n")
    cut.end()
    lab.finished("app")
    lab.ec.release()
    counted = "".join(f"{number}\n" for number in range(1, 200001))
    assert (lab.ec.run_dir / f"{app}.stdout").read_text() == f"before\n{counted}"
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_a_trace_whose_collection_is_cut_goes_on_where_it_was(lab, cut, home) -> None:
    cut = cut()
    app = lab.add(APP, "app", "n", command="seq 1 1000000")
    lab.add("Collector", "c", "app", traceName="stdout")
    lab.ec.deploy()
    lab.finished("app")
    cut.at("get")
    with ThreadPoolExecutor() as pool:
        released = pool.submit(lab.ec.release)
        cut.last()
        cut.end()
        assert released.result(PATIENCE_S)
    counted = "".join(f"{number}\n" for number in range(1, 1000001))
    assert (lab.ec.run_dir / f"{app}.stdout").read_text() == counted
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_a_release_that_is_cut_ends_and_clears_all(lab, cut, home, tmp_path) -> None:
    begun, flag = fifo(tmp_path / "begun"), tmp_path / "flag"
    # whatever was under way when the connection was lost is done again
    wait = f"until [ -e {flag} ]; do sleep 0.05; done"
    cut = cut(tearDown=f"[ -e {flag} ] || {{ echo >{begun}; {wait}; }}; echo done >>{tmp_path}/log")
    app = lab.add(APP, "app", "n", command="sleep 1000")
    lab.up("app")
    with ThreadPoolExecutor() as pool:
        released = pool.submit(lab.ec.release)
        begun.read_text()
        cut.begin()
        cut.last()
        flag.touch()
        cut.end()
        assert released.result(PATIENCE_S)
    assert lab.ec.state(app, hr=True) == "RELEASED"
    assert (tmp_path / "log").exists()
    assert cut.is_told()
    assert is_left_clean(lab, home)


def test_a_release_in_the_cut_ends_what_runs_when_it_is_over(lab, cut, home) -> None:
    cut = cut()
    app = lab.add(APP, "app", "n", command="sleep 1000")
    lab.up("app")
    cut.begin()
    cut.last()
    with ThreadPoolExecutor() as pool:
        released = pool.submit(lab.ec.release)
        cut.end()
        assert released.result(PATIENCE_S)
    assert lab.ec.state(app, hr=True) == "RELEASED"
    assert is_left_clean(lab, home)


@pytest.fixture
def lost(far, cable: Cable) -> Cut:
    """A cut that lasts longer than the node's failure policy allows: `lost_after`."""
    return Cut(far(TIMINGS["long"], lost_after="3s", critical=False), cable, is_long=True)


def given_up(lab: Any, guid: int) -> str:
    """Why the resource FAILED once its host was given up."""
    assert lab.ec.wait(guid, "FAILED", timeout=PATIENCE_S)
    why: str = lab.ec.failure(guid)
    assert why.startswith("n was unreachable for 3s: ")
    assert "\n" not in why
    return why


def mend(cut: Cut, cable: Cable) -> None:
    """End a cut after nobody waits for the host any more."""
    back = threading.Event()
    cut.host.on_reach(lambda reach: back.set() if reach.up else None)
    cable.plug(True)
    assert back.wait(PATIENCE_S)


def test_a_deployment_whose_host_stays_away_fails_and_is_cleared_later(
    lab, lost, cable, home, tmp_path
) -> None:
    begun = fifo(tmp_path / "begun")
    app = lab.add(APP, "app", "n", build=f"echo >{begun}; exec sleep 1000", command="true",
                  critical=False)  # fmt: skip
    lab.ec.deploy(app)
    begun.read_text()
    lost.begin()
    given_up(lab, app)
    mend(lost, cable)
    assert lab.ec.release()
    assert is_left_clean(lab, home)


def test_what_runs_where_the_host_stays_away_fails_and_is_ended_later(
    lab, lost, cable, home
) -> None:
    app = lab.add(APP, "app", "n", command="echo kept; exec sleep 1000", shell=True,
                  critical=False)  # fmt: skip
    lab.up("app")
    lost.begin()
    assert given_up(lab, app) == given_up(lab, lab.ec.find("n"))
    mend(lost, cable)
    assert lab.ec.release()
    assert lab.ec.trace(app, "stdout") == "kept\n"
    assert is_left_clean(lab, home)


def test_a_trace_whose_host_stays_away_is_told_to_be_lost(lab, lost) -> None:
    lab.add(APP, "app", "n", command="seq 1 1000000")
    lab.add("Collector", "c", "app", traceName="stdout")
    lab.ec.deploy()
    lab.finished("app")
    lost.at("get")
    assert lab.ec.release()
    told = lost.told.wait("trace stdout of app was not collected: ")
    assert "n cannot be reached" in told
    assert sum("was not collected" in text for text in lost.told.texts) == 1


def test_a_release_whose_host_stays_away_says_what_stays_there(lab, lost, home) -> None:
    app = lab.add(APP, "app", "n", command="sleep 1000")
    lab.up("app")
    lost.begin()
    lost.told.wait("is unreachable since")
    assert lab.ec.release()
    told = lost.told.wait("n is not as it was")
    assert str(home) in told
    assert "stays there, and what runs" in told
    assert lab.ec.state(app, hr=True) == "RELEASED"
