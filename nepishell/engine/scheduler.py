"""One thread, one heap: whatever has to happen at a time happens through here.

With a virtual clock the thread also moves time on: to the next due task, only while nothing runs
and somebody waits, so that a run of hours takes the time its hooks take, and is exact.
"""

import logging
from collections.abc import Callable
from itertools import islice
from threading import Condition, Event, Lock, Thread, current_thread, local
from traceback import format_exc
from typing import Protocol

from nepishell.core.events import TaskFinished
from nepishell.engine.bus import Bus
from nepishell.engine.clock import Clock, VirtualClock
from nepishell.engine.tasks import HeapScheduler, Task, TaskStatus
from nepishell.engine.workers import Workers

log = logging.getLogger(__name__)

NEW, DONE = TaskStatus.NEW, TaskStatus.DONE

#: Tracked tasks that ended are kept for get_task, this many of them (bug B14).
KEPT_TASKS = 10_000


class Blocked(Protocol):
    """Somebody who waits; *in_task*: in a task of the engine's, which does not run meanwhile."""

    in_task: bool


class Pause:
    """Waits for nothing but time."""

    in_task = False
    is_over = False


class Scheduler:
    """Timers and tasks under the engine's one lock. Methods named _x want the lock held."""

    def __init__(self, clock: Clock, bus: Bus, nthreads: int) -> None:
        self.lock = Lock()
        self.clock = clock
        self.bus = bus
        self.heap = HeapScheduler()
        self.tracked: dict[int, Task] = {}
        #: hooks (on a virtual clock also tasks) that run or wait: time stands still meanwhile
        self.active = 0
        #: how many wait for something to happen (only their waiting lets virtual time pass)
        self.waiters = 0
        self.horizon: float | None = None
        #: called under the lock when nothing runs and nothing is due, ever
        self.on_stall: Callable[[], None] = lambda: None
        #: called under the lock with how many seconds late we look at what is due
        self.on_late: Callable[[float], None] = lambda seconds: None
        self.context = local()
        self._wake = Condition(self.lock)
        self._stopping = False
        self.workers = Workers([nthreads] * 3, self.lock)
        #: endings (stop, release, failure), the other hooks, tasks: none holds up another
        self.endings, self.hooks, self.tasks = self.workers.lanes
        self._thread = Thread(target=self._loop, name="nepishell-scheduler", daemon=True)
        self._thread.start()

    # -- tasks -----------------------------------------------------------------------------

    def schedule(self, delay: float, callback: Callable[[], object], *, track: bool) -> int:
        """Run *callback* on a worker, *delay* seconds from now; its task id."""
        task = Task(0.0, callback)
        rm = getattr(self.context, "rm", None)
        # a release that looks again later must be let finish, also by a shutdown
        task.kept = rm is not None and rm.releasing
        with self.lock:
            now = self.clock.now()
            task.timestamp = now + delay
            head = self.heap.peek()
            if delay <= 0 and (head is None or head.timestamp > now):
                # nothing is due before it: the heap would only give it back
                task.id = tid = self.heap.new_id()
                if track:
                    self.tracked[tid] = task
                self._hand_over(task)
            else:
                tid = self._put(task)
                if track:
                    self.tracked[tid] = task
        self.context.scheduled = True
        return tid

    def _timer(self, due: float, step: Callable[[], object]) -> Task:
        """Call *step* under the lock at *due*: for the engine's own short steps."""
        task = Task(due, step, inline=True)
        self._put(task)
        return task

    def _drop(self, timer: Task | None) -> None:
        """Forget a timer that is no longer needed: virtual time must not go there."""
        if timer is not None and timer.id is not None:
            self.heap.remove(timer.id)

    def _put(self, task: Task) -> int:
        self.heap.schedule(task)
        if self.heap.peek() is task:
            self._wake.notify_all()
        return task.id or 0

    def cancel(self, tid: int) -> bool:
        """Whether the task was still to come, and is now not."""
        with self.lock:
            task = self.tracked.get(tid)
            if tid in self.heap.pending:
                self.heap.remove(tid)
            elif task is None or task.begun or task.status is not NEW:
                return False
            if task is not None:
                task.status = TaskStatus.CANCELLED
            return True

    def drop_tasks(self) -> None:
        """Forget every user's task that has not begun; the engine's own timers stay."""
        with self.lock:
            for task in self.heap.tasks():
                if not task.inline and not task.kept and task.id is not None:
                    task.status = TaskStatus.CANCELLED
                    self.heap.remove(task.id)
            for _, queued, _ in tuple(self.tasks.jobs):
                if isinstance(queued, Task) and not queued.begun and not queued.kept:
                    queued.status = TaskStatus.CANCELLED

    def _begin(self, task: Task) -> bool:
        """Whether *task* may run; from now on it cannot be cancelled."""
        if task.id in self.tracked:
            with self.lock:  # else it could be cancelled just now
                task.begun = task.status is NEW
        return task.status is NEW

    def _run_task(self, task: Task, _: object) -> None:
        if self._begin(task):
            self.context.task = task
            try:
                task.result = task.callback()
                status = DONE
            except (Exception, SystemExit) as exc:  # round a task: its failure is its own
                task.result = format_exc()
                task.error = f"{type(exc).__name__}: {exc}"
                status = TaskStatus.ERROR
                log.warning("task %s failed: %s", task.id, task.error, exc_info=True)
            task.status = status
            self.context.task = None
        # the lock costs more than the rest of a short task: only for those who want to know
        if self.clock.virtual or self.waiters or self.bus.active or task.id in self.tracked:
            with self.lock:
                self._finished(task)

    def _hand_over(self, task: Task) -> None:
        if self.clock.virtual:
            self.active += 1
        self.workers.put(self.tasks, self._run_task, task, None)

    def _finished(self, task: Task) -> None:
        if self.clock.virtual:
            self.active -= 1
        if self.bus.active:
            self.bus.post(TaskFinished(self.clock.now(), task.id or 0, task.error))
        if len(self.tracked) > KEPT_TASKS:
            ended = (t for t, task in self.tracked.items() if task.status is not TaskStatus.NEW)
            for tid in list(islice(ended, len(self.tracked) - KEPT_TASKS)):
                del self.tracked[tid]
        if not self.active:
            self._idle()

    def _has_work(self) -> bool:
        """Whether something of the user's runs or is still to come."""
        return not self._is_quiet() or any(not task.inline for task in self.heap.tasks())

    def _is_quiet(self) -> bool:
        """Whether no hook and no task runs or waits for a worker."""
        return self.active == 0 and (self.clock.virtual or self.tasks.is_quiet())

    def _begin_waiting(self, wait: Blocked) -> None:
        """Somebody blocks until something happens; a task that does is not running meanwhile."""
        self.waiters += 1
        self.tasks.on_quiet = self.nudge
        if self.clock.virtual and getattr(self.context, "task", None) is not None:
            wait.in_task = True
            self.active -= 1
        self._idle()

    def _end_waiting(self, wait: Blocked) -> None:
        self.waiters -= 1
        if not self.waiters:
            self.tasks.on_quiet = None
        if wait.in_task:
            self.active += 1

    def _idle(self) -> None:
        """Nothing runs: time may move, or nothing may be left to happen."""
        if self.waiters or self.horizon is not None:
            self._wake.notify_all()

    def let_pass(self, seconds: float, over: Event) -> None:
        """Block until so much time has passed, or somebody sets *over*.

        What is due at that moment finds this wait ended: virtual time does not run ahead of it.
        """
        pause = Pause()

        def end() -> None:
            if not pause.is_over:
                pause.is_over = True
                self._end_waiting(pause)
                over.set()

        with self.lock:
            timer = self._timer(self.clock.now() + seconds, end)
            self._begin_waiting(pause)
        try:
            over.wait()
        finally:
            with self.lock:
                self._drop(timer)
                end()

    # -- the thread ------------------------------------------------------------------------

    def _loop(self) -> None:
        with self._wake:
            while not self._stopping:
                left = self._step()
                due = self.clock.now() + (left or 0.0)
                if not self._wake.wait(left):
                    # nobody woke us: it was for what is due
                    self.on_late(self.clock.now() - due)

    def _step(self) -> float | None:
        """Hand over what is due; how long until the next, None for until somebody notifies."""
        while (task := self.heap.peek()) is not None:
            left = task.timestamp - self.clock.now()
            if left > 0:
                if not self.clock.virtual:
                    return float(min(left, 86_400.0))
                if not self._jump(task.timestamp):
                    return None
            self.heap.next()
            if task.inline:
                task.callback()
            else:
                self._hand_over(task)
        if self.waiters and self._is_quiet():
            self.on_stall()
        self._reach_horizon()
        return None

    def _jump(self, to: float) -> bool:
        if self.active or not isinstance(self.clock, VirtualClock):
            return False
        if self.horizon is not None and to > self.horizon:
            self._reach_horizon()
            return False
        if not self.waiters and self.horizon is None:
            return False
        self.clock.jump(to)
        return True

    def _reach_horizon(self) -> None:
        if self.horizon is None or self.active or not isinstance(self.clock, VirtualClock):
            return
        self.clock.jump(self.horizon)
        self.horizon = None
        self._wake.notify_all()

    def advance(self, seconds: float) -> None:
        """Let *seconds* of virtual time pass, and all that is due in them. For tests."""
        with self._wake:
            self.horizon = self.clock.now() + seconds
            self._wake.notify_all()
            self._wake.wait_for(lambda: self.horizon is None)

    def nudge(self) -> None:
        """Look again at the clock and the heap."""
        with self._wake:
            self._wake.notify_all()

    def stop(self) -> None:
        """End the threads after what runs."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread is not current_thread():
            self._thread.join()
        self.workers.stop()
