"""Programs on nodes: `exec h1 ip addr`, or as Mininet users type it, `h1 ping h2`.

A program is spawned on all nodes at once; its output is shown when it has ended, equal answers
folded into one. Ctrl-C ends the programs and shows what they wrote so far.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from signal import SIGINT
from threading import Event
from typing import NamedTuple

from nepishell.commands.context import Context
from nepishell.commands.job import Cancelled
from nepishell.commands.listening import Listening, rest
from nepishell.commands.notes import Output, Shown
from nepishell.commands.signals import Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import STDERR, STDOUT, Exit, Host, Process
from nepishell.lang.folding import fold
from nepishell.lang.registry import RUN, command
from nepishell.output.kinds import clean
from nepishell.output.records import Records
from nepishell.resources.node import AbstractNode

COLUMNS = ("node", "status", "stdout", "stderr")

#: Seconds that an interrupted program has for its last words.
LAST_WORDS_S = 2.0
#: Bytes of a program's output that are shown in the end.
MOST = 1 << 20

_numbers = count(1)


class Ran(NamedTuple):
    """One program that ended: exit status as of a shell."""

    node: str
    status: int
    stdout: str
    stderr: str


@command(
    "exec <nodes:guids(STARTED)> <argv:argv>", effects=RUN, group="run", name="exec",
    columns=COLUMNS,
)  # fmt: skip
def exec_(ctx: Context, *, nodes: tuple[int, ...], argv: tuple[str, ...]) -> Output:
    """Run a program on nodes; what it writes is shown, and a status other than 0 is an error.

    Labels are host names inside the lab. For pipes and redirections ask for a shell.

        exec h1 ping -c 3 h2
        exec h[1-4] sh -c 'ip -br addr | grep eth'
    """
    lines = _WholeLines(ctx.stream) if ctx.stream is not None and len(nodes) == 1 else None
    stream = lines.write if lines is not None else None
    try:
        ran = run_on(ctx, nodes, argv, stream)
    finally:
        if lines is not None:
            lines.end()
    failed = [one for one in ran if one.status]
    error = "; ".join(f"{one.node}: {argv[0]} ended with status {one.status}" for one in failed)
    return replace(_output(ran, shown=stream is not None), error=error)


@command("<node:label> <argv:argv>", effects=RUN, group="run", name="node", columns=COLUMNS)
def node_verb(ctx: Context, *, node: int, argv: tuple[str, ...]) -> Output:
    """A node's label as a verb: short for `exec`.

    h1 ping -c 3 h2
    """
    return exec_(ctx, nodes=(node,), argv=argv)


class _WholeLines:
    """Hands texts on; what comes after them begins on a new line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._last = "\n"

    def write(self, text: str) -> None:
        self._write(text)
        self._last = text[-1:]

    def end(self) -> None:
        if self._last != "\n":
            self._write("\n")


def _output(ran: Sequence[Ran], *, shown: bool) -> Output:
    return Output("" if shown else _folded(ran), Records(COLUMNS, ran, "nodes"))


def run_on(
    ctx: Context,
    nodes: Sequence[int],
    argv: Sequence[str],
    stream: Callable[[str], None] | None = None,
) -> list[Ran]:
    """Run *argv* on all *nodes* at the same time; raises NepishellError where that cannot be.

    *stream* takes what it writes while it runs.
    """
    hosts = [host_of(ctx, guid) for guid in nodes]
    programs = [
        _Program(ctx, guid, host, argv, stream) for guid, host in zip(nodes, hosts, strict=True)
    ]
    try:
        # not in the wait: a signal must not come between a spawn and knowing of it
        for program in programs:
            program.start()
        for program in programs:
            ctx.jobs.interruptible(program.cancel)
        with ctx.waiting():
            for program in programs:
                program.wait()
    except Stopped:
        # as a shell does it: Ctrl-C is for the programs, and they may have last words
        ran = [program.interrupt() for program in programs]
        ctx.emit(Shown(_output(ran, shown=stream is not None)))
        raise
    finally:
        # one that could not start: those before it are not left behind
        for program in programs:
            program.end()
    ran = [program.result() for program in programs]
    try:
        ctx.jobs.check()
    except Cancelled:
        ctx.emit(Shown(_output(ran, shown=stream is not None)))
        raise
    return ran


