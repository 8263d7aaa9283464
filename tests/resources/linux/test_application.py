import os
import select
import shlex
from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.core.states import ResourceState
from nepishell.hosts.fake import Outcome

APP = "linux::Application"


def ended(lab, label: str) -> tuple[str, str]:
    """The state after its end, and why it failed."""
    guid = lab.ec.find(label)
    lab.ec.wait_finished(guid, timeout=20)
    return lab.ec.state(guid, hr=True), lab.ec.failure(guid)


def run(lab, label: str = "app", **attributes: object) -> tuple[str, str]:
    """Deploy one application on node n; how it ended."""
    lab.add(APP, label, "n", **attributes)
    lab.ec.deploy()
    return ended(lab, label)


def output(lab, label: str = "app", trace: str = "stdout") -> str:
    return lab.ec.trace(lab.ec.find(label), trace)


def test_an_end_with_status_0_is_stopped(local):
    assert run(local, command="true") == ("STOPPED", "")


def test_an_end_with_another_status_fails_with_its_last_words(local):
    how = run(local, command="echo one >&2; echo two >&2; exit 3", shell=True)
    assert how == ("FAILED", "ended with status 3: two")


def test_a_signal_is_named(local):
    assert run(local, command="kill -9 $$", shell=True) == ("FAILED", "killed by signal 9")


def test_a_command_that_is_not_there_fails_and_says_so(local):
    state, why = run(local, command="no-such-program")
    assert state == "FAILED"
    assert "'no-such-program'" in why


def test_words_are_split_and_no_shell_runs_them(local):
    run(local, command="printf '%s|' 'a b' $HOME '*'")
    assert output(local) == "a b|$HOME|*|"


def test_a_shell_runs_them_when_asked(local):
    run(local, command="echo a | tr a b", shell=True)
    assert output(local) == "b\n"


def test_the_environment_is_added_to(local):
    run(local, command="echo $ONE $TWO", shell=True, env="ONE=1 'TWO=a b'")
    assert output(local) == "1 a b\n"


def test_it_reads_a_text(local):
    run(local, command="cat", stdin="hello")
    assert output(local) == "hello"


def test_it_reads_a_file(local, tmp_path: Path):
    (tmp_path / "in").write_text("from a file")
    run(local, command="cat", stdin=f"@{tmp_path / 'in'}")
    assert output(local) == "from a file"


def test_without_a_command_it_is_over_at_once(local):
    assert run(local) == ("STOPPED", "")


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"command": "echo 'x"}, "command of app: No closing quotation: echo 'x"),
        ({"command": "true", "env": "A=1 B"}, "env of app: 'B' is not NAME=VALUE"),
    ],
)
def test_what_could_never_run_fails_before_it_starts(fake, attributes, message):
    assert run(fake, **attributes) == ("FAILED", message)


@pytest.mark.parametrize(
    "ready", ["soon", "log:", "log:(", "port:x", "port:70000", "udp:", "file:"]
)
def test_a_wrong_ready_condition_is_refused_when_it_is_written(fake, ready):
    with pytest.raises(BadValue):
        fake.add(APP, "app", "n", ready=ready)


def test_it_is_started_once_its_log_says_so(local):
    local.add(APP, "app", "n", command="echo begin; echo ready; sleep 1000", shell=True,
              ready="log:^ready$")  # fmt: skip
    local.up()
    assert "ready" in output(local)


def test_it_is_started_once_its_file_is_there(local):
    local.add(APP, "app", "n", command="touch here; sleep 1000", shell=True, ready="file:here")
    local.up()


def test_it_fails_when_it_is_not_ready_in_time(local):
    how = run(local, command="echo hm >&2; sleep 1000", shell=True, ready="log:never",
              ready_timeout="50ms")  # fmt: skip
    assert how[0] == "FAILED"
    assert how[1].startswith("not ready (log:never) after 0.05s")


def test_it_fails_when_it_ends_before_it_is_ready(local):
    how = run(local, command="echo no >&2; exit 2", shell=True, ready="log:never")
    assert how == ("FAILED", "ended before it was ready (log:never): ended with status 2: no")


def test_stop_ends_it_and_that_is_no_failure(local):
    local.add(APP, "app", "n", command="sleep 1000")
    local.up()
    local.ec.stop(local.ec.find("app"))
    assert ended(local, "app") == ("STOPPED", "")


def test_what_ignores_the_request_is_killed(local):
    local.add(APP, "app", "n", command="trap '' TERM; echo up; while :; do sleep 1; done",
              shell=True, ready="log:up", grace="50ms")  # fmt: skip
    local.up()
    local.ec.stop(local.ec.find("app"))
    assert ended(local, "app") == ("STOPPED", "")


def test_it_can_be_started_again(local):
    local.add(APP, "app", "n", command="echo again")
    local.ec.deploy()
    local.finished("app")
    local.ec.start(local.ec.find("app"))
    local.finished("app")
    assert output(local) == "again\n"


def test_release_ends_it_with_all_it_started(local):
    local.add(APP, "app", "n", command="sleep 1000 & echo $!; wait", shell=True, ready="log:[0-9]")
    local.up()
    child = os.pidfd_open(int(output(local)))
    assert local.ec.release(local.ec.find("app"))
    assert select.select([child], [], [], 20)[0], "the child still runs"
    os.close(child)
    assert local.ec.state(local.ec.find("app"), hr=True) == "RELEASED"


def test_release_while_it_is_not_ready_yet_ends_it(local):
    app = local.add(APP, "app", "n", command="sleep 1000", ready="log:never")
    local.ec.deploy()
    local.ec.wait_deployed(app, timeout=20)
    assert local.ec.release(app)
    assert local.ec.state(app, hr=True) == "RELEASED"


def test_its_exit_status_is_a_trace(local):
    run(local, command="exit 4", shell=True, critical=False)
    assert output(local, trace="exitcode").strip() == "4"


def test_a_process_that_ends_at_once_ends_in_order(fake):
    fake.rm("n").host._spawn_script = lambda argv: Outcome(code=0)
    guid = fake.add(APP, "app", "n", command="x")
    fake.ec.deploy()
    fake.finished("app")
    assert [e.new for e in fake.ec.story(guid)][-2:] == [
        ResourceState.STARTED,
        ResourceState.STOPPED,
    ]


def test_an_application_needs_a_node(lab):
    lab.add(APP, "app", command="true")
    with pytest.raises(BadValue, match="needs 1 abstract::Node"):
        lab.ec.deploy()


@pytest.mark.lab
def test_it_runs_inside_its_node(pair):
    pair.add(APP, "app", "h2", command="hostname -I; ip -br link show eth0", shell=True)
    pair.ec.deploy()
    pair.finished("app")
    assert "10.0.1.2" in output(pair)


@pytest.mark.lab
def test_it_is_started_once_its_port_listens_in_its_own_node(pair):
    serve = shlex.join([pair.rm("h2").python, "-m", "http.server", "8000"])
    pair.add(APP, "web", "h2", command=serve, ready="port:8000")
    pair.up()
    get = "import urllib.request as u; u.urlopen('http://h2:8000/', timeout=5)"
    assert pair.run("h1", pair.rm("h1").python, "-c", get).status == 0
