"""Keys through a prompt: what they do to the experiment and what is said."""

import os
import signal
from pathlib import Path
from threading import Timer

import pytest

from nepishell.commands.context import Detach
from nepishell.commands.settings import Settings
from nepishell.commands.signals import Stopped
from nepishell.core.errors import NepishellError
from tests.shell.conftest import Keys


def test_a_line_is_executed(keys: Keys) -> None:
    keys.type("add test::Node h[1-2]", "list | cols label | csv")
    assert "2 test::Node added, resources 1 to 2\nlabel\nh1\nh2\n" in keys.said


def test_keywords_may_be_shortened(keys: Keys) -> None:
    keys.type("lis")
    assert "no resources" in keys.said


def test_an_action_returns_at_once_and_is_a_task(keys: Keys) -> None:
    keys.keys("add test::Node h1\rdeploy\rwait %1\r\x04y\r")
    assert "deploying 1 resource as %g1: task %1" in keys.said


def test_ctrl_c_clears_the_line(keys: Keys) -> None:
    keys.keys("add test::Node never\x03add test::Node web\r\x04")
    assert [keys.ec.label(guid) for guid in keys.ec.resources] == ["web"]


def test_ctrl_c_ends_a_wait_and_nothing_else(keys: Keys) -> None:
    keys.interrupts_the_next_wait()
    keys.type("wait 1h", "say after")
    assert "interrupted; the experiment goes on\nafter\n" in keys.said


def test_ctrl_c_names_what_goes_on_and_offers_to_cancel_it(keys: Keys) -> None:
    keys.interrupts_the_next_wait()
    keys.keys("at 1h say late\rwait %1\r\x03y\rtasks | cols progress | csv\r\x04")
    said = keys.said
    assert "still running: %1 say late; wait %1 or cancel %1 (Ctrl-C again" in said
    assert "cancelled %1" in said
    assert said.endswith("progress\ncancelled\n")


def test_ctrl_c_after_another_line_offers_nothing(keys: Keys) -> None:
    keys.interrupts_the_next_wait()
    keys.keys("at 1h say late\rwait %1\rsay x\r\x03tasks | cols progress | csv\r\x04")
    assert "progress\nwaiting\n" in keys.said


def test_ctrl_d_with_nothing_deployed_leaves(keys: Keys) -> None:
    keys.type("add test::Node h1")


def test_ctrl_d_with_something_deployed_asks_first(keys: Keys) -> None:
    keys.keys("add test::Node h1\rdeploy wait\r\x04n\rset h1 hardRelease=false\r\x04y\r")
    assert keys.state("h1") == "STARTED"


def test_quit_asks_as_well(keys: Keys) -> None:
    keys.keys("add test::Node h1\rdeploy wait\rquit\rn\rsay still here\rquit\ry\r")
    assert "still here" in keys.said


def test_release_asks(keys: Keys) -> None:
    keys.keys("add test::Node h1\rdeploy wait\rrelease\rn\rquit\ry\r")
    assert "nothing was released" in keys.said
    assert keys.state("h1") == "STARTED"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_goes_away_ends_the_prompt(keys: Keys, signum: int) -> None:
    Timer(0.3, os.kill, (os.getpid(), signum)).start()
    with pytest.raises(Stopped) as caught:
        keys.keys("say half a li")
    assert caught.value.signum == signum


def test_a_signal_during_a_wait_ends_the_prompt_too(keys: Keys) -> None:
    Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    with pytest.raises(Stopped):
        keys.keys("wait 1h\r")


def test_a_mistake_of_ours_costs_a_line_and_not_the_prompt(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys.prompt.ctx.ec, "snapshot", lambda: 1 / 0)
    keys.prompt._may_leave = lambda: True
    keys.type("list", "status", "say still here")
    said = keys.said
    assert "a mistake of nepishell's own: ZeroDivisionError" in said
    assert "still here" in said


def test_what_a_task_says_is_shown(keys: Keys) -> None:
    keys.type("at 1ms say from later", "wait %1", "at 1ms expect nobody READY", "wait 1ms")
    assert "from later\n" in keys.said


def test_a_task_that_fails_is_told(keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    keys.type("add test::Node h1", "at 1ms expect h1 READY", "wait %1")
    said = keys.said + capsys.readouterr().out
    assert "task %1 (expect h1 READY): expected h1 READY; h1 is NEW" in said


def test_a_secret_is_in_no_file_and_not_on_the_screen(keys: Keys, tmp_path: Path) -> None:
    keys.type(
        "add test::Link wire secret=hunter2", "set wire secret hunter3", "set wire secrt hunter4",
        "set wrie secret 'hunter 5'", "at 1h set wire secret hunter6", "get wire", "history",
        "tasks", "history lines",
    )  # fmt: skip
    said = keys.said
    assert "set wire secret ****" in said
    assert "hunter" not in said
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(b"hunter" in data for data in files)


def test_ctrl_d_may_leave_what_is_deployed_to_itself(keys: Keys) -> None:
    keys.prompt.ctx.leave = lambda: None
    keys.keys("add test::Node h1\rdeploy wait\r\x04k\r")
    assert isinstance(keys.prompt.left_by, Detach)
    assert keys.state("h1") == "STARTED"


def test_where_nobody_can_go_on_the_prompt_stays(keys: Keys) -> None:
    def refuse() -> None:
        raise NepishellError("nobody can go on")

    keys.prompt.ctx.leave = refuse
    keys.keys("add test::Node h1\rdeploy wait\r\x04k\rsay back\r\x04r\r")
    assert keys.said.index("nobody can go on\n") < keys.said.index("back\n")
    assert keys.prompt.left_by is None


def test_an_alias_is_a_command_at_the_prompt(keys: Keys) -> None:
    keys.prompt.use(Settings(aliases={"ll": "list | cols label | csv", "hi": "say hello"}))
    keys.type("add test::Node h1", "ll", "hi there; hi", "hi 'oh")
    assert "label\nh1\n" in keys.said
    assert "hello there\nhello\n" in keys.said


def test_an_empty_line_suggests_the_next_step_once(keys: Keys) -> None:
    keys.type("", "  ", "add test::Node h1", "", "")
    assert keys.said.count("nothing is described: 'source quickstart'") == 1
    assert keys.said.count("h1 is not deployed: 'plan' says what 'deploy' would do") == 1


def paused(folder: Path) -> str:
    path = folder / "pausing.nepi"
    path.write_text("say before\npause look around\nsay after\n")
    return f"source {path}"


def test_a_recipe_pauses_at_the_prompt_and_goes_on(keys: Keys, tmp_path: Path) -> None:
    keys.type(paused(tmp_path), "say meanwhile", "continue", "say later")
    said = keys.said
    assert "look around: 'continue' goes on, 'quit' ends the recipe\nmeanwhile\n" in said
    assert said.index("meanwhile") < said.index("after") < said.index("later")
    assert keys.prompt.reader.mark == "nepishell> "
    assert not keys.prompt.ctx.waits


def test_ctrl_d_goes_on_and_leaves_nothing_else(keys: Keys, tmp_path: Path) -> None:
    keys.keys(f"{paused(tmp_path)}\rnonsense\r\x04say later\r\x04")
    said = keys.said
    assert 0 < said.index("after") < said.index("later")


def test_a_recipe_that_has_paused_may_be_ended(keys: Keys, tmp_path: Path) -> None:
    keys.keys(f"{paused(tmp_path)}\rquit\r")
    assert "after" not in keys.said