def host_of(ctx: Context, guid: int) -> Host:
    """The host of a node that is up; raises NepishellError for what is no node, or is not up."""
    rm = ctx.rm(guid)
    if not isinstance(rm, AbstractNode):
        raise NepishellError(f"{ctx.name(guid)} is a {rm.rtype}: programs run on nodes only")
    if not ResourceState.READY <= rm.state <= ResourceState.STOPPED:
        raise NepishellError(f"{ctx.name(guid)} is {rm.state.name}; deploy it first")
    return rm.host


class _Program:
    """One program on one node, while it runs."""

    def __init__(
        self,
        ctx: Context,
        guid: int,
        host: Host,
        argv: Sequence[str],
        stream: Callable[[str], None] | None,
    ) -> None:
        self.node = ctx.name(guid)
        self._host = host
        self._argv = list(argv)
        self._dir: Path = ctx.ec.run_dir / "exec" / f"{next(_numbers)}-{self.node}"
        self._ended = Event()
        self._process: Process | None = None
        files = [self._dir / name for name in (STDOUT, STDERR)]
        self._heard = Listening(host, files, stream) if stream is not None else None
        self._later = ctx.ec.schedule

    def start(self) -> None:
        self._process = self._host.spawn(self._argv, run_dir=self._dir, on_exit=self._on_exit)
        if self._heard is not None:
            self._heard.begin()

    def _on_exit(self, how: Exit) -> None:
        self._ended.set()
        if self._heard is not None:
            self._heard.tell_end()

    def wait(self) -> None:
        """Block until it has ended, handing over what it writes."""
        if self._heard is not None:
            self._heard.until_end()
        self._ended.wait()

    def cancel(self) -> None:
        """Have it end as by Ctrl-C, and soon in any case; from any thread, returns at once."""
        if self._process is not None and not self._ended.is_set():
            self._process.signal(SIGINT)
            self._later(LAST_WORDS_S, self._process.stop)

    def interrupt(self) -> Ran:
        """What Ctrl-C does to a program in a terminal; what it wrote until it ended."""
        if self._process is not None and not self._ended.is_set():
            self._process.signal(SIGINT)
            self._ended.wait(LAST_WORDS_S)
        self.end()
        return self.result()

    def end(self) -> None:
        if self._process is not None and not self._ended.is_set():
            self._process.stop()
            self._ended.wait()
        if self._heard is not None:
            self._heard.end()

    def result(self) -> Ran:
        how = self._process.exit if self._process is not None else None
        assert how is not None  # it was waited for
        return Ran(self.node, how.status, self._read(STDOUT), self._read(STDERR))

    def _read(self, name: str) -> str:
        """What it wrote; of more than can be looked at, the beginning and where the rest is."""
        path = self._dir / name
        size = self._host.size(path)
        text = self._host.read(path, 0, MOST).decode(errors="replace")
        return text if size <= MOST else f"{text}\n{rest(size - MOST, path)}\n"


def _folded(ran: Sequence[Ran]) -> str:
    if len(ran) == 1:
        return _said(ran[0])
    same: dict[tuple[str, int], list[str]] = {}
    for one in ran:
        same.setdefault((_said(one), one.status), []).append(one.node)
    return "\n".join(_answer(fold(nodes), *said) for said, nodes in same.items())


def _answer(nodes: str, said: str, status: int) -> str:
    """A short answer stands beside its nodes, a longer one below them."""
    how = f" (status {status})" if status else ""
    gap = "\n" if "\n" in said else " "
    return f"{nodes}{how}:{gap}{said}".rstrip()


def _said(one: Ran) -> str:
    # what programs write must not steer the terminal of who reads it
    return clean((one.stdout + one.stderr).rstrip("\n"), lines=True)
