"""Why a move of a rehearsal came when it came."""

from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.reasons import Kind
from nepishell.engine.rehearsal import rehearse

STARTED = ResourceState.STARTED


def test_the_barrier_is_the_reason_where_nothing_else_is(ec: ExperimentController) -> None:
    guids = [ec.register_resource("test::Recorder") for _ in range(2)]
    steps = rehearse(ec, guids).steps
    assert {(step.because, step.guids) for step in steps if step.new is STARTED} == {
        (Kind.BARRIER, ())
    }
    alone = rehearse(ec, guids, together=False).steps
    assert {step.because for step in alone if step.new is STARTED} == {None}


def test_of_a_barrier_those_that_came_last_are_named(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "deploy", one, "READY", "5s")
    steps = rehearse(ec, [one, two]).steps
    assert {step.guids for step in steps if step.because is Kind.BARRIER} == {(two,)}


def test_a_condition_explains_more_than_the_needs_of_a_type(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(app, node)
    ec.register_condition(app, "start", node, "STARTED")
    steps = rehearse(ec, [app, node]).steps
    found = [step for step in steps if step.guid == app and step.new is STARTED]
    assert [(step.because, step.guids) for step in found] == [(Kind.CONDITION, (node,))]
