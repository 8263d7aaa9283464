"""Acting: deploy, start, stop, release, and the two steps of a deployment one by one."""

from collections import Counter
from collections.abc import Callable, Sequence

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.commands.waiting import Restart, settle, unheld
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.release import check_dependents
from nepishell.lang.registry import DESTROY, RUN, command

#: The type of everything that runs programs of the user.
_PROGRAM = "linux::Application"


@command(
    "deploy [<targets:guids(NEW)>]"
    " {group <group:int(1)>|(start:alone|together)|(mode:wait|nowait)|timeout <timeout:duration>}",
    effects=RUN,
    group="run",
)
def deploy(
    ctx: Context,
    *,
    targets: tuple[int, ...] = (),
    group: int | None = None,
    start: str = "together",
    mode: str = "",
    timeout: float | None = None,
) -> Note:
    """Build resources (default: all that are new) and start them once all of them are ready.

    `alone`: each starts as soon as it is ready itself. At the prompt it returns at once; in a
    recipe it waits until all is ready and everything that no condition holds back has started.
    """
    chosen = targets or tuple(
        row.guid
        for row in ctx.ec.snapshot().resources
        if row.state < ResourceState.READY and not row.group
    )
    if not chosen:
        return note("nothing to deploy: all resources are deployed already")
    began = ctx.ec.clock.now()
    number = ctx.ec.deploy(chosen, start == "together", group)
    if not _waits(ctx, mode):
        job = ctx.jobs.reaching(ctx.line, tuple(chosen), ResourceState.STARTED)
        return note(f"deploying {_count(chosen)} as %g{number}: task %{job.number}",
                    group=number, task=job.number)  # fmt: skip
    ready = settle(ctx, chosen, ResourceState.READY, timeout)
    started = settle(ctx, unheld(ctx, chosen), ResourceState.STARTED, timeout)
    took = format_duration(round(ctx.ec.clock.now() - began, 3))
    failed = sorted({*ready, *started})
    return note(
        f"deployed {_count_states(ctx, chosen)} in {took}{_say_failed(ctx, failed)}",
        group=number,
        failed=failed,
    )


def _waits(ctx: Context, mode: str) -> bool:
    return ctx.waits if not mode else mode == "wait"


def _count_states(ctx: Context, guids: tuple[int, ...]) -> str:
    counts = Counter(ctx.ec.state(guid) for guid in guids)
    parts = ", ".join(f"{counts[state]} {state.name}" for state in sorted(counts))
    return f"{_count(guids)} ({parts})"


def _count(guids: Sequence[int]) -> str:
    return "1 resource" if len(guids) == 1 else f"{len(guids)} resources"


def _say_failed(ctx: Context, failed: list[int]) -> str:
    said = [f"; {ctx.name(guid)} failed: {ctx.ec.failure(guid)}" for guid in failed]
    return "".join(said)


@command("start <targets:guids(READY,STOPPED)> [mode:wait|nowait]", effects=RUN, group="run")
def start(ctx: Context, *, targets: tuple[int, ...], mode: str = "") -> Note:
    """Start resources that are ready, or stopped; conditions are not asked."""

    def start_all() -> None:
        with Restart(ctx, targets) as restart:
            for guid in targets:
                ctx.ec.start(guid)
            restart.wait(None)

    if not _waits(ctx, mode):
        return _begin(ctx, targets, start_all, "starting")
    start_all()
    return note(f"started {ctx.names(targets)}", guids=list(targets))


@command("stop <targets:guids(STARTED)> [mode:wait|nowait]", effects=RUN, group="run")
def stop(ctx: Context, *, targets: tuple[int, ...], mode: str = "") -> Note:
    """Stop what runs; it can be started again."""

    def stop_all() -> None:
        for guid in targets:
            ctx.ec.stop(guid)

    if not _waits(ctx, mode):
        return _begin(ctx, targets, stop_all, "stopping")
    stop_all()
    settle(ctx, targets, ResourceState.STOPPED, None)
    return note(f"stopped {ctx.names(targets)}", guids=list(targets))


@command("discover <targets:guids(NEW)> [mode:wait|nowait]", effects=RUN, group="run")
def discover(ctx: Context, *, targets: tuple[int, ...], mode: str = "") -> Note:
    """Do only the first step of a deployment: find what each resource needs."""
    return _step(ctx, targets, mode, ctx.ec.discover, "discover")


@command("provision <targets:guids(DISCOVERED)> [mode:wait|nowait]", effects=RUN, group="run")
def provision(ctx: Context, *, targets: tuple[int, ...], mode: str = "") -> Note:
    """Do only the second step of a deployment: get what was found."""
    return _step(ctx, targets, mode, ctx.ec.provision, "provision")


def _step(
    ctx: Context, targets: tuple[int, ...], mode: str, act: Callable[[int], None], verb: str
) -> Note:
    def all_of_them() -> None:
        for guid in targets:
            act(guid)

    if not _waits(ctx, mode):
        return _begin(ctx, targets, all_of_them, f"{verb.removesuffix('e')}ing")
    all_of_them()
    return note(f"{verb.removesuffix('e')}ed {ctx.names(targets)}", guids=list(targets))


def _begin(ctx: Context, targets: tuple[int, ...], act: Callable[[], None], doing: str) -> Note:
    job = ctx.jobs.at(ctx.line, 0.0, act, targets)
    return note(f"{doing} {ctx.names(targets)}: task %{job.number}", task=job.number)


@command(
    "release [<targets:guids(STARTED,STOPPED,READY,FAILED)>] [mode:wait|nowait]",
    effects=DESTROY,
    group="run",
)
def release(ctx: Context, *, targets: tuple[int, ...] = (), mode: str = "") -> Note:
    """Take resources down (default: all) and give back what they hold; this is final.

    What depends on them is released first; what is not named goes on.
    """
    gone = (ResourceState.NEW, ResourceState.RELEASED)
    left = [g for g in targets or ctx.ec.resources if ctx.ec.state(g) not in gone]
    # before anybody is asked
    check_dependents([ctx.rm(guid) for guid in targets])
    if left and not ctx.confirm(f"release {_count(left)} ({ctx.names(left)}){_busy(ctx, left)}?"):
        return note("nothing was released")

    def take_down() -> None:
        result = ctx.ec.release(targets or None)
        if not result or result.reason:
            raise NepishellError(result.reason)

    if not _waits(ctx, mode):
        job = ctx.jobs.at(ctx.line, 0.0, take_down, tuple(left))
        return note(f"releasing {_count(left)}: task %{job.number}", task=job.number)
    take_down()
    return note(f"released {ctx.names(left) if left else 'nothing'}", guids=left)


def _busy(ctx: Context, guids: Sequence[int]) -> str:
    """The programs among them that run, and the tasks that work on them."""
    running = [
        guid
        for guid in guids
        if ctx.ec.state(guid) is ResourceState.STARTED and _PROGRAM in ctx.rm(guid)._rtypes
    ]
    verb = "runs" if len(running) == 1 else "run"
    programs = [f"{ctx.names(running)} still {verb}"] if running else []
    tasks = [f"%{job.number} ({job.line})" for job in ctx.jobs.running()]
    lasting = [f"tasks that go on: {', '.join(tasks)}"] if tasks else []
    return "".join(f"; {text}" for text in programs + lasting)
