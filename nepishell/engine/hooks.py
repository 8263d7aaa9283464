"""Running hooks: one at a time per resource, on a worker, with what they raise told to the right.

A resource's queue is None while no hook is in flight; otherwise it holds what comes after. The
engine counts what is queued or runs, which is what makes virtual time exact.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from nepishell.core.errors import NepishellError
from nepishell.core.states import READY_FOR, ResourceAction, ResourceState
from nepishell.engine.jobs import DEPLOY, FAIL, LATER, START, Job
from nepishell.engine.scheduler import Scheduler

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager

log = logging.getLogger(__name__)

READY, STARTED = ResourceState.READY, ResourceState.STARTED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED
#: the queue of a resource whose hook is in flight and that nobody waits for
BUSY: tuple[Job, ...] = ()
_ENDS = (FAILED, RELEASED)


class HookRunner(ABC):
    """Dispatches hooks to two lanes: deployments and starts in one, endings in the other."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.lock = scheduler.lock
        #: guid -> what its release raised; the resource is RELEASED all the same
        self.release_errors: dict[int, str] = {}
        self._workers = scheduler.workers
        self._clock = scheduler.clock
        self._context = scheduler.context

    @abstractmethod
    def move(self, rm: "ResourceManager", new: ResourceState, reason: str = "") -> None:
        """Change the state of *rm*."""

    @abstractmethod
    def refusal(self, rm: "ResourceManager", action: ResourceAction) -> NepishellError:
        """The error that says why *action* of *rm* is not possible now."""

    # -- the queue of a resource -------------------------------------------------------------

    def _dispatch(self, rm: "ResourceManager", job: Job) -> None:
        self.scheduler.active += 1
        if rm._queue is None:
            rm._queue = BUSY
            self._hand_over(rm, job)
        else:
            rm._queue = (*rm._queue, job)

    def _hand_over(self, rm: "ResourceManager", job: Job) -> None:
        if job.turn is not None:
            job.turn.set()
        elif job.urgent:
            self._workers.put(self.scheduler.endings, self._run, rm, job)
        else:
            self._workers.put(self.scheduler.hooks, self._run, rm, job)

    def _done(self, rm: "ResourceManager") -> None:
        """The hook in flight ended: hand the resource to the next in its queue."""
        queue = rm._queue
        if queue:
            rm._queue = queue[1:]
            self._hand_over(rm, queue[0])
        else:
            rm._queue = None
        self.scheduler.active -= 1
        if not self.scheduler.active:
            self.scheduler._idle()

    # -- on a worker -------------------------------------------------------------------------

    def _run(self, rm: "ResourceManager", job: Job) -> None:
        context = self._context
        context.rm, context.scheduled = rm, False
        try:
            if not _is_stale(rm, job) and not _is_called_off(rm, job):
                self._call(rm, job)
        except (Exception, SystemExit) as exc:  # round a hook: it fails its resource and says why
            self._raised(rm, job, exc)
        context.rm = None
        with self.lock:
            self._done(rm)

    def _call(self, rm: "ResourceManager", job: Job) -> None:
        goal = job.goal
        if goal is None:
            job.call(rm)
            return
        before = rm._stamps[goal]
        rm._hook, rm._since = job, self._clock.now()
        outcome = job.call(rm)
        ended = rm._state is RELEASED or (rm._state is FAILED and goal is not RELEASED)
        if rm._state is not goal and rm._stamps[goal] is before and not ended:
            promised = outcome is LATER or self._context.scheduled
            if not promised:
                raise NepishellError(
                    f"{job} returned without making it {goal.name}, and scheduled nothing"
                )

    def _raised(self, rm: "ResourceManager", job: Job, exc: BaseException) -> None:
        text = str(exc) if isinstance(exc, NepishellError) else f"{type(exc).__name__}: {exc}"
        if not isinstance(exc, NepishellError):
            log.error("%s of %r raised", job, rm, exc_info=exc)
        if job.goal is RELEASED:
            self.release_errors[rm.guid] = text
            rm.error(f"release failed: {text}")
            if rm._state is not RELEASED:
                self.move(rm, RELEASED, f"release failed: {text}")
        elif job is FAIL:
            rm.error(f"do_fail failed: {text}")
            self._force_failed(rm, rm._reason or text)
        elif rm._state in _ENDS:
            rm.error(f"{job} failed: {text}")
        else:
            self._fail_now(rm, text)

    def _fail_now(self, rm: "ResourceManager", reason: str) -> None:
        rm._reason = reason
        try:
            rm.do_fail()
        except (Exception, SystemExit) as exc:  # round a hook: do_fail is one, too
            rm.error(f"do_fail failed: {type(exc).__name__}: {exc}")
        self._force_failed(rm, reason)

    def _force_failed(self, rm: "ResourceManager", reason: str) -> None:
        if rm._state not in _ENDS:
            self.move(rm, FAILED, reason)
            rm.ec.inform_failure(rm.guid)

    # -- from any thread ---------------------------------------------------------------------

    def post(self, rm: "ResourceManager", fn: Callable[..., object], *args: object) -> None:
        """Run fn(*args) as a hook of *rm*, soon, in the lane that blocked hooks do not hold up."""
        with self.lock:
            self._post(rm, fn, *args)

    def _post(self, rm: "ResourceManager", fn: Callable[..., object], *args: object) -> None:
        self._dispatch(
            rm, Job(str(getattr(fn, "__name__", fn)), call=lambda _: fn(*args), urgent=True)
        )

    def fail(self, rm: "ResourceManager", reason: str) -> None:
        """Fail *rm*: at once from its own hook, else once the hook in flight ended."""
        if getattr(self._context, "rm", None) is rm:
            if rm._state not in _ENDS:
                self._fail_now(rm, reason)
            return
        self.post(rm, self._fail_later, rm, reason)

    def _fail_later(self, rm: "ResourceManager", reason: str) -> None:
        if rm._state not in _ENDS:
            self._fail_now(rm, reason)

    def act(
        self,
        rm: "ResourceManager",
        job: Job,
        action: ResourceAction | None = None,
        *,
        strict: bool = False,
    ) -> None:
        """Run a hook of *rm* in this thread, after the one in flight.

        In a state that does not allow it: raises when *strict*, else logs and returns. An
        exception of the hook fails *rm* and is raised again.
        """
        if getattr(self._context, "rm", None) is rm:
            job.call(rm)
            return
        self.claim(rm)
        context = self._context
        # a hook or task may act on another resource: afterwards it is itself again
        outer = getattr(context, "rm", None), getattr(context, "scheduled", False)
        context.rm, context.scheduled = rm, False
        try:
            if action is not None and rm._state not in READY_FOR[action]:
                problem = self.refusal(rm, action)
                if strict:
                    raise problem
                rm.error(str(problem))
                return
            if not _is_stale(rm, job):
                self._attempt(rm, job)
        finally:
            context.rm, context.scheduled = outer
            self.yield_(rm)

    def yield_(self, rm: "ResourceManager") -> None:
        """Give back what claim took."""
        with self.lock:
            self._done(rm)

    def _attempt(self, rm: "ResourceManager", job: Job) -> None:
        try:
            self._call(rm, job)
        except (Exception, SystemExit) as exc:  # round a hook: it fails its resource and says why
            self._raised(rm, job, exc)
            if job.goal is not RELEASED:
                raise

    def claim(self, rm: "ResourceManager") -> None:
        """Take *rm* for this thread: no hook of it runs until _done. Blocks, can be interrupted."""
        with self.lock:
            self.scheduler.active += 1
            if rm._queue is None:
                rm._queue = BUSY
                return
            job = Job("turn", turn=Event())
            rm._queue = (*rm._queue, job)
        try:
            assert job.turn is not None
            job.turn.wait()
        except BaseException:
            with self.lock:
                if rm._queue is not None and job in rm._queue:
                    rm._queue = tuple(other for other in rm._queue if other is not job)
                    self.scheduler.active -= 1
                else:
                    self._done(rm)
            raise


def _is_stale(rm: "ResourceManager", job: Job) -> bool:
    """Whether somebody else was quicker: the process ended by itself, the user started it..."""
    if job.needs is None:
        return False
    if rm._state not in job.needs:
        return True
    # what is being given back is not set up any further
    return rm._releasing and (job.goal is READY or job.goal is STARTED)


def _is_called_off(rm: "ResourceManager", job: Job) -> bool:
    """Whether the deployment that wanted it was taken back while it waited for a worker."""
    if job is DEPLOY:
        return rm._group is None
    return job is START and rm._state is READY and rm._group is not None and rm._group.called_off
