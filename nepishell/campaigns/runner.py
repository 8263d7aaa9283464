"""NEPI's ExperimentRunner: a described experiment, run again and again until its numbers converge.

For scripts that have a controller; campaigns of recipes have a manifest and processes instead.
"""

from collections.abc import Callable, Iterable, Sequence
from math import fsum, sqrt

from nepishell.core.attributes import Flags
from nepishell.core.errors import NepishellError, WrongState
from nepishell.core.intervals import mean_interval
from nepishell.core.states import ResourceState
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.resource import ResourceManager
from nepishell.formats.description import Description, describe, fill

#: (controller of the run, its number from 1) -> the number that is sampled; None: there is none
ComputeMetric = Callable[[ExperimentController, int], float | None]
#: (controller of the run, its number, all samples) -> whether they are enough
Converged = Callable[[ExperimentController, int, Sequence[float]], bool]

#: NEPI's: twice the standard error within this part of the mean.
_WITHIN = 0.05


class RunnerError(NepishellError, RuntimeError):
    """What a runner was asked to do cannot end, or cannot be judged."""


def evaluate_normal_convergence(
    ec: ExperimentController, run: int, samples: Sequence[float]
) -> bool:
    """NEPI's rule: 2 s / sqrt(n) <= 5 % of the mean, s that of the population (spec, section 15).

    Too easily content with few samples; student_convergence() is not. Raises RunnerError for
    none.
    """
    if not samples:
        raise RunnerError("no sample to judge: the metric callback has given no number yet")
    mean = fsum(samples) / len(samples)
    deviation = sqrt(fsum((value - mean) ** 2 for value in samples) / len(samples))
    return 2 * deviation / sqrt(len(samples)) <= _WITHIN * mean


def student_convergence(within: float = _WITHIN, level: float = 0.95) -> Converged:
    """A rule: half of Student's interval at *level* is at most the part *within* of the mean."""

    def is_enough(ec: ExperimentController, run: int, samples: Sequence[float]) -> bool:
        if len(samples) < 2:
            return False
        found = mean_interval(samples, level)
        return found.half_width <= within * abs(found.mean)

    return is_enough


class ExperimentRunner:
    """Runs copies of an experiment, one after the other; its own controller stays as it is."""

    def __init__(self) -> None:
        #: what was sampled by the last run(), one number for each run that gave one
        self.samples: list[float] = []

    def run(
        self,
        ec: ExperimentController,
        min_runs: int = 1,
        max_runs: int = -1,
        wait_time: float = 0,
        wait_guids: Iterable[int] = (),
        compute_metric_callback: ComputeMetric | None = None,
        evaluate_convergence_callback: Converged | None = None,
    ) -> int:
        """How many runs it took; *max_runs* -1: as many as it takes.

        Each is deployed, waited for (*wait_guids* STOPPED, then *wait_time* seconds), released,
        measured, shut down. Raises RunnerError when nothing could end it, WrongState when
        something of *ec* was deployed already.
        """
        if max_runs < 0 and compute_metric_callback is None:
            raise RunnerError("nothing would end this: give max_runs, or a metric callback")
        begun = [rm.name for rm in ec.managers.values() if _is_begun(rm)]
        if begun:
            raise WrongState(f"{begun[0]} was deployed: a runner wants what is only described")
        found, self.samples, run = describe(ec), [], 0
        while True:
            run += 1
            with _copy(ec, found) as copy:
                copy.deploy()
                copy.wait_finished(list(wait_guids))
                if wait_time > 0:
                    copy.let_pass(wait_time)
                copy.release()
                self._sample(copy, run, compute_metric_callback)
                if run >= min_runs and self._is_enough(copy, run, evaluate_convergence_callback):
                    return run
            if run >= max_runs > -1:
                return run

    def _sample(self, ec: ExperimentController, run: int, compute: ComputeMetric | None) -> None:
        value = None if compute is None else compute(ec, run)
        if value is not None:
            self.samples.append(value)

    def _is_enough(self, ec: ExperimentController, run: int, evaluate: Converged | None) -> bool:
        if evaluate is not None:
            return evaluate(ec, run, self.samples)
        # runs that gave no number say nothing about others
        return bool(self.samples) and evaluate_normal_convergence(ec, run, self.samples)


def _is_begun(rm: ResourceManager) -> bool:
    return rm.deployment_group is not None or rm.state is not ResourceState.NEW


def _copy(ec: ExperimentController, found: Description) -> ExperimentController:
    """A controller of the same experiment, and a run of its own."""
    clock = VirtualClock() if isinstance(ec.clock, VirtualClock) else None
    copy = ExperimentController(ec.exp_id, ec.local_dir, clock=clock, nthreads=ec.nthreads)
    try:
        fill(copy, found)
        _tell_secrets(ec, copy)
    except BaseException:
        copy.shutdown()
        raise
    return copy


def _tell_secrets(ec: ExperimentController, copy: ExperimentController) -> None:
    """A description never holds them, and a copy needs them."""
    for guid, rm in ec.managers.items():
        for name, value in dict(rm._values or ()).items():
            if rm._attributes[name].has_flag(Flags.Credential):
                copy.set(guid, name, value)
