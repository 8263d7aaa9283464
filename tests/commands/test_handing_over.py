"""A process that would go on with a run; `detach` itself is tried at real terminals."""

import subprocess
from pathlib import Path

import pytest

from nepishell.commands import handing_over
from nepishell.commands.handing_over import Successor
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController


@pytest.fixture
def controller(tmp_path: Path) -> ExperimentController:
    ec = ExperimentController("e", tmp_path)
    ec.run_dir.mkdir(parents=True)
    ec.shutdown()
    return ec


def test_where_none_comes_up_it_is_told_and_all_goes_on_here(
    controller: ExperimentController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over.sys, "executable", "/bin/false")
    with pytest.raises(NepishellError, match=r"go on with the run: see .*serve\.log"):
        Successor(controller)


def test_where_none_can_be_started_it_is_told(
    controller: ExperimentController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over.sys, "executable", "/nowhere/python")
    with pytest.raises(NepishellError, match="no such file"):
        Successor(controller)


def test_one_that_is_never_let_ends_with_us(controller: ExperimentController) -> None:
    successor = Successor(controller)
    process: subprocess.Popen[bytes] = successor._process
    successor._close(successor._before_end, successor._told)
    assert process.wait(30) == 2
    assert "no run" in (controller.run_dir / "serve.log").read_text()
    assert (controller.run_dir / "serve.log").stat().st_mode & 0o777 == 0o600
