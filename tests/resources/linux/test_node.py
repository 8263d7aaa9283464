"""A real host's resource, on this machine with a connection that tests cut and mend."""

from pathlib import Path
from threading import Event

import pytest

from nepishell.core.errors import HostError
from nepishell.core.events import Noted
from nepishell.engine.factory import ResourceFactory
from tests.resources.linux.cuttable import CuttableNode

APP = "linux::Application"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    found = tmp_path / "home"
    found.mkdir()
    monkeypatch.setenv("HOME", str(found))
    return found


@pytest.fixture
def far(lab, home):
    """A builder with a running host 'n' whose connection can be cut."""
    ResourceFactory.register_type(CuttableNode)
    lab.add("cuttable::Node", "n", hostname="far.example", lost_after="60s")
    lab.up()
    yield lab
    lab.rm("n").host.mend()


class Told:
    """What resources told people; `wait` until a text comes."""

    def __init__(self, ec) -> None:
        self.texts: list[str] = []
        self._came = Event()
        ec.bus.subscribe(self._take)

    def _take(self, event) -> None:
        if isinstance(event, Noted):
            self.texts.append(event.text)
            self._came.set()

    def wait(self, part: str) -> str:
        while True:
            self._came.clear()
            for text in self.texts:
                if part in text:
                    return text
            assert self._came.wait(20), f"nobody said '{part}': {self.texts}"


def test_localhost_is_this_machine_and_nothing_is_left_of_it(lab, home):
    lab.add("linux::Node", "n", hostname="localhost")
    lab.up()
    assert "python" in lab.rm("n").about
    assert (home / ".nepishell").is_dir()
    lab.ec.release()
    assert list(home.iterdir()) == []


def test_a_home_of_its_own_is_used_and_left_clean(lab, home, tmp_path):
    (tmp_path / "data").mkdir()
    lab.add("linux::Node", "n", hostname="localhost", home=str(tmp_path / "data"))
    lab.add(APP, "app", "n", command="pwd")
    lab.ec.deploy()
    lab.finished("app")
    assert lab.ec.trace(lab.ec.find("app"), "stdout").startswith(str(tmp_path / "data"))
    lab.ec.release()
    assert list((tmp_path / "data").iterdir()) == []
    assert list(home.iterdir()) == []


def test_a_label_is_a_hostname_and_one_of_them_is_needed(lab, home):
    lab.add("linux::Node", "localhost")
    lab.up()
    guid = lab.ec.register_resource("linux::Node")
    lab.ec.deploy(guid)
    assert not lab.ec.wait_started(guid, timeout=20)
    assert "needs a hostname, or a label that is one" in lab.ec.failure(guid)


def test_tear_down_is_run_in_its_home(lab, home, tmp_path):
    lab.add("linux::Node", "n", hostname="localhost", tearDown=f"pwd >{tmp_path}/where")
    lab.up()
    lab.ec.release()
    assert (tmp_path / "where").read_text() == f"{home}\n"


def test_what_a_program_left_running_ends_with_the_release(lab, home):
    lab.add("linux::Node", "n", hostname="localhost")
    lab.add(APP, "app", "n", command="setsid sleep 1000 & echo $!", shell=True)
    lab.ec.deploy()
    lab.finished("app")
    pid = int(lab.ec.trace(lab.ec.find("app"), "stdout"))
    assert Path(f"/proc/{pid}").exists()
    lab.ec.release()
    assert not Path(f"/proc/{pid}").exists()


def test_a_host_without_python_runs_commands_and_says_what_it_cannot(lab, home):
    lab.add("linux::Node", "n", hostname="localhost")
    lab.up()
    node = lab.rm("n")
    node._system = type(node.system)(alive=True, home=str(home), user=0)
    with pytest.raises(HostError, match=r"n has no python3 .* flows and ready conditions"):
        node.tool(Path(__file__))
    lab.add(APP, "app", "n", command="echo well")
    lab.ec.deploy(lab.ec.find("app"))
    lab.finished("app")
    late = lab.add(APP, "late", "n", command=f"touch {home}/x", ready="log:up", critical=False)
    lab.ec.deploy(late)
    assert not lab.ec.wait_finished(late, timeout=20)
    assert "n has no python3" in lab.ec.failure(late)
    assert not (home / "x").exists()


def test_a_display_is_not_forwarded_and_that_is_said(far, tmp_path):
    app = far.add(APP, "app", "n", command=f"touch {tmp_path}/x", forwardX11=True, critical=False)
    far.ec.deploy(app)
    assert not far.ec.wait_finished(app, timeout=20)
    assert far.ec.failure(app) == (
        "forwardX11 of app: displays are not forwarded to other hosts; "
        "run it in xvfb-run there, or on a local::Node"
    )
    assert not (tmp_path / "x").exists()


def test_our_own_tools_are_put_there_once(far):
    host = far.rm("n").host
    first, second = (far.rm("n").tool(Path(__file__)) for _ in range(2))
    assert first == second
    assert Path(first[-1]).read_text() == Path(__file__).read_text()
    assert host.requests.count("write") == 1


