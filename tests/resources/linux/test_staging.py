"""Staging on this machine: as a local node, and with the folders of a real host."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nepishell.core.traces import TraceAttr

APP = "linux::Application"


@pytest.fixture(params=["local::Node", "linux::Node"])
def host(request, lab, tmp_path, monkeypatch):
    """A builder with this machine as node 'n'."""
    home = tmp_path / "ho me"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    more = {"hostname": "localhost"} if request.param == "linux::Node" else {}
    lab.add(request.param, "n", **more)
    lab.up()
    return lab


@pytest.fixture
def here(lab, tmp_path, monkeypatch):
    """As above, only with the folders of a real host."""
    monkeypatch.setenv("HOME", str(tmp_path))
    lab.add("linux::Node", "n", hostname="localhost")
    lab.up()
    return lab


def ended(lab, label: str = "app", **attributes: object) -> tuple[str, str]:
    """Deploy one application on node n; how it ended."""
    guid = lab.add(APP, label, "n", **attributes)
    lab.ec.deploy(guid)
    lab.ec.wait_finished(guid, timeout=20)
    return lab.ec.state(guid, hr=True), lab.ec.failure(guid)


def output(lab, label: str = "app", trace: str = "stdout") -> str:
    return lab.ec.trace(lab.ec.find(label), trace)


@pytest.fixture
def web(tmp_path) -> Iterator[tuple[str, Path]]:
    """The URL of a web server on this machine, and the folder that it serves."""
    folder = tmp_path / "www"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    thread.join()
    server.server_close()


def test_files_programs_and_code_are_where_their_names_say(host, tmp_path):
    (tmp_path / "a 'b'").write_text("file\n")
    (tmp_path / "tool").write_text('#!/bin/sh\necho tool "$1"\n')
    (tmp_path / "lib.so").write_text("lib\n")
    how = ended(
        host,
        files=f"\"{tmp_path}/a 'b'\"",
        bins=str(tmp_path / "tool"),
        libs=str(tmp_path / "lib.so"),
        code="the code\n",
        command="cat \"${SHARE}/a 'b'\" ${LIB}/lib.so ${APP_HOME}/code",
    )
    assert how == ("STOPPED", "")
    assert output(host) == "file\nlib\nthe code\n"
    assert ended(host, "run", command="${BIN}/tool '*'") == ("STOPPED", "")
    assert output(host, "run") == "tool *\n"


def test_a_folder_of_code_keeps_its_shape(host, tmp_path):
    (tmp_path / "project" / "sub").mkdir(parents=True)
    (tmp_path / "project" / "sub" / "x").write_text("deep")
    assert ended(host, code=f"@{tmp_path}/project", command="cat ${APP_HOME}/code/sub/x") == (
        "STOPPED",
        "",
    )
    assert output(host) == "deep"


def test_it_is_fetched_built_and_installed_and_the_log_is_a_trace(host, web):
    url, folder = web
    (folder / "prog.txt").write_text("source\n")
    how = ended(
        host,
        sources=f"{url}/prog.txt",
        build="echo building; tr a-z A-Z <${SRC}/prog.txt >built",
        install='cp built "${RUN_HOME}/done"; echo installed >&2',
        command="cat ${RUN_HOME}/done",
    )
    assert how == ("STOPPED", "")
    assert output(host) == "SOURCE\n"
    assert output(host, trace="deploy") == "building\ninstalled\n"


def test_what_was_fetched_before_is_not_fetched_again(host, web):
    url, folder = web
    (folder / "prog.txt").write_text("source\n")
    ended(host, "first", sources=f"{url}/prog.txt", command="true")
    (folder / "prog.txt").write_text("other\n")
    ended(host, "second", sources=f"{url}/prog.txt", command="cat ${SRC}/prog.txt")
    assert output(host, "second") == "source\n"
    assert "is there already" in output(host, "second", "deploy")


def test_a_build_that_fails_says_so_with_its_last_words(host):
    how = ended(host, build="echo first; echo 'no compiler' >&2; exit 7", command="true")
    assert how == ("FAILED", "build failed on n: no compiler; see trace 'deploy'")
    assert output(host, trace="deploy") == "first\nno compiler\n"


def test_a_build_with_a_syntax_error_is_a_build_that_failed(host):
    state, why = ended(host, build="if then (", command="true")
    assert state == "FAILED"
    assert why.startswith("build failed on n: ")


def test_an_install_that_fails_is_not_called_a_build(host):
    assert ended(host, install="exit 1", command="true")[1].startswith("install failed on n")


def test_a_source_that_is_not_there_is_told(host, web):
    url, _ = web
    state, why = ended(host, sources=f"{url}/nosuch.tar", command="true")
    assert state == "FAILED"
    assert f"cannot fetch {url}/nosuch.tar" in why


def test_packages_that_are_installed_are_left_alone(host):
    if not host.rm("n").system.packager:
        pytest.skip("no package manager here")
    assert ended(host, depends="bash coreutils", command="true") == ("STOPPED", "")
    assert output(host, trace="depends") is None


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"files": "/no/such/file"}, "files: '/no/such/file' does not exist on this machine"),
        ({"code": "@/no/such"}, "code: '/no/such' does not exist on this machine"),
        ({"sources": "http://h/"}, "'http://h/' does not end with the name of a file"),
        ({"depends": "-y"}, "depends: '-y' is not the name of a package"),
        ({"libs": "'a"}, "libs: No closing quotation: 'a"),
    ],
)
def test_what_could_never_be_staged_fails_before_anything_is_done(here, attributes, message):
    assert ended(here, command="true", **attributes) == ("FAILED", message)


def test_a_release_ends_a_build_that_runs(host):
    guid = host.add(APP, "app", "n", build="echo up; sleep 1000", command="true")
    host.ec.deploy(guid)
    assert host.ec.release(guid)
    assert host.ec.state(guid, hr=True) == "RELEASED"


def test_a_failure_of_another_ends_a_build_that_runs_at_the_shutdown(host):
    host.add(APP, "app", "n", build="sleep 1000", command="true")
    host.add(APP, "bad", "n", command="false")
    host.ec.deploy()
    host.ec.shutdown()
    assert host.rm("app").state.name == "RELEASED"


def test_tear_down_is_run_in_its_folder_and_what_goes_wrong_there_is_told(here, tmp_path, caplog):
    here.add(
        APP, "app", "n", command="true", tearDown=f"pwd >{tmp_path}/where; echo oh >&2; exit 3"
    )
    here.ec.deploy()
    here.finished("app")
    home = here.rm("app").app_home
    here.ec.release()
    assert (tmp_path / "where").read_text() == f"{home}\n"
    assert "tearDown of app: ended with status 3: oh" in caplog.text


def test_nothing_is_left_and_the_traces_are_here(here, tmp_path):
    guid = here.add(APP, "app", "n", code="x", build="echo log", command="printf 'a\\n\\377'",
                    shell=True)  # fmt: skip
    here.ec.deploy()
    here.finished("app")
    assert str(here.ec.trace(guid, "stdout", TraceAttr.PATH)).startswith(f"{tmp_path}/.nepishell")
    here.ec.release()
    assert not (tmp_path / ".nepishell").exists()
    assert here.ec.trace(guid, "stdout") == "a\n\ufffd"
    assert here.ec.trace(guid, "deploy") == "log\n"
    assert str(here.ec.trace(guid, "stdout", TraceAttr.PATH)).startswith(str(here.ec.run_dir))


def test_a_local_node_keeps_no_build_in_the_run_directory(lab):
    lab.add("local::Node", "n")
    lab.add(APP, "app", "n", code="x", command="true")
    lab.ec.deploy()
    lab.finished("app")
    home = lab.rm("app").app_home
    assert home.exists()
    lab.ec.release()
    assert not home.exists()
