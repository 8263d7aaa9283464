"""What is told while a run goes on."""

import io

from nepishell.batch.printer import Printer
from nepishell.batch.progress import Progress
from nepishell.core.events import Noted
from nepishell.engine.controller import ExperimentController
from tests.batch.test_printer import Terminal


def test_failures_and_warnings_are_told_and_nothing_else() -> None:
    err = io.StringIO()
    with ExperimentController() as ec:
        progress = Progress(ec, Printer(io.StringIO(), err))
        node = ec.register_resource("test::Node", label="web")
        ec.deploy()
        ec.wait_started(node)
        for level in ("debug", "info", "warning", "error"):
            progress.see(Noted(0.0, node, level, f"a {level}"))
        progress.see(Noted(0.0, 0, "warning", "the engine is tired"))
        progress.close()
    assert err.getvalue().splitlines() == [
        "warning: web: a warning",
        "error: web: a error",
        "warning: the engine is tired",
    ]


def test_on_a_terminal_states_are_counted() -> None:
    err = Terminal()
    with ExperimentController() as ec:
        progress = Progress(ec, Printer(io.StringIO(), err))
        nodes = [ec.register_resource("test::Node") for _ in range(3)]
        ec.bus.drain()
        assert "1 resources: 1 NEW" in err.getvalue()
        ec.deploy()
        ec.wait_started(nodes)
        ec.remove_resource(ec.register_resource("test::Node"))
        progress.close()
    assert err.getvalue().endswith("\r\x1b[K")
