"""ExperimentController: what a user calls. NEPI's API, in three parts and this one.

design.py describes (register, connect, set), execution.py runs (deploy, wait, release),
inspection.py looks (state, times, traces); here is what holds them together: the run's identity,
clock, threads and end.
"""

import atexit
import gc
import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from secrets import randbits
from threading import Lock
from typing import Any, Self, TypeVar
from weakref import WeakSet

from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.events import Intended
from nepishell.core.ids import check_exp_id, new_exp_id
from nepishell.core.states import ECState, FailureLevel, ResourceState
from nepishell.core.timestamps import tsformat
from nepishell.engine.automatic import Automatic, EdgeCallback, NodeCallback
from nepishell.engine.bus import Bus
from nepishell.engine.clock import Clock, WallClock
from nepishell.engine.execution import Execution
from nepishell.engine.failure import FailureManager
from nepishell.engine.fidelity import Fidelity
from nepishell.engine.inspection import Inspection
from nepishell.engine.lifecycle import Lifecycle
from nepishell.engine.release import PATIENCE_S, begin_release, give_up
from nepishell.engine.resource import ResourceManager
from nepishell.engine.saving import Saving
from nepishell.engine.scheduler import Scheduler
from nepishell.engine.undoing import Undoing

log = logging.getLogger(__name__)
T = TypeVar("T")

_alive: "WeakSet[ExperimentController]" = WeakSet()


