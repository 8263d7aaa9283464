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
from nepishell.commands.notes import Output, Shown
from nepishell.commands.signals import Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import STDERR, STDOUT, Exit, Host, Process
from nepishell.lang.folding import fold
from nepishell.lang.registry import RUN, command
from nepishell.output.records import Records
from nepishell.resources.node import AbstractNode

COLUMNS = ("node", "status", "stdout", "stderr")

#: Seconds that an interrupted program has for its last words.
LAST_WORDS_S = 2.0
#: Seconds between two looks at what a program has written.
GLANCE_S = 0.1

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
    stream = ctx.stream if len(nodes) == 1 else None
    ran = run_on(ctx, nodes, argv, stream)
    failed = [one for one in ran if one.status]
    error = "; ".join(f"{one.node}: {argv[0]} ended with status {one.status}" for one in failed)
    return replace(_output(ran, shown=stream is not None), error=error)


@command("<node:label> <argv:argv>", effects=RUN, group="run", name="node", columns=COLUMNS)
def node_verb(ctx: Context, *, node: int, argv: tuple[str, ...]) -> Output:
    """A node's label as a verb: short for `exec`.

    h1 ping -c 3 h2
    """
    return exec_(ctx, nodes=(node,), argv=argv)


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
    programs = [_Program(ctx, guid, host, argv) for guid, host in zip(nodes, hosts, strict=True)]
    try:
        # not in the wait: a signal must not come between a spawn and knowing of it
        for program in programs:
            program.start()
        with ctx.waiting():
            for program in programs:
                program.wait(stream)
    except Stopped:
        # as a shell does it: Ctrl-C is for the programs, and they may have last words
        ran = [program.interrupt(stream) for program in programs]
        ctx.emit(Shown(_output(ran, shown=stream is not None)))
        raise
    finally:
        # one that could not start: those before it are not left behind
        for program in programs:
            program.end()
    return [program.result() for program in programs]


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

    def __init__(self, ctx: Context, guid: int, host: Host, argv: Sequence[str]) -> None:
        self.node = ctx.name(guid)
        self._host = host
        self._argv = list(argv)
        self._dir: Path = ctx.ec.run_dir / "exec" / f"{next(_numbers)}-{self.node}"
        self._ended = Event()
        self._process: Process | None = None
        #: bytes of each file that were handed over while it ran
        self._shown = {STDOUT: 0, STDERR: 0}

    def start(self) -> None:
        self._process = self._host.spawn(self._argv, run_dir=self._dir, on_exit=self._on_exit)

    def _on_exit(self, how: Exit) -> None:
        self._ended.set()

    def wait(self, stream: Callable[[str], None] | None) -> None:
        """Block until it has ended, handing over what it writes.

        A file does not tell when it grows: it is looked at as often as a person can read.
        """
        while not self._ended.wait(None if stream is None else GLANCE_S):
            self._hand_over(stream)
        self._hand_over(stream)

    def _hand_over(self, stream: Callable[[str], None] | None) -> None:
        for name in (STDOUT, STDERR) if stream is not None else ():
            # a character may have been written in part only
            text = self._host.read(self._dir / name, self._shown[name]).decode(errors="ignore")
            self._shown[name] += len(text.encode())
            if text and stream is not None:
                stream(text)

    def interrupt(self, stream: Callable[[str], None] | None) -> Ran:
        """What Ctrl-C does to a program in a terminal; what it wrote until it ended."""
        if self._process is not None and not self._ended.is_set():
            self._process.signal(SIGINT)
            self._ended.wait(LAST_WORDS_S)
        self.end()
        self._hand_over(stream)
        return self.result()

    def end(self) -> None:
        if self._process is not None and not self._ended.is_set():
            self._process.stop()
            self._ended.wait()

    def result(self) -> Ran:
        how = self._process.exit if self._process is not None else None
        assert how is not None  # it was waited for
        return Ran(self.node, how.status, self._read(STDOUT), self._read(STDERR))

    def _read(self, name: str) -> str:
        return self._host.read(self._dir / name).decode(errors="replace")


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
    return (one.stdout + one.stderr).rstrip("\n")
