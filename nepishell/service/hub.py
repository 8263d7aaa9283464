"""Who is at a run, and who of them drives: what all sessions of a served run have in common."""

from collections.abc import Callable
from itertools import count
from threading import Event, RLock

from nepishell.commands.job import Job
from nepishell.commands.jobs import Jobs
from nepishell.commands.past import Parameters, Past
from nepishell.commands.sharing import Session, Shared
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.door import Greeting
from nepishell.journal.keeping import RunJournal
from nepishell.lang.registry import LOOK, Command


class Place:
    """One session's place; implements nepishell.commands.sharing.Seat. leave() it in the end."""

    def __init__(self, hub: "Hub", name: str, *, is_terminal: bool) -> None:
        self._hub = hub
        self.name = name
        self.is_terminal = is_terminal
        self.since = hub.shared.ec.clock.now()
        #: called, from any thread, with a line for the person who sits there
        self.tell: Callable[[str], None] = lambda line: None

    def may(self, command: Command) -> None:
        """Refuse what a session that only watches may not do; raises NepishellError."""
        if command.effects is not LOOK:
            self._hub.grab(self)

    def take(self) -> str:
        """Drive from now on; who did before, ''."""
        return self._hub.take(self)

    @property
    def driver(self) -> str:
        """Who drives, ''."""
        return self._hub.driver

    def sessions(self) -> list[Session]:
        """All that are there, in the order in which they came."""
        return self._hub.sessions(self)

    def leave(self) -> None:
        """Give it back; if this one drove, nobody does now. Idempotent."""
        self._hub.leave(self)


class Hub:
    """The middle of a served run. Safe from any thread."""

    def __init__(self, ec: ExperimentController) -> None:
        jobs = Jobs(ec)
        jobs.on_error = self._job_failed
        jobs.on_failed = self._deployment_failed
        parameters: dict[str, str] = {}
        declared: set[str] = set()
        self.shared = Shared(
            ec=ec,
            jobs=jobs,
            parameters=parameters,
            declared=declared,
            past=Past(ec, Parameters(parameters, declared)),
        )
        #: set when the run is to end
        self.over = Event()
        self._lock = RLock()
        self._places: list[Place] = []
        self._driver: Place | None = None
        self._numbers = count(1)

    @property
    def journal(self) -> RunJournal | None:
        """Where commands are entered."""
        return self.shared.journal

    @property
    def driver(self) -> str:
        """Who drives, ''."""
        with self._lock:
            return self._driver.name if self._driver is not None else ""

    def enter(self, name: str = "", *, is_terminal: bool = False) -> Place:
        """A place for one more; *name*: what others see of it, a number where there is none."""
        with self._lock:
            number = next(self._numbers)
            taken = {place.name for place in self._places}
            shown = name or f"client {number}"
            place = Place(self, f"{shown} ({number})" if shown in taken else shown,
                          is_terminal=is_terminal)  # fmt: skip
            self._places.append(place)
            return place

    def leave(self, place: Place) -> None:
        """See Place.leave()."""
        with self._lock:
            if place not in self._places:
                return
            self._places.remove(place)
            left_alone = self._driver is place
            if left_alone:
                self._driver = None
            others = [other for other in self._places
                      if left_alone and other.is_terminal and not self.over.is_set()]  # fmt: skip
        for other in others:
            other.tell(f"{place.name} has left: whoever changes something now drives")

    def grab(self, place: Place) -> None:
        """Let *place* drive if nobody else does; raises NepishellError."""
        with self._lock:
            if self._driver is None:
                self._driver = place
            driver = self._driver
        if driver is not place:
            raise NepishellError(f"{driver.name} drives and you watch; 'take' takes over")

    def offer(self, place: Place) -> None:
        """Let *place* drive if nobody does."""
        with self._lock:
            self._driver = self._driver or place

    def take(self, place: Place) -> str:
        """See Place.take()."""
        with self._lock:
            before, self._driver = self._driver, place
        if before is None:
            return ""
        if before is not place:
            before.tell(f"{place.name} drives now, you watch; 'take' takes over again")
        return before.name

    def sessions(self, you: Place) -> list[Session]:
        """All that are there."""
        with self._lock:
            return [
                Session(place.name, place is self._driver, place is you, place.since)
                for place in self._places
            ]

    def greeting(self) -> Greeting:
        """What those who connect are told."""
        ec = self.shared.ec
        with self._lock:
            attached = sum(place.is_terminal for place in self._places)
            return Greeting(run=ec.run_id, exp=ec.exp_id, pid=0, attached=attached,
                            driver=self.driver)  # fmt: skip

    def say(self, line: str) -> None:
        """A line for everybody who is there."""
        with self._lock:
            places = list(self._places)
        for place in places:
            place.tell(line)

    def _job_failed(self, job: Job, problem: NepishellError) -> None:
        self.say(f"task %{job.number} ({job.line}): {problem}")

    def _deployment_failed(self, job: Job) -> None:
        self.say(f"task %{job.number} ({job.line}) failed: {job.error}")
