"""Applications on hosts behind real SSH servers: what works, and what goes wrong."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.batch.exits import Exit
from nepishell.batch.main import main
from nepishell.core.traces import TraceAttr
from tests.resources.linux.test_node import Told
from tests.sshd import Sshd

APP = "linux::Application"
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGjKXxwDxFiP4x0zGfrtQvC5D7K3yVZ4uyqzvv9x9vZ0"


@pytest.fixture
def home(tmp_path) -> Path:
    """Where hosts have our folder: this user's own home is left alone."""
    found = tmp_path / "ho me"
    found.mkdir()
    return found


@pytest.fixture
def sshd(tmp_path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "sshd") as server:
        yield server


def settings(server: Sshd, home: Path, **more: object) -> dict[str, object]:
    """What a user says of the host behind *server*."""
    return {
        "hostname": server.address,
        "port": server.port,
        "username": server.username,
        "identity": str(server.identity),
        "serverKey": server.server_key,
        "home": str(home),
        "lost_after": "15s",
        **more,
    }


@pytest.fixture
def far(lab, sshd, home):
    """A builder with one running host 'n'."""
    lab.add("linux::Node", "n", **settings(sshd, home))
    lab.up()
    yield lab
    # before the server goes
    lab.ec.shutdown()


def run(lab, label: str = "app", **attributes: object) -> tuple[str, str]:
    """Deploy one application on node n; how it ended."""
    guid = lab.add(APP, label, "n", **attributes)
    lab.ec.deploy(guid)
    lab.ec.wait_finished(guid, timeout=30)
    return lab.ec.state(guid, hr=True), lab.ec.failure(guid)


def output(lab, label: str = "app", trace: str = "stdout") -> str:
    return lab.ec.trace(lab.ec.find(label), trace)


def is_clean(home: Path) -> bool:
    """Whether nothing of ours is left."""
    return list(home.iterdir()) == []


def test_a_command_runs_and_nothing_is_left(far, home):
    assert run(far, command="echo 'a b' ${RUN_HOME}") == ("STOPPED", "")
    assert output(far).startswith(f"a b {home}/.nepishell/nepi-exp/")
    far.ec.release()
    assert output(far).startswith("a b ")
    assert is_clean(home)


def test_what_it_needs_is_put_there_built_and_fetched_back(far, home, tmp_path):
    odd = tmp_path / "odd 'n\"ame\n"
    odd.mkdir()
    (tmp_path / "f").write_text("file")
    (odd / "da\tta").write_bytes(b"\xff\x00x" * 1000)
    how = run(
        far,
        files=f"'{tmp_path}/f'",
        code=f"@{odd}",
        build='cat "${SHARE}/f" >built; cat code/da* >>built',
        command="cat ${APP_HOME}/built",
    )
    assert how == ("STOPPED", "")
    far.ec.release()
    path = Path(far.ec.trace(far.ec.find("app"), "stdout", TraceAttr.PATH))
    assert path.read_bytes() == b"file" + b"\xff\x00x" * 1000
    assert is_clean(home)


def test_a_failure_tells_status_and_last_words(far):
    assert run(far, command="sh -c 'echo no >&2; exit 4'", critical=False) == (
        "FAILED",
        "ended with status 4: no",
    )
    assert run(far, "none", command="no-such-program", critical=False)[1].count("no-such-program")
    assert run(far, "built", build="echo why; false", critical=False)[1] == (
        "build failed on n: why; see trace 'deploy'"
    )


def test_flows_and_ready_conditions_find_python_and_our_tools_there(far, home):
    far.add("linux::FlowReceiver", "sink", "n", port=free_udp_port())
    flow = far.add("linux::Flow", "source", "n", "sink", target="n", rate="1mbit", duration="300ms",
                   interval="100ms")  # fmt: skip
    far.ec.deploy()
    assert far.ec.wait_finished(flow, timeout=30)
    far.ec.stop(far.ec.find("sink"))
    far.finished("sink")
    assert far.rm("sink").metric("loss") == 0
    far.ec.release()
    assert is_clean(home)


def free_udp_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_twenty_applications_share_one_connection(far, sshd):
    guids = [far.add(APP, f"a{i}", "n", command=f"echo {i}") for i in range(20)]
    far.ec.deploy(guids)
    assert far.ec.wait_finished(guids, timeout=60)
    assert [output(far, f"a{i}") for i in range(20)] == [f"{i}\n" for i in range(20)]


def test_two_resources_that_name_one_host_share_its_connection(far, sshd, home):
    far.add("linux::Node", "m", **settings(sshd, home))
    far.up("m")
    assert far.rm("m").host is far.rm("n").host
    far.ec.release(far.ec.find("m"))
    assert run(far, command="true") == ("STOPPED", "")


def test_a_program_that_ignores_the_request_is_killed(far, home):
    far.add(APP, "app", "n", shell=True, ready="log:up", grace="50ms",
            command="trap '' TERM; echo up; while :; do sleep 1; done")  # fmt: skip
    far.up("app")
    far.ec.stop(far.ec.find("app"))
    far.finished("app")
    far.ec.release()
    assert is_clean(home)


