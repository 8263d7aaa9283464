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
from typing import Any, ClassVar

import pytest

from nepishell.engine.factory import ResourceFactory
from nepishell.hosts.ssh import SshHost, Timing
from nepishell.resources.linux.node import LinuxNode
from tests.cable import Cable
from tests.resources.linux.test_node import Told
from tests.sshd import PATIENCE_S

pytestmark = [pytest.mark.root, pytest.mark.lab]

APP = "linux::Application"
#: Until a brief cut is over: longer than the silence after which a sign of life is asked for.
BRIEF_S = 0.4
TIMINGS = {
    "brief": Timing(keep_alive_s=0.1, patience_s=60.0),
    "long": Timing(
        connect_s=5.0, keep_alive_s=0.1, patience_s=0.3, first_retry_s=0.02, most_retry_s=0.1
    ),
}


class CableHost(SshHost):
    """Tells when it is in the middle of a transfer or about to start a program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: called once, by the name of the request
        self.during: dict[str, Callable[[], None]] = {}

    def reached(self, name: str) -> None:
        action = self.during.pop(name, None)
        if action is not None:
            action()

    def spawn(self, *args: Any, **kwargs: Any) -> Any:
        self.reached("spawn")
        return super().spawn(*args, **kwargs)

    def put_all(self, files: Any, progress: Any = None) -> None:
        super().put_all(files, self._watched("put_all", progress))

    def get(self, source: Path, target: Path, *, offset: int = 0, progress: Any = None) -> None:
        super().get(source, target, offset=offset, progress=self._watched("get", progress))

    def _watched(self, name: str, progress: Any) -> Any:
        def told(done: int, total: int) -> None:
            if progress is not None:
                progress(done, total)
            if done < total:
                self.reached(name)

        return told

    def after(self, delay_s: float) -> None:
        """Return after *delay_s* of the connection's own time."""
        over = threading.Event()
        self._shell.after(delay_s, over.set)
        assert over.wait(PATIENCE_S)


class CableNode(LinuxNode):
    """A host at the far end of the cable of a test."""

    rtype = "cable::Node"
    cable: ClassVar[Cable]
    timing: ClassVar[Timing]

    def _make_host(self) -> CableHost:
        end = self.cable.sshd.endpoint()
        return CableHost(end, name="n", timing=self.timing, dial=self.cable.dial)


class Cut:
    """The cable between a resource's node n and its host."""

    def __init__(self, lab: Any, cable: Cable, is_long: bool) -> None:
        self._lab = lab
        self._cable = cable
        self._is_long = is_long
        self.told = Told(lab.ec)
        self._is_out = threading.Event()

    @property
    def host(self) -> CableHost:
        host: CableHost = self._lab.rm("n").host
        return host

    def at(self, name: str) -> None:
        """Cut when the host is in the middle of the request *name*."""
        self.host.during[name] = self.begin

    def begin(self) -> None:
        self._cable.plug(False)
        self._is_out.set()

    def last(self) -> None:
        """Return once it has lasted long enough: nobody noticed, or the node tells it."""
        assert self._is_out.wait(PATIENCE_S)
        if not self._is_long:
            self.host.after(BRIEF_S)
            assert self.host.reach.up
            assert not self._lab.rm("n").suspect
            return
        assert "what runs there runs on, for 5m" in self.told.wait("n is unreachable since")
        node = self._lab.rm("n")
        assert node.suspect
        assert "unreachable since" in node.concern
        assert self._lab.ec.state(self._lab.ec.find("n"), hr=True) in ("STARTED", "STOPPED")

    def end(self) -> None:
        self._cable.plug(True)
        if self._is_long:
            self.told.wait("n can be reached again")
            assert (self._lab.rm("n").suspect, self._lab.rm("n").concern) == (False, "")

    def is_told_once(self) -> bool:
        """Whether one line each told of the loss and of the return, or none of a brief cut."""
        wanted = int(self._is_long)
        parts = ("is unreachable since", "can be reached again")
        return all(sum(part in text for text in self.told.texts) == wanted for part in parts)


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


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def is_left_clean(lab: Any, home: Path) -> bool:
    """Whether no file and no process of the run is there."""
    mark = f"NEPISHELL_RUN={lab.ec.exp_id}/{lab.ec.run_id}".encode()
    carriers = [path.parent for path in Path("/proc").glob("[0-9]*/environ") if has(path, mark)]
    return list(home.iterdir()) == [] and carriers == []


def has(path: Path, mark: bytes) -> bool:
    try:
        return mark in path.read_bytes()
    except OSError:
        return False


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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
    assert cut.is_told_once()
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
