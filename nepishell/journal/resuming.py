"""From the journal of a run that lost its controller to a controller that goes on with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nepishell.core.events import Event
from nepishell.engine.adopting import Adoption, Awaited, Late, Remembered, adopt
from nepishell.engine.clock import Clock, WallClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.telling import MARK
from nepishell.journal.chain import MOST_S
from nepishell.journal.halves import taken_back
from nepishell.journal.machine import boot_id, uptime
from nepishell.journal.packing import unpack
from nepishell.journal.reading import JournalError
from nepishell.journal.runs import Run
from nepishell.journal.world import Past, World, fold


@dataclass(slots=True, kw_only=True)
class Legacy:
    """What a run left behind. *world*: its resources; *last*: seconds of its clock at its end;
    *unfinished*: commands that began and never came to an end; *jobs*: what it had planned.
    *undone*: what takes back the half of a description that was in the journal; *half*: its line.
    """

    run: Run
    world: World
    last: float
    commands: int
    unfinished: list[str]
    jobs: dict[int, dict[str, Any]]
    half: str = ""
    undone: list[Event] = field(default_factory=list)

    def clock(self) -> WallClock:
        """The run's clock, as if it had gone on; never behind what the journal knows."""
        return WallClock(max(_since(self.run.head), self.last))


def _since(head: Mapping[str, Any]) -> float:
    """Seconds since a run began; by the wall only where the machine was started anew meanwhile."""
    began, now = head.get("up"), uptime()
    if head.get("boot") == boot_id() != "" and isinstance(began, float) and 0 <= began <= now:
        return now - began
    try:
        wall = datetime.fromisoformat(str(head.get("wall", "")))
        return (datetime.now().astimezone() - wall).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def read_legacy(run: Run) -> Legacy:
    """All that the journal of *run* tells; raises JournalError at an altered record."""
    told: list[Event] = []
    begun: dict[int, str] = {}
    describing: tuple[int, int] | None = None
    jobs: dict[int, dict[str, Any]] = {}
    last, commands = 0.0, 0
    for record in run.records():
        last = max(last, record.at)
        number, job = record.data.get("c"), record.data.get("job")
        match record.kind:
            case "events":
                told += _events(run, record.number, record.data.get("e"))
            case "command" if isinstance(number, int):
                begun[number], commands = str(record.data.get("line", "")), max(commands, number)
                describing = (number, len(told)) if record.data.get("does") == "design" else None
            case "outcome" if isinstance(number, int):
                begun.pop(number, None)
            case "job" if isinstance(job, int) and _is_planned(record.data):
                jobs[job] = dict(record.data)
            case "job over" if isinstance(job, int):
                jobs.pop(job, None)
    world, half, undone = fold(told), "", list[Event]()
    if describing is not None and describing[0] in begun:
        half = begun.pop(describing[0])
        undone = taken_back(fold(told[: describing[1]]), world)
        world = fold([*told, *undone])
    return Legacy(
        run=run,
        world=world,
        last=max(last, world.at),
        commands=commands,
        unfinished=list(begun.values()),
        jobs=jobs,
        half=half,
        undone=undone,
    )


def _is_planned(job: Mapping[str, Any]) -> bool:
    """Whether its times are times; nobody but a forger writes others."""
    times = [job[name] for name in ("due", "interval", "began") if name in job]
    return all(isinstance(one, int | float) and 0 <= one <= MOST_S for one in times)


def _events(run: Run, number: int, packed: Any) -> list[Event]:
    try:
        return unpack(packed or ())
    except ValueError as problem:
        raise JournalError(f"{run.journal}:{number}: {problem}") from None


def open_again(legacy: Legacy, *, clock: Clock | None = None) -> ExperimentController:
    """A controller of the same experiment and run, still empty."""
    run = legacy.run
    seed = run.head.get("seed")
    ec = ExperimentController(
        run.exp_id,
        run.path.parent.parent,
        run_id=run.run_id,
        seed=seed if isinstance(seed, int) else None,
        clock=clock or legacy.clock(),
    )
    for told in legacy.world.doubts.values():
        ec.fidelity.recall(told)
    ec.marks.extend((note.at, note.text) for note in legacy.world.notes if note.level == MARK)
    return ec


def take_over(
    ec: ExperimentController,
    legacy: Legacy,
    late: Late = Late.RUN,
    begun: Callable[[], None] = lambda: None,
    goes_on: bool = True,
) -> Adoption:
    """Fill *ec* with what the run was, and let it go on; see adopt(). Raises NepishellError."""
    world = legacy.world
    return adopt(
        ec,
        [remembered(past) for past in world.resources.values()],
        groups=world.groups,
        awaited=list(_awaited(world)),
        late=late,
        begun=begun,
        goes_on=goes_on,
    )


def remembered(past: Past) -> Remembered:
    return Remembered(
        guid=past.guid,
        rtype=past.rtype,
        label=past.label,
        reason=past.reason,
        group=past.group,
        values={n: v for n, v in past.values.items() if v != "(hidden)"},
        connections=tuple(past.connections),
        conditions=tuple(past.conditions),
        traces=past.traces,
        moves=tuple((move.at, move.old, move.new) for move in past.story),
        acts={intent.act: intent.text for intent in past.intents},
    )


def _awaited(world: World) -> Iterator[Awaited]:
    for one in world.awaited.values():
        yield Awaited(one.guid, one.name, one.value, one.group, one.state, one.delay)