def test_a_hundred_megabytes_of_output_come_home_in_blocks(far, home):
    assert run(far, command="head -c 100000000 /dev/zero") == ("STOPPED", "")
    guid = far.ec.find("app")
    assert far.ec.trace(guid, "stdout", TraceAttr.SIZE) == 100_000_000
    assert far.ec.trace(guid, "stdout", TraceAttr.STREAM, 4096, 24000) == "\0" * 4096
    far.add("Collector", "c", "app", traceName="stdout")
    far.up("c")
    far.ec.release()
    assert (far.ec.run_dir / f"{guid}.stdout").stat().st_size == 100_000_000
    assert is_clean(home)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"serverKey": OTHER_KEY}, "key"),
        ({"serverKey": None}, "known"),
        ({"identity": "/no/such/key"}, "/no/such/key"),
        ({"hostname": "no-such-host.invalid"}, "no-such-host.invalid"),
        ({"port": 1}, "1"),
    ],
)  # fmt: skip
def test_a_host_that_cannot_be_reached_fails_with_one_line(lab, sshd, home, wrong, says):
    guid = lab.add("linux::Node", "n", **settings(sshd, home, **wrong))
    lab.ec.deploy()
    assert not lab.ec.wait_started(guid, timeout=30)
    why = lab.ec.failure(guid)
    assert says in why
    assert "\n" not in why
    lab.ec.release()
    assert is_clean(home)


def test_a_wrong_password_is_told_and_nowhere_shown(lab, sshd, home, caplog):
    guid = lab.add("linux::Node", "n", **settings(sshd, home, identity=None, password="hush-hush"))
    lab.ec.deploy()
    assert not lab.ec.wait_started(guid, timeout=30)
    assert "hush-hush" not in lab.ec.failure(guid)
    assert "hush-hush" not in caplog.text


def test_a_server_that_restarts_only_delays(far, sshd, home):
    app = far.add(APP, "app", "n", command="sleep 1000")
    far.up("app")
    told = Told(far.ec)
    sshd.stop()
    told.wait("n is unreachable since")
    assert far.ec.state(app, hr=True) == "STARTED"
    assert far.rm("n").suspect
    sshd.start()
    told.wait("n can be reached again")
    far.ec.stop(app)
    far.finished("app")
    far.ec.release()
    assert is_clean(home)


def test_an_end_while_it_was_away_is_seen_when_it_is_back(far, sshd, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    app = far.add(APP, "app", "n", command=f"cat {fifo}")
    far.up("app")
    told = Told(far.ec)
    sshd.stop()
    told.wait("n is unreachable since")
    fifo.write_text("bye\n")
    sshd.start()
    far.finished("app")
    assert output(far) == "bye\n"
    assert far.ec.state(app, hr=True) == "STOPPED"


def test_a_cut_while_it_is_deployed_only_delays(far, sshd, home):
    told = Told(far.ec)
    build = far.add(APP, "app", "n", build="echo up; sleep 1000 & wait $!", command="echo built")
    far.ec.deploy(build)
    build_log = lambda: far.ec.trace(build, "deploy")  # noqa: E731
    sshd.stop()
    told.wait("n is unreachable since")
    sshd.start()
    told.wait("n can be reached again")
    assert far.ec.release(build)
    assert build_log() in ("up\n", None, "")
    far.ec.release()
    assert is_clean(home)


def test_a_start_during_a_cut_comes_when_it_is_back(far, sshd):
    app = far.add(APP, "app", "n", command="echo late")
    told = Told(far.ec)
    sshd.stop()
    told.wait("n is unreachable since")
    far.ec.deploy(app)
    sshd.start()
    far.finished("app")
    assert output(far) == "late\n"


def test_a_release_during_a_cut_waits_and_leaves_nothing(far, sshd, home):
    run(far, command="echo kept")
    told = Told(far.ec)
    sshd.stop()
    told.wait("n is unreachable since")
    far.ec.schedule("300ms", sshd.start)
    assert far.ec.release()
    assert output(far) == "kept\n"
    assert is_clean(home)


def test_a_host_that_never_comes_back_is_given_up_with_one_line(lab, sshd, home):
    lab.add("linux::Node", "n", **settings(sshd, home, lost_after="200ms"))
    app = lab.add(APP, "app", "n", command="sleep 1000")
    lab.up()
    told = Told(lab.ec)
    sshd.stop()
    lab.ec.wait(app, "FAILED", timeout=30)
    assert lab.ec.failure(app).startswith("n was unreachable for 200ms: ")
    lab.ec.release()
    assert "stays there" in told.wait("n is not as it was")
    sshd.start()


@pytest.mark.root
def test_a_full_disk_is_told_in_one_line_and_left_clean(lab, sshd, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=True)
    try:
        lab.add("linux::Node", "n", **settings(sshd, disk))
        lab.up()
        big = tmp_path / "big"
        big.write_bytes(b"x" * 3_000_000)
        state, why = run(lab, files=str(big), command="true")
        assert state == "FAILED"
        assert "No space left" in why or "full" in why
        assert "\n" not in why
        lab.ec.release()
        assert is_clean(disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_the_recipe_of_the_lab_runs_on_two_hosts_of_the_ssh_config(tmp_path, monkeypatch, capsys):
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    config = ""
    with Sshd(tmp_path / "s1") as one, Sshd(tmp_path / "s2") as two:
        for label, server in (("h1", one), ("h2", two)):
            config += f"""Host {label}
    HostName {server.address}
    Port {server.port}
    User {server.username}
    IdentityFile {server.identity}
"""
            with (home / ".ssh" / "known_hosts").open("a") as known:
                known.write(f"{server.known_name} {server.server_key}\n")
        (home / ".ssh" / "config").write_text(config)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        words = ["--param", "node=linux::Node", "--param", "network=linux::Channel"]
        status = main(["real-hosts", *words])
    told = capsys.readouterr()
    assert status == Exit.DONE, told.err
    assert "ok: probe.loss is 0%" in told.out
    assert "BUILT ON THE HOST" in told.out
    collected = list((tmp_path / "state").glob("nepishell/*/*/collected/*.stdout"))
    assert len(collected) == 4
