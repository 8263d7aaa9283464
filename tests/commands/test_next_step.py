"""What is suggested where nothing was typed, by how the experiment is."""

from nepishell.commands.next_step import next_step
from tests.commands.stand import Session


def test_where_nothing_is_described_an_example_is_suggested(session: Session) -> None:
    assert next_step(session.ctx).startswith("nothing is described: 'source quickstart'")


def test_what_is_described_can_be_planned_and_deployed(pair: Session) -> None:
    assert next_step(pair.ctx) == "4 resources are not deployed: 'plan' says what 'deploy' would do"


def test_one_resource_is_named(session: Session) -> None:
    session("add test::Node web")
    assert next_step(session.ctx).startswith("web is not deployed")


def test_a_failure_comes_first(pair: Session) -> None:
    pair("set probe fails=true critical=false", "deploy", "add test::Node more")
    assert next_step(pair.ctx) == "probe FAILED: 'why probe' says why"


def test_a_deployment_that_goes_on_can_be_waited_for(pair: Session) -> None:
    pair("when h1 READY +1h deploy probe", "deploy nowait", "wait wire READY")
    assert (
        next_step(pair.ctx) == "%1 goes on: 'why h1' says what it waits for, 'wait %1' waits for it"
    )


def test_what_does_not_start_is_asked_about(pair: Session) -> None:
    pair("when wire STARTED +1h start probe", "deploy nowait")
    pair("wait h1,h2,wire STARTED", "cancel %1")
    assert "'why probe' says" in next_step(pair.ctx)


def test_of_what_runs_there_are_traces(running: Session) -> None:
    assert (
        next_step(running.ctx) == "probe is running: 'list', 'trace probe', 'stop probe', 'release'"
    )


def test_what_has_ended_has_recorded_something(running: Session) -> None:
    running("stop probe")
    assert next_step(running.ctx) == "probe ended: 'trace probe' says what is recorded"


def test_after_the_release_there_is_the_list_of_runs(running: Session) -> None:
    running("release")
    assert next_step(running.ctx).startswith("all is released: 'runs'")