def test_a_connection_that_is_lost_is_told_and_what_runs_runs_on(far):
    far.add(APP, "app", "n", command="sleep 1000")
    far.up("app")
    told = Told(far.ec)
    node = far.rm("n")
    node.host.cut()
    assert "what runs there runs on, for 1m" in told.wait("is unreachable since")
    assert node.suspect
    assert node.concern.endswith("the test cut it")
    assert far.rm("app").concern == f"n is {node.concern}"
    assert [far.ec.state(far.ec.find(name), hr=True) for name in ("n", "app")] == ["STARTED"] * 2
    node.host.mend()
    told.wait("n can be reached again")
    assert (node.suspect, node.concern) == (False, "")
    assert far.rm("app").concern == ""


def test_an_end_during_the_cut_is_seen_when_it_is_back(far, tmp_path):
    app = far.add(APP, "app", "n", command=f"cat {tmp_path}/fifo", critical=False)
    fifo = tmp_path / "fifo"
    fifo.touch()
    far.ec.deploy(app)
    far.finished("app")
    assert far.ec.state(app, hr=True) == "STOPPED"


def test_a_cut_in_the_middle_of_a_deployment_only_delays_it(far, tmp_path):
    (tmp_path / "f").write_text("x")
    host = far.rm("n").host
    told = Told(far.ec)
    cut = iter(["put_all", None])
    wanted = next(cut)

    def before(name: str) -> None:
        nonlocal wanted
        if name == wanted:
            wanted = next(cut)
            host.cut()

    host.before = before
    app = far.add(APP, "app", "n", files=str(tmp_path / "f"), command="cat ${SHARE}/f")
    far.ec.deploy(app)
    told.wait("is unreachable")
    host.mend()
    far.finished("app")
    assert far.ec.trace(app, "stdout") == "x"


@pytest.mark.parametrize("request_", ["spawn", "checksums"])
def test_a_cut_before_a_request_only_delays_it(far, request_):
    host = far.rm("n").host
    told = Told(far.ec)
    left = [request_]

    def before(name: str) -> None:
        if left == [name]:
            left.clear()
            host.cut()

    host.before = before
    app = far.add(APP, "app", "n", code="x", command="cat ${APP_HOME}/code")
    far.ec.deploy(app)
    told.wait("is unreachable")
    host.mend()
    far.finished("app")
    assert far.ec.trace(app, "stdout") == "x"


def test_a_stop_that_cannot_be_told_is_told_later(far):
    app = far.add(APP, "app", "n", command="sleep 1000")
    far.up("app")
    far.rm("n").host.cut()
    far.ec.stop(app)
    far.rm("n").host.mend()
    far.finished("app")


def test_a_release_waits_for_the_host_and_leaves_nothing(far, home):
    app = far.add(APP, "app", "n", command="echo kept")
    far.ec.deploy(app)
    far.finished("app")
    host = far.rm("n").host
    told = Told(far.ec)
    left = ["get"]

    def before(name: str) -> None:
        if left == [name]:
            left.clear()
            host.cut()

    host.before = before
    far.ec.schedule(0.0, lambda: (told.wait("is unreachable"), host.mend()))
    assert far.ec.release()
    assert far.ec.trace(app, "stdout") == "kept\n"
    assert list(home.iterdir()) == []


def test_a_host_that_stays_away_fails_with_what_runs_there(lab, home):
    ResourceFactory.register_type(CuttableNode)
    lab.add("cuttable::Node", "n", hostname="far.example", lost_after="50ms")
    app = lab.add(APP, "app", "n", command="sleep 1000")
    lab.up()
    told = Told(lab.ec)
    lab.rm("n").host.cut()
    assert not lab.ec.wait_finished(app, timeout=20)
    why = "n was unreachable for 50ms: the test cut it"
    lab.ec.wait(lab.ec.find("n"), "FAILED", timeout=20)
    assert lab.ec.failure(lab.ec.find("n")) == why
    lab.ec.wait(app, "FAILED", timeout=20)
    assert lab.ec.failure(app) == why
    assert not lab.rm("n").suspect
    assert lab.ec.release()
    assert "stays there" in told.wait("n is not as it was")


def test_a_deployment_on_a_host_that_stays_away_fails(lab, home):
    ResourceFactory.register_type(CuttableNode)
    lab.add("cuttable::Node", "n", hostname="far.example", lost_after="50ms")
    lab.up()
    lab.rm("n").host.cut()
    app = lab.add(APP, "app", "n", command="true")
    lab.ec.deploy(app)
    assert not lab.ec.wait_finished(app, timeout=20)
    lab.ec.wait(app, "FAILED", timeout=20)


def test_a_shutdown_ends_although_the_host_stays_away(lab, home):
    ResourceFactory.register_type(CuttableNode)
    lab.add("cuttable::Node", "n", hostname="far.example", lost_after="300ms")
    lab.add(APP, "app", "n", command="sleep 1000")
    lab.up()
    lab.rm("n").host.cut()
    lab.ec.shutdown()
    assert lab.rm("n").state.name == "RELEASED"


def test_a_label_stands_for_the_address_of_its_host(lab, home):
    lab.add("linux::Node", "m", hostname="localhost", ip="192.0.2.7")
    lab.add("linux::Node", "n", hostname="localhost")
    lab.add("linux::Ping", "p", "n", target="m")
    assert lab.rm("p").argv()[-1] == "192.0.2.7"


def test_secrets_are_credentials(lab):
    lab.add("linux::Node", "n", hostname="h", password="hush")
    flags = lab.ec.get_attributes(lab.ec.find("n"))["password"].flags
    assert flags & 16
