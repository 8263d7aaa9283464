"""What goes on by itself: actions begun at the prompt, and commands for later.

A job has a number of its own (`%3`). Its end comes as an event: of its command, or of the last
resource that it wanted to get somewhere. Whoever waits inside a job can be told that it is
cancelled.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Lock, local

from nepishell.commands.job import ENDED, Cancelled, Job, Progress
from nepishell.core.errors import NepishellError, UnknownName
from nepishell.core.events import StateChanged
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.tasks import TaskStatus
from nepishell.engine.waits import has_reached

#: Is handed what to call when it begins, and when it is over; gives what ends the listening.
Listen = Callable[[Callable[[], None], Callable[[], object]], Callable[[], None]]


class Jobs:
    """The jobs of one controller, oldest first; the last thousand that ended are kept."""

    KEPT = 1000
    #: failures of one deployment that are kept word for word
    TOLD = 3

    def __init__(self, ec: ExperimentController) -> None:
        self._ec = ec
        #: told, on a worker thread, when a job's command fails
        self.on_error: Callable[[Job, NepishellError], None] = lambda job, problem: None
        #: told, on the bus's thread, when a deployment has ended with failures
        self.on_failed: Callable[[Job], None] = lambda job: None
        self._lock = Lock()
        self._here = local()
        self._last = 0
        self._jobs: dict[int, Job] = {}
        #: who wants a resource to get somewhere
        self._wanted: dict[int, list[Job]] = {}
        self._sees = False

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

    # -- new ones --------------------------------------------------------------------------

    def at(
        self, line: str, delay: float, act: Callable[[], object], acts_on: tuple[int, ...] = ()
    ) -> Job:
        """Call *act* once, *delay* seconds from now."""
        job = self._new(line)
        job.acts_on = acts_on

        def run() -> None:
            try:
                self._act(job, act)
            finally:
                self._over(job)

        self._arm(job, delay, run)
        return job

    def upon(
        self, line: str, act: Callable[[], object], listen: Listen, waits_on: Callable[[], str]
    ) -> Job:
        """Call *act* once what *listen* listens to has come. *waits_on*: what that is, in words."""
        job = self._new(line)
        job.waits_on = waits_on

        def run() -> None:
            try:
                self._act(job, act)
            finally:
                self._over(job)

        def fire() -> None:
            with self._lock:
                is_late, job.waits_on = job.waits_on is None or job.ended.is_set(), None
            if not is_late:
                self._arm(job, 0.0, run)

        self._listen(job, listen, fire, partial(self._over, job))
        return job

    def every(
        self, line: str, interval: float, act: Callable[[], object], times: int | None = None,
        listen: "Listen | None" = None,
    ) -> Job:  # fmt: skip
        """Call *act* every *interval* seconds, first after one interval; *times* None: for ever.

        Times are counted from the first, so they do not drift; a call that takes longer than the
        interval delays the next one. *listen*: says when that begins, and when it is over.
        """
        job = self._new(line)
        job.interval = interval

        def begin() -> None:
            with self._lock:
                is_late, job.waits_on = job.waits_on is None or job.ended.is_set(), None
            if not is_late:
                job.began = self._ec.clock.now()
                self._arm(job, interval, run)

        def end() -> None:
            if job.task is not None:
                self._ec.cancel(job.task)
            job.due = None
            self._over(job)

        def run() -> None:
            self._act(job, act)
            if job.ended.is_set():
                return
            if job.error or job.cancelled or job.runs == times:
                self._over(job)
                return
            now = self._ec.clock.now()
            done = max(job.runs, int((now - job.began) / interval))
            self._arm(job, max(0.0, job.began + (done + 1) * interval - now), run)

        if listen is None:
            self._arm(job, interval, run)
        else:
            job.waits_on = lambda: ""
            self._listen(job, listen, begin, end)
        return job

    def _listen(
        self, job: Job, listen: Listen, begin: Callable[[], None], end: Callable[[], object]
    ) -> None:
        job.unlisten = listen(begin, end)
        if job.ended.is_set():
            job.unlisten()

    def reaching(self, line: str, guids: tuple[int, ...], goal: ResourceState) -> Job:
        """A job that is done when all *guids* reached *goal*; it forgets them then."""
        job = self._new(line)
        job.left, job.goal, job.size = set(guids), goal, len(guids)
        with self._lock:
            for guid in guids:
                self._wanted.setdefault(guid, []).append(job)
            if not self._sees:
                self._sees = True
                self._ec.bus.subscribe(self._see)
        self._settle(job, guids)
        return job

    def _new(self, line: str) -> Job:
        with self._lock:
            self._last += 1
            job = Job(number=self._last, line=line, began=self._ec.clock.now())
            self._jobs[self._last] = job
            if len(self._jobs) > 2 * self.KEPT:
                self._forget()
            return job

    def _arm(self, job: Job, delay: float, run: Callable[[], None]) -> None:
        job.due = self._ec.clock.now() + delay
        job.task = self._ec.schedule(delay, run, track=True)

    def _forget(self) -> None:
        ended = [number for number, job in self._jobs.items() if job.ended.is_set()]
        for number in ended[: -self.KEPT]:
            del self._jobs[number]

    # -- how far they are ------------------------------------------------------------------

    def progress(self, job: Job) -> Progress:
        """How far it is, as of now."""
        if job.left:
            # the bus may be behind
            self._settle(job, tuple(job.left))
        if not job.ended.is_set():
            task = self._ec.get_task(job.task) if job.task is not None else None
            if task is not None and task.status is TaskStatus.ERROR:
                return Progress.FAILED
            waits = job.waits_on is not None or (
                job.due is not None and job.due > self._ec.clock.now()
            )
            return Progress.WAITING if waits else Progress.RUNNING
        if job.error:
            return Progress.FAILED
        return Progress.CANCELLED if job.cancelled else Progress.DONE

    def running(self) -> list[Job]:
        """Those that have not ended."""
        return [job for job in self if not job.ended.is_set()]

    def when_over(self, job: Job, tell: Callable[[], None]) -> None:
        """Call *tell* once, from any thread, when *job* has ended; now when it has."""
        with self._lock:
            if not job.ended.is_set():
                job.listeners.append(tell)
                return
        tell()

    def _see(self, event: object) -> None:
        """On the bus's thread."""
        if isinstance(event, StateChanged) and event.guid in self._wanted:
            with self._lock:
                wanting = list(self._wanted.get(event.guid, ()))
            for job in wanting:
                self._settle(job, (event.guid,))

    def _settle(self, job: Job, guids: Iterable[int]) -> None:
        """Take note of those of *guids* that got where *job* wants them, or never will."""
        assert job.goal is not None  # it was made by reaching()
        for guid in guids:
            rm = self._ec.get_resource(guid)
            verdict = has_reached(rm, job.goal) if rm is not None else True
            if verdict is None:
                continue
            with self._lock:
                if guid not in job.left:
                    continue
                self._drop(job, guid)
                if rm is not None and not verdict:
                    why = f": {rm.failure}" if rm.failure else ""
                    job.failures.append(f"{rm.name} {rm.state.name}{why}")
        if not job.left:
            self._end_deployment(job)

    def _drop(self, job: Job, guid: int) -> None:
        job.left.discard(guid)
        others = [other for other in self._wanted.get(guid, ()) if other is not job]
        if others:
            self._wanted[guid] = others
        else:
            self._wanted.pop(guid, None)

    def _end_deployment(self, job: Job) -> None:
        more = len(job.failures) - self.TOLD
        told = job.failures[: self.TOLD] + [f"and {more} more"] * (more > 0)
        if self._over(job, "; ".join(told)) and job.error:
            self.on_failed(job)

    def _over(self, job: Job, error: str = "") -> bool:
        """Note its end; False when that was noted before."""
        with self._lock:
            if job.ended.is_set():
                return False
            job.error = job.error or error
            job.ended.set()
            job.acts_on = ()
            listeners, job.listeners, job.failures = job.listeners, [], []
            job.waits_on = None
        if job.unlisten is not None:
            job.unlisten()
        for tell in listeners:
            tell()
        return True

    # -- taking back -----------------------------------------------------------------------

    def cancel(self, job: Job) -> bool:
        """Take back what has not happened yet; False when there is nothing left of it.

        A wait or a program that runs in it is ended; of a deployment what has not begun does not.
        """
        if self.progress(job) in ENDED:
            return False
        if job.left:
            self._call_off(job)
            return True
        if job.task is None:
            job.cancelled = True
            return self._over(job)
        with self._lock:
            job.cancelled = True
            interrupts = list(job.interrupts)
        if self._ec.cancel(job.task):
            self._over(job)
        elif not interrupts and not job.interval:
            job.cancelled = False
            return False
        for interrupt in interrupts:
            interrupt()
        return True

    def _call_off(self, job: Job) -> None:
        with self._lock:
            left = sorted(guid for guid in job.left if self._ec.get_resource(guid) is not None)
            job.cancelled = True
            for guid in list(job.left):
                self._drop(job, guid)
        job.called_off = self._ec.call_off(left)
        self._over(job)

    def interruptible(self, end: Callable[[], None]) -> None:
        """Have *end* called when the job that runs in this thread is cancelled."""
        job: Job | None = getattr(self._here, "job", None)
        if job is None:
            return
        with self._lock:
            job.interrupts.append(end)
            is_late = job.cancelled
        if is_late:
            end()

    def stand_in(self, job: Job) -> None:
        """Have what interrupts *job*, which is no task, end the waits of this thread."""
        self._here.job = job

    def check(self) -> None:
        """Raise Cancelled when the job that runs in this thread was cancelled."""
        job: Job | None = getattr(self._here, "job", None)
        if job is not None and job.cancelled:
            raise Cancelled(f"task %{job.number} was cancelled")

    def _act(self, job: Job, act: Callable[[], object]) -> None:
        job.runs += 1
        self._here.job = job
        try:
            act()
        except Cancelled:
            pass
        except NepishellError as problem:
            job.error = str(problem)
            self.on_error(job, problem)
        finally:
            self._here.job = None
            job.interrupts = []
