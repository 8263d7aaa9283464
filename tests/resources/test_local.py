import os

import pytest


def test_an_application_runs_on_this_machine(lab):
    lab.add("local::Node", "here")
    lab.add("linux::Application", "app", "here", command="echo hello")
    lab.ec.deploy()
    lab.finished("app")
    assert lab.ec.trace(lab.ec.find("app"), "stdout") == "hello\n"


def test_release_ends_what_runs(lab):
    lab.add("local::Node", "here")
    lab.add("linux::Application", "app", "here", command="sleep 1000")
    lab.up()
    pid = lab.rm("app").process.pid
    lab.ec.release()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
