"""Killing what would be waited for."""

from pathlib import Path

from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.resources.table import register_all
from nepishell.service.hurrying import kill_what_runs


def test_what_ignores_to_be_asked_is_killed(tmp_path: Path) -> None:
    register_all()
    with ExperimentController("hurry", tmp_path) as ec:
        node = ec.register_resource("local::Node")
        app = ec.register_resource(
            "linux::Application", command="trap '' TERM; sleep 600", shell=True, grace=600.0
        )
        ec.register_connection(app, node)
        ec.deploy()
        assert ec.wait_started([app])
        kill_what_runs(ec)
        assert ec.wait([app], ResourceState.STOPPED) or ec.state(app) is ResourceState.FAILED
