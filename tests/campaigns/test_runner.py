"""NEPI's runner on the virtual clock: the cases that NEPI's own tests had, and more."""

from collections.abc import Iterator

import pytest

from nepishell.campaigns.runner import (
    ExperimentRunner,
    RunnerError,
    evaluate_normal_convergence,
    student_convergence,
)
from nepishell.core.errors import WrongState
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.testing import virtual

#: With these NEPI stopped at the tenth run.
NEPI = [10.0, 10.0, 10.0, 10.0, 12.0, 10.0, 12.0, 10.0, 10.0, 11.0]


@pytest.fixture
def ec() -> Iterator[ExperimentController]:
    """Two resources, one held back until the other has run for an hour."""
    with virtual("runner") as made:
        first = made.register_resource("test::Recorder", label="first", run_for="1h")
        second = made.register_resource("test::Recorder", label="second", run_for="1h")
        made.register_connection(first, second)
        made.register_condition(second, "START", first, "STOPPED", "10s")
        yield made


def test_runs_until_the_numbers_converge_as_nepi_did(ec: ExperimentController) -> None:
    runner = ExperimentRunner()
    runs = runner.run(ec, min_runs=5, compute_metric_callback=lambda copy, run: NEPI[run - 1])

    assert (runs, runner.samples) == (10, NEPI)


def test_stops_after_the_most_runs(ec: ExperimentController) -> None:
    runs = ExperimentRunner().run(
        ec, min_runs=5, max_runs=10, compute_metric_callback=lambda copy, run: float(run)
    )

    assert runs == 10


def test_without_a_number_it_runs_as_often_as_it_was_told(ec: ExperimentController) -> None:
    runner = ExperimentRunner()

    assert (runner.run(ec, max_runs=3), runner.samples) == (3, [])


def test_every_run_is_a_copy_that_did_the_same_and_is_over(ec: ExperimentController) -> None:
    seen: list[tuple[str, list[ResourceState], float]] = []
    copies: list[ExperimentController] = []

    def compute(copy: ExperimentController, run: int) -> None:
        second = copy.get_resource(copy.find("second"))
        seen.append((copy.run_id, [rm.state for rm in copy.managers.values()], copy.clock.now()))
        copies.append(copy)
        assert second.conditions == ec.get_resource(ec.find("second")).conditions

    ExperimentRunner().run(ec, max_runs=2, wait_guids=ec.resources, wait_time=5,
                           compute_metric_callback=compute)  # fmt: skip

    # an hour, ten seconds, an hour, and the five that it waits
    assert [at for _, _, at in seen] == pytest.approx([7215.0, 7215.0])
    assert len({run_id for run_id, _, _ in seen}) == 2
    assert all(states == [ResourceState.RELEASED] * 2 for _, states, _ in seen)
    assert all(copy is not ec and copy.exp_id == "runner" for copy in copies)
    assert [rm.state for rm in ec.managers.values()] == [ResourceState.NEW] * 2


def test_a_callback_of_ones_own_decides(ec: ExperimentController) -> None:
    asked: list[tuple[int, list[float]]] = []

    def evaluate(copy: ExperimentController, run: int, samples: list[float]) -> bool:
        asked.append((run, list(samples)))
        return run == 4

    runs = ExperimentRunner().run(
        ec, min_runs=3, compute_metric_callback=lambda copy, run: None if run == 2 else 1.0 * run,
        evaluate_convergence_callback=evaluate,
    )  # fmt: skip

    assert (runs, asked) == (4, [(3, [1.0, 3.0]), (4, [1.0, 3.0, 4.0])])


def test_what_would_never_end_is_refused(ec: ExperimentController) -> None:
    with pytest.raises(RuntimeError, match="nothing would end this: give max_runs, or a metric"):
        ExperimentRunner().run(ec)


def test_what_was_deployed_is_not_what_a_runner_wants(ec: ExperimentController) -> None:
    ec.deploy()

    with pytest.raises(WrongState, match="first was deployed: a runner wants what is only"):
        ExperimentRunner().run(ec, max_runs=1)


def test_the_rule_of_nepi_takes_the_deviation_of_the_population(ec: ExperimentController) -> None:
    assert evaluate_normal_convergence(ec, 10, NEPI)
    assert not evaluate_normal_convergence(ec, 9, NEPI[:9])
    with pytest.raises(RunnerError, match="no sample to judge"):
        evaluate_normal_convergence(ec, 1, [])


def test_the_rule_of_student_wants_more(ec: ExperimentController) -> None:
    rule = student_convergence(0.05)

    assert not rule(ec, 10, NEPI)
    assert not rule(ec, 1, [10.0])
    assert rule(ec, 20, NEPI * 3)