class ExperimentController(Automatic, Saving, Undoing, Execution, Inspection):
    """One run of one experiment, alive from construction to shutdown.

    *exp_id*: the experiment's name (default: random). *local_dir*: where runs are kept (default
    $XDG_STATE_HOME/nepishell). *persist*: whether it is saved there when all was released. *fm*:
    a failure manager. *clock*: WallClock or VirtualClock.
    *nthreads*: workers per lane (default 20, or $NEPI_NTHREADS). *seed*: of everything random in
    the run. *run_id*: of a run that another controller began. *add_node_callback* and
    *add_edge_callback* are called for each part of a graph, which the keywords of NetGraph
    describe; they may deploy. Nothing is made on disk here. As a context manager it is shut down
    at the end; a script that forgets is shut down when it exits.
    """

    def __init__(
        self,
        exp_id: str | None = None,
        local_dir: str | os.PathLike[str] | None = None,
        persist: bool = False,
        fm: FailureManager | None = None,
        add_node_callback: NodeCallback | None = None,
        add_edge_callback: EdgeCallback | None = None,
        *,
        clock: Clock | None = None,
        nthreads: int | None = None,
        seed: int | None = None,
        run_id: str | None = None,
        **graph: Any,
    ) -> None:
        self._persist = persist
        _calm_collector()
        self._exp_id = check_exp_id(exp_id) if exp_id is not None else new_exp_id()
        self._run_id = run_id or tsformat(datetime.now().astimezone())
        self._local_dir = Path(local_dir) if local_dir is not None else default_local_dir()
        self._nthreads = nthreads or _threads_wanted()
        self.seed = randbits(63) if seed is None else seed
        self.bus = Bus()
        self._scheduler = Scheduler(clock or WallClock(), self.bus, self._nthreads)
        self._life = Lifecycle(self._scheduler)
        #: what is doubtful about this run
        self.fidelity = Fidelity(self._scheduler.clock, self.bus.post)
        self._scheduler.on_late = self.fidelity.late
        self._fm = fm or FailureManager()
        self._fm.set_ec(self)
        self._life.aborted = lambda: self._fm.abort
        #: whether what was built outside stays when this controller is killed, for the next one
        self.lasting = False
        #: called before something is done outside this program; whoever keeps a journal sets it
        self.on_intent: Callable[[Intended], None] = lambda event: None
        self._ending = Lock()
        self._shared: dict[str, Any] = {}
        self._sharing = Lock()
        self._state = ECState.RUNNING
        super().__init__()
        _alive.add(self)
        try:
            self._walk_graph(add_node_callback, add_edge_callback, graph, self.seed)
        except BaseException:
            self.shutdown()
            raise

    # -- the run ---------------------------------------------------------------------------

    @property
    def exp_id(self) -> str:
        """The experiment's name."""
        return self._exp_id

    @property
    def run_id(self) -> str:
        """When this run began, twenty digits."""
        return self._run_id

    @property
    def local_dir(self) -> Path:
        """Where runs are kept."""
        return self._local_dir

    @property
    def exp_dir(self) -> Path:
        """Where the runs of this experiment are kept."""
        return self._local_dir / self._exp_id

    @property
    def run_dir(self) -> Path:
        """Where this run is kept; made by whoever writes there first."""
        return self.exp_dir / self._run_id

    @property
    def nthreads(self) -> int:
        """Workers per lane."""
        return self._nthreads

    @property
    def clock(self) -> Clock:
        """The run's clock; now() is seconds since it began."""
        return self._scheduler.clock

    @property
    def fm(self) -> FailureManager:
        """Who decides what a failure means."""
        return self._fm

    @property
    def marks(self) -> list[tuple[float, str]]:
        """Moments that people gave a name: (seconds of the run's clock, text), oldest first."""
        return self._life.marks

    def mark(self, text: str) -> None:
        """Note this moment under a name; it is told, and kept in the journal."""
        self._life.mark(text)

    @property
    def abort(self) -> bool:
        """Whether a critical resource failed: nothing more starts by itself."""
        return self._fm.abort

    @property
    def failure_level(self) -> FailureLevel:
        """How bad it is."""
        return self._fm.failure_level

    @property
    def ecstate(self) -> ECState:
        """Where the controller is in its life."""
        if self._state == ECState.RUNNING and self.failure_level == FailureLevel.EC_FAILURE:
            return ECState.FAILED
        return self._state

    @property
    def logger(self) -> logging.Logger:
        """The controller's logger."""
        return logging.getLogger("nepishell.ExperimentController")

    def inform_failure(self, guid: int) -> None:
        """A resource tells that it FAILED: the failure manager judges."""
        before = self._fm.abort
        self._fm.eval_failure(guid)
        if self._fm.abort and not before:
            self._life.abort(guid)

    def intend(self, guid: int, act: str, text: str = "") -> None:
        """Tell what resource *guid* is about to do outside this program; kept when it returns."""
        event = Intended(self.clock.now(), guid, act, text)
        self.bus.post(event)
        self.on_intent(event)

    def shared(self, key: str, make: Callable[[], T]) -> T:
        """The one object of this run called *key*, made when first asked for.

        Its close() is called at shutdown, after every resource was released.
        """
        with self._sharing:
            if key not in self._shared:
                if self._state == ECState.TERMINATED:
                    raise NepishellError("the run is over: nothing more can be built in it")
                self._shared[key] = make()
            found: T = self._shared[key]
            return found

    # -- the end ---------------------------------------------------------------------------

    def shutdown(self) -> None:
        """Release everything, in order, whatever failed before, and end the threads.

        Idempotent; when it is interrupted, a second call goes on where the first stopped.
        """
        self._check_no_hook()
        with self._ending:
            if self._state == ECState.TERMINATED:
                return
            self._scheduler.drop_tasks()
            rms = list(self._life.resources.values())
            begin_release(self._life, rms)
            self._await_release(rms)
            if self._state != ECState.RELEASED:
                self._keep()
            self._close_shared()
            self._state = ECState.TERMINATED
            self._life.touch()
            _alive.discard(self)
        self.bus.close()
        self._scheduler.stop()

    def _await_release(self, rms: list[ResourceManager]) -> None:
        """Block until all are RELEASED; promises that nobody keeps do not hold us up for ever."""
        pending = rms
        while pending:
            result = self._wait(pending, ResourceState.RELEASED, PATIENCE_S)
            left = [rm for rm in pending if rm.guid in result.pending]
            if len(left) == len(pending):
                give_up(self._life, left)
            pending = left

    def _close_shared(self) -> None:
        with self._sharing:
            while self._shared:
                key, thing = self._shared.popitem()
                try:
                    thing.close()
                except Exception as exc:  # round a hook: the others must be closed all the same
                    log.exception("closing %s", key)
                    self._life.note(0, "error", f"closing {key} failed: {exc}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()


def default_local_dir() -> Path:
    """$XDG_STATE_HOME/nepishell, or ~/.local/state/nepishell."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "nepishell"


def _calm_collector() -> None:
    """Let the cyclic collector look less often: an experiment is many objects that all live long.

    A third of the time of 52,001 resources went into looking at them again and again.
    """
    young, *older = gc.get_threshold()
    if 0 < young < 10_000:
        gc.set_threshold(10_000, *older)


def _threads_wanted() -> int:
    text = os.environ.get("NEPI_NTHREADS", "20")
    if not text.isdigit() or not 0 < int(text) <= 1000:
        raise BadValue(f"NEPI_NTHREADS is '{text}'; write a number from 1 to 1000")
    return int(text)


@atexit.register
def _shut_down_what_was_forgotten() -> None:
    for ec in list(_alive):
        ec.shutdown()
