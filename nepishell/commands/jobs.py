"""What goes on by itself: actions begun at the prompt, and commands for later.

A job has a number of its own (`%3`); how far it is, is looked up when somebody asks, so a job costs
nothing while it runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event, Lock

from nepishell.core.errors import NepishellError, UnknownName
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.tasks import TaskStatus
from nepishell.engine.waits import has_reached


class Progress(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({Progress.DONE, Progress.FAILED, Progress.CANCELLED})


@dataclass(slots=True, kw_only=True)
class Job:
    """One line that goes on by itself. *due*: when it runs next, seconds on the run's clock."""

    number: int
    line: str
    ended: Event = field(default_factory=Event)
    due: float | None = None
    task: int | None = None
    error: str = ""
    cancelled: bool = False
    runs: int = 0
    #: resources that shall reach a state; then nothing else needs to be known
    guids: tuple[int, ...] = ()
    goal: ResourceState = ResourceState.STARTED


class Jobs:
    """The jobs of one controller, oldest first; the last thousand that ended are kept."""

    KEPT = 1000

    def __init__(self, ec: ExperimentController) -> None:
        self._ec = ec
        #: told, on a worker thread, when a job's command fails
        self.on_error: Callable[[Job, NepishellError], None] = lambda job, problem: None
        self._lock = Lock()
        self._last = 0
        self._jobs: dict[int, Job] = {}

    def __iter__(self) -> Iterator[Job]:
        with self._lock:
            return iter(list(self._jobs.values()))

    def find(self, number: int) -> Job:
        """The job of that number; raises UnknownName."""
        with self._lock:
            job = self._jobs.get(number)
        if job is None:
            raise UnknownName(f"no task %{number}; see 'tasks'")
        return job

    def at(self, line: str, delay: float, act: Callable[[], object]) -> Job:
        """Call *act* once, *delay* seconds from now."""
        job = self._new(line)

        def run() -> None:
            try:
                self._act(job, act)
            finally:
                job.ended.set()

        self._arm(job, delay, run)
        return job

    def every(
        self, line: str, interval: float, act: Callable[[], object], times: int | None = None
    ) -> Job:
        """Call *act* every *interval* seconds, first after one interval; *times* None: for ever.

        Times are counted from the first, so they do not drift; a call that takes longer than the
        interval delays the next one.
        """
        job = self._new(line)
        began = self._ec.clock.now()

        def run() -> None:
            self._act(job, act)
            if job.error or job.cancelled or job.runs == times:
                job.ended.set()
                return
            now = self._ec.clock.now()
            done = max(job.runs, int((now - began) / interval))
            self._arm(job, max(0.0, began + (done + 1) * interval - now), run)

        self._arm(job, interval, run)
        return job

    def reaching(self, line: str, guids: tuple[int, ...], goal: ResourceState) -> Job:
        """A job that is done when all *guids* reached *goal*."""
        job = self._new(line)
        job.guids, job.goal = guids, goal
        return job

    def cancel(self, job: Job) -> bool:
        """Take back what has not happened yet; False when there is nothing left of it."""
        if job.task is None or self.progress(job) in ENDED:
            return False
        job.cancelled = True
        if self._ec.cancel(job.task):
            job.ended.set()
        return True

    def progress(self, job: Job) -> Progress:
        """How far it is."""
        if job.guids:
            return self._towards_goal(job)
        task = self._ec.get_task(job.task) if job.task is not None else None
        if job.error or (task is not None and task.status is TaskStatus.ERROR):
            return Progress.FAILED
        if job.ended.is_set():
            return Progress.CANCELLED if job.cancelled else Progress.DONE
        if task is not None and task.status is TaskStatus.CANCELLED:
            return Progress.CANCELLED
        waits = job.due is not None and job.due > self._ec.clock.now()
        return Progress.WAITING if waits else Progress.RUNNING

    def running(self) -> list[Job]:
        """Those that have not ended."""
        return [job for job in self if self.progress(job) not in ENDED]

    def _act(self, job: Job, act: Callable[[], object]) -> None:
        job.runs += 1
        try:
            act()
        except NepishellError as problem:
            job.error = str(problem)
            self.on_error(job, problem)

    def _towards_goal(self, job: Job) -> Progress:
        rms = [rm for guid in job.guids if (rm := self._ec.get_resource(guid)) is not None]
        reached = [has_reached(rm, job.goal) for rm in rms]
        if False in reached:
            return Progress.FAILED
        return Progress.RUNNING if None in reached else Progress.DONE

    def _arm(self, job: Job, delay: float, run: Callable[[], None]) -> None:
        job.due = self._ec.clock.now() + delay
        job.task = self._ec.schedule(delay, run, track=True)

    def _new(self, line: str) -> Job:
        with self._lock:
            self._last += 1
            job = self._jobs[self._last] = Job(number=self._last, line=line)
            if len(self._jobs) > 2 * self.KEPT:
                self._forget()
            return job

    def _forget(self) -> None:
        ended = [number for number, job in self._jobs.items() if job.ended.is_set()]
        for number in ended[: -self.KEPT]:
            del self._jobs[number]
