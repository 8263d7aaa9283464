"""Threads that run hooks and tasks, no lock held.

Python threads that compute only take turns, and twenty that take turns on one lock spend more
time waking each other than working. So one worker runs what is queued, and a pacer wakes one more
each time that nothing was taken from a queue that is not empty: then those that run are blocked.
Each lane has its own limit: blocked deployments cannot hold up a stop or a release.

No lock: appending to and popping from deques, lists and sets are atomic in CPython, and every
decision is looked at again after the step that could have made it wrong.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread, current_thread
from time import perf_counter

Job = tuple[Callable[..., None], object, object]

#: How long a queue may stand still before one more worker is woken, in seconds: shorter than the
#: millisecond a dependent hook may be late, longer than the hooks that need no second worker.
PACE = 0.0002

#: Jobs of one lane that a worker runs before it looks at the next lane: no lane starves another.
BATCH = 64


class Lane:
    """A queue of jobs of one kind, of which up to *limit* run at a time."""

    __slots__ = ("jobs", "limit", "on_quiet", "running")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.jobs: deque[Job] = deque()
        self.running: set[Worker] = set()
        #: called by the worker that leaves when nothing waits or runs any more
        self.on_quiet: Callable[[], None] | None = None

    def has_room(self) -> bool:
        """Whether a job waits that may run now."""
        return bool(self.jobs) and len(self.running) < self.limit

    def is_quiet(self) -> bool:
        """Whether nothing waits or runs."""
        return not self.jobs and not self.running


class Worker:
    """One thread, and how to wake it."""

    __slots__ = ("beats", "gate", "thread")

    def __init__(self, run: Callable[["Worker"], None], name: str) -> None:
        self.beats = 0
        self.gate = Lock()
        self.gate.acquire()
        self.thread = Thread(target=run, args=(self,), name=name, daemon=True)


class Workers:
    """The threads of one controller: a lane for each of *limits*, the first is the most urgent.

    *engine* is the lock that hooks take when they move a resource.
    """

    def __init__(self, limits: list[int], engine: Lock) -> None:
        self._engine = engine
        self.lanes = tuple(Lane(limit) for limit in limits)
        self._most = sum(limits)
        self._all: list[Worker] = []
        self._parked: list[Worker] = []
        self._stopping = False
        self._pacing = False
        self._bell = Lock()
        self._bell.acquire()
        self._never = Lock()
        self._never.acquire()
        self._pacer: Thread | None = None
        #: two that want one more thread at the same time must not start the same one
        self._making = Lock()

    def put(self, lane: Lane, run: Callable[..., None], one: object, two: object) -> None:
        """Queue run(one, two), which must not raise. From any thread."""
        lane.jobs.append((run, one, two))
        if len(self._parked) == len(self._all):
            self._wake_one()
        elif not self._pacing:
            self._pacing = True
            self._ring()

    def stop(self) -> None:
        """Let the threads end after what is queued, and wait for all but the caller's own."""
        self._stopping = True
        me = current_thread()
        while self._parked:
            self._wake_one()
        self._ring()
        with self._making:  # a thread can be joined once it was started
            threads = [worker.thread for worker in self._all]
            threads += [self._pacer] if self._pacer is not None else []
        for thread in threads:
            if thread is not me:
                thread.join()

    # -- workers ---------------------------------------------------------------------------

    def _wake_one(self) -> None:
        try:
            worker = self._parked.pop()
        except IndexError:
            self._hire()
        else:
            worker.gate.release()

    def _hire(self) -> None:
        with self._making:
            if len(self._all) < self._most:
                worker = Worker(self._work, f"nepishell-worker-{len(self._all) + 1}")
                self._all.append(worker)
                worker.thread.start()

    def _work(self, me: Worker) -> None:
        while True:
            began, beats, others = perf_counter(), me.beats, self._beats() - me.beats
            for lane in self.lanes:
                if lane.jobs and len(lane.running) < lane.limit:
                    self._serve(me, lane)
            done = me.beats - beats
            if not done:
                if self._stopping:
                    return
                self._park(me)
            elif self._beats() - me.beats > others and perf_counter() - began < done * PACE:
                self._retire(me)

    def _beats(self) -> int:
        """How many jobs were taken so far."""
        return sum(worker.beats for worker in self._all)

    def _retire(self, me: Worker) -> None:
        """Leave the jobs, which do not block, to another worker that runs: two only take turns."""
        self._parked.append(me)
        if len(self._parked) == len(self._all) or self._stopping:
            try:
                self._parked.remove(me)
            except ValueError:
                me.gate.acquire()  # somebody woke us meanwhile
            return
        me.gate.acquire()

    def _serve(self, me: Worker, lane: Lane) -> None:
        """Run some jobs of *lane*; fewer when the most urgent lane has some."""
        jobs, urgent = lane.jobs, self.lanes[0].jobs
        lane.running.add(me)
        if len(lane.running) > lane.limit:  # two came in at the same time
            lane.running.discard(me)
            return
        for _ in range(BATCH):
            try:
                run, one, two = jobs.popleft()
            except IndexError:
                break  # empty, or another worker was quicker
            me.beats += 1
            run(one, two)
            if urgent:
                break
        lane.running.discard(me)
        if (tell := lane.on_quiet) is not None and lane.is_quiet():
            tell()

    def _park(self, me: Worker) -> None:
        self._parked.append(me)
        if self._stopping or any(lane.has_room() for lane in self.lanes):
            # a job came between looking and parking: nobody may have been woken for it
            try:
                self._parked.remove(me)
            except ValueError:
                me.gate.acquire()  # somebody woke us meanwhile
            return
        me.gate.acquire()

    def _is_over(self) -> bool:
        return self._stopping and not any(worker.thread.is_alive() for worker in self._all)

    # -- the pacer -------------------------------------------------------------------------

    def _ring(self) -> None:
        if self._pacer is None:
            with self._making:
                if self._pacer is None and not self._stopping:
                    pacer = Thread(target=self._pace, name="nepishell-pacer", daemon=True)
                    pacer.start()
                    self._pacer = pacer
        with suppress(RuntimeError):  # somebody rang already
            self._bell.release()

    def _pace(self) -> None:
        while not self._stopping:
            self._bell.acquire()
            before = -1
            while any(lane.has_room() for lane in self.lanes):
                beats = self._beats()
                if beats == before:
                    if self._is_over():
                        break  # somebody put a job after the end
                    self._wake_one()
                before = beats
                self._never.acquire(timeout=PACE)
                with self._engine:  # who waits for the engine's lock is not blocked: wait, too
                    pass
            self._pacing = False
            if any(lane.has_room() for lane in self.lanes):
                self._pacing = True
                self._ring()
