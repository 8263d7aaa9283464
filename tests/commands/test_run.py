"""Actions, as a recipe waits for them and as a prompt does not."""

import pytest

from nepishell.commands.context import WaitTimeout
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_in_a_recipe_deploy_returns_when_all_has_started(pair: Session) -> None:
    noted = pair("deploy")
    assert {pair.state(name) for name in ("h1", "h2", "wire", "probe")} == {"STARTED"}
    assert noted.text.startswith("deployed 4 resources (4 STARTED) in ")


def test_deploy_does_not_wait_for_what_a_condition_holds_back(pair: Session) -> None:
    pair("when probe STOPPED start wire")
    noted = pair("deploy")
    assert noted.text.startswith("deployed 4 resources (1 READY, 3 STARTED)")


def test_deploy_does_not_wait_for_what_needs_what_is_held_back(pair: Session) -> None:
    pair("when wire STOPPED start h1")
    assert pair("deploy").text.startswith("deployed 4 resources (2 READY, 2 STARTED)")


def test_at_the_prompt_deploy_returns_at_once_as_a_task(pair: Session) -> None:
    pair.ctx.waits = False
    assert pair("deploy").text == "deploying 4 resources as %g1: task %1"
    pair("wait %1 timeout 5s")
    assert pair.state("probe") == "STARTED"


def test_wait_and_nowait_say_otherwise(pair: Session) -> None:
    assert "task %1" in pair("deploy nowait").text
    pair("wait %1 timeout 5s")
    pair.ctx.waits = False
    assert pair("stop probe wait").text == "stopped probe"


def test_deploy_takes_a_part(pair: Session) -> None:
    pair("deploy h1,probe")
    assert (pair.state("probe"), pair.state("wire")) == ("STARTED", "NEW")
    assert pair("deploy").text.startswith("deployed 2 resources")
    assert pair("deploy").text == "nothing to deploy: all resources are deployed already"


def test_a_failure_of_what_is_critical_fails_the_deployment(pair: Session) -> None:
    pair("set probe fails true")
    with pytest.raises(NepishellError, match=r"probe.* FAILED .*it was told to"):
        pair("deploy")


def test_a_failure_of_what_is_not_critical_is_only_told(pair: Session) -> None:
    pair("set probe fails=true critical=false")
    assert pair("deploy").text.endswith("; probe failed: it was told to")


def test_what_lacks_a_neighbour_is_not_deployed(session: Session) -> None:
    session("add test::App probe")
    with pytest.raises(NepishellError, match=r"probe\) needs 1.*test::Node; connected: none"):
        session("deploy")


def test_stop_and_start_wait_for_the_new_state(running: Session) -> None:
    running("stop probe")
    assert running.state("probe") == "STOPPED"
    running("start probe")
    assert running.state("probe") == "STARTED"


def test_what_cannot_start_now_says_why(running: Session) -> None:
    with pytest.raises(NepishellError, match="start needs READY or STOPPED"):
        running("start probe")


def test_a_start_at_the_prompt_that_fails_is_a_task_that_failed(pair: Session) -> None:
    pair("when h2 STOPPED start probe", "set probe fails=true critical=false", "deploy")
    pair.ctx.waits = False
    pair("start probe")
    with pytest.raises(NepishellError, match="it was told to"):
        pair("wait %1 timeout 5s")


def test_the_first_steps_of_a_deployment_can_be_taken_one_by_one(pair: Session) -> None:
    pair("discover h1")
    assert pair.state("h1") == "DISCOVERED"
    pair("provision h1")
    assert pair.state("h1") == "PROVISIONED"


def test_release_takes_down_what_is_named(running: Session) -> None:
    assert running("release probe").text == "released probe"
    assert (running.state("probe"), running.state("h1")) == ("RELEASED", "STARTED")


def test_release_refuses_what_others_need(running: Session) -> None:
    with pytest.raises(NepishellError, match="still needed by"):
        running("release h1")
    assert running.state("h1") == "STARTED"


def test_release_asks_and_takes_no_for_an_answer(running: Session) -> None:
    asked = []

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    running.ctx.confirm = refuse
    assert running("release").text == "nothing was released"
    assert asked == ["release 4 resources (h[1-2],probe,wire)?"]
    assert running.state("h1") == "STARTED"


def test_release_at_the_prompt_is_a_task(running: Session) -> None:
    running.ctx.waits = False
    assert running("release").text == "releasing 4 resources: task %1"
    running("wait %1 timeout 5s")
    assert running.state("h1") == "RELEASED"


def test_a_deployment_that_takes_too_long_is_a_timeout(pair: Session) -> None:
    pair("when wire STOPPED deploy probe")
    with pytest.raises(WaitTimeout, match="not READY after 50ms"):
        pair("deploy alone timeout 50ms")
