"""`nepishell serve`: a controller without a terminal, until it is told to end.

It is served at the socket of its run. SIGTERM, SIGINT and `shutdown` release everything; a second
signal kills what still runs instead of waiting for it.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread
from typing import Any, NoReturn

from nepishell.commands.context import Context, Quit
from nepishell.commands.journaling import open_journal
from nepishell.commands.logs import RunLog
from nepishell.commands.notes import Note, Shown
from nepishell.commands.places import recipe_folders
from nepishell.commands.resuming import Resumption, go_on, orphan, prepare
from nepishell.commands.signals import Signals, Stopped
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.adopting import Late
from nepishell.engine.controller import ExperimentController, default_local_dir
from nepishell.journal import door
from nepishell.journal.runs import find
from nepishell.output.render import render
from nepishell.replay.recipe import Recipe, read_recipe
from nepishell.replay.shelf import find_recipe
from nepishell.resources.table import register_all
from nepishell.service import handover
from nepishell.service.connection import Connection
from nepishell.service.hub import Hub
from nepishell.service.hurrying import kill_what_runs
from nepishell.service.playing import Playing
from nepishell.service.server import Server
from nepishell.service.session import OpenPrompt, Session

DONE, FAILED, USAGE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every error of ours."""
        self.exit(USAGE, f"{self.prog}: {message}; see '{self.prog} --help'\n")


def serve_parser() -> argparse.ArgumentParser:
    """What `nepishell serve` takes."""
    made = _Parser(
        prog="nepishell serve",
        allow_abbrev=False,
        description="Start a controller without a terminal, and serve it at a socket until "
        "'shutdown' or SIGTERM; 'nepishell attach' and programs come in there.",
    )
    made.add_argument("file", nargs="?", default="", metavar="FILE", help="play this recipe first")
    made.add_argument("--param", metavar="NAME=VALUE", action="append", default=[],
                      help="give a parameter of the recipe another value")  # fmt: skip
    made.add_argument("--exp", metavar="NAME", help="the experiment's name (default: random)")
    made.add_argument("--seed", type=int, help="of everything random in the run")
    made.add_argument("--yes", action="store_true", help="let the recipe destroy what it says")
    made.add_argument("--resume", nargs="?", const="", metavar="RUN",
                      help="go on with a run whose controller was killed")  # fmt: skip
    made.add_argument("--late", choices=[late.value for late in Late], default=Late.RUN.value,
                      help="what becomes of actions that were due meanwhile")  # fmt: skip
    made.add_argument("--json", action="store_true", help="print each line as JSON")
    # of 'detach': the descriptors at which the controller before tells that it has gone
    made.add_argument("--after", type=int, default=-1, help=argparse.SUPPRESS)
    made.add_argument("--tell", type=int, default=-1, help=argparse.SUPPRESS)
    return made


class Said:
    """Lines for whoever started us; nobody may read them any more."""

    def __init__(self, *, json: bool) -> None:
        self._json = json

    def __call__(self, text: str, **facts: Any) -> None:
        """A line on standard output."""
        line = json.dumps({"message": text, **facts}) if self._json else text
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    def show(self, shown: Shown) -> None:
        """A result of the recipe."""
        if isinstance(shown.result, Note) and not shown.result.asked:
            return
        self(render(shown.result, shown.form or ("json" if self._json else "table")))


def main(argv: list[str], open_prompt: OpenPrompt) -> int:
    """`nepishell serve`; *open_prompt* serves attached terminals. Returns the exit status."""
    given = serve_parser().parse_args(argv)
    # the terminal that it was started from may go: it needs none
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    say = Said(json=given.json)
    try:
        with handover.Teller(given.tell) as told:
            return _serve(given, say, told, open_prompt)
    except NepishellError as problem:
        sys.stderr.write(f"nepishell: {problem}\n")
        return USAGE


def _serve(
    given: argparse.Namespace, say: Said, told: handover.Teller, open_prompt: OpenPrompt
) -> int:
    parameters = dict(_assignment(text) for text in given.param)
    recipe = read_recipe(find_recipe(given.file, recipe_folders())) if given.file else None
    with Signals() as signals:
        register_all()
        told.ready()
        left = handover.await_end(given.after)
        if given.after >= 0:
            handover.await_lock(find(default_local_dir(), given.resume or "").journal)
        resumption = None if given.resume is None else prepare(orphan(given.resume))
        ec = resumption.ec if resumption else ExperimentController(given.exp, seed=given.seed)
        with ec, RunLog(ec.run_dir / "log.txt"):
            service = Service(ec, signals, say, told, open_prompt)
            service.lend({**left.parameters, **parameters}, left.declared)
            late = Late(given.late)
            return service.run(lambda: service.begin(resumption, late), recipe, yes=given.yes)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise NepishellError(f"--param '{text}' is not NAME=VALUE, as in --param delay=50ms")
    return name, value


class Service:
    """A served run, in the main thread."""

    def __init__(
        self,
        ec: ExperimentController,
        signals: Signals,
        say: Said,
        told: handover.Teller,
        open_prompt: OpenPrompt,
    ) -> None:
        self._ec = ec
        self._signals = signals
        self._say = say
        self._told = told
        self._open_prompt = open_prompt
        self._hub = Hub(ec)
        #: seconds of the run's clock at which the controller before was last heard of
        self._last = 0.0
        # whoever kills us leaves everything for the next controller
        ec.lasting = True

    def run(self, begin: Callable[[], None], recipe: Recipe | None, *, yes: bool) -> int:
        """Serve from *begin* until the end, and release everything; the exit status."""
        status = DONE
        try:
            with ExitStack() as stack:
                begin()
                stack.enter_context(self._served())
                if recipe is not None and not self._play(recipe, yes=yes):
                    status = FAILED
                with suppress(Stopped), self._signals.waiting():
                    self._hub.over.wait()
                self._release()
        except Stopped:
            self._release()
        return status

    def lend(self, parameters: dict[str, str], declared: set[str]) -> None:
        """Begin with these parameters."""
        self._hub.shared.parameters.update(parameters)
        self._hub.shared.declared.update(declared)

    def begin(self, resumption: Resumption | None, late: Late) -> None:
        """The journal, and what another controller left."""
        shared = self._hub.shared
        if resumption is None:
            shared.journal = open_journal(self._ec, self._say)
            return
        ctx = self._context("resume", yes=True)
        lines = go_on(ctx, resumption, Playing(ctx, self._say.show).execute, late)
        shared.journal = ctx.journal
        for line in lines:
            self._say(line)
            self._told(line)
        self._last = resumption.legacy.last

    @contextmanager
    def _served(self) -> Iterator[None]:
        folder = self._ec.run_dir
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        listening = door.listen(folder)
        server = Server(listening, self._hub.greeting, self._session)
        try:
            self._say(
                f"run {self._ec.run_id} of {self._ec.exp_id} is served at {folder / door.SOCKET} "
                f"(pid {os.getpid()})",
                run=self._ec.run_id, exp=self._ec.exp_id, socket=str(folder / door.SOCKET),
                pid=os.getpid(),
            )  # fmt: skip
            away = format_duration(round(max(0.0, self._ec.clock.now() - self._last), 2))
            self._told(
                f"detached: run {self._ec.run_id} goes on as process {os.getpid()}, after {away} "
                f"without a controller; 'nepishell attach {self._ec.run_id}' comes back"
            )
            self._told.close()
            yield
        finally:
            server.close()
            door.close(folder, listening)

    def _session(self, connection: Connection) -> tuple[str, Callable[[], None]]:
        session = Session(self._hub, connection, self._open_prompt)
        return session.place.name, session.serve

    def _context(self, who: str, *, yes: bool) -> Context:
        shared = self._hub.shared

        def confirm(question: str) -> bool:
            if not yes:
                raise NepishellError(f"{question} nobody can be asked here: serve it with --yes")
            return True

        return Context(
            ec=self._ec, jobs=shared.jobs, parameters=shared.parameters, declared=shared.declared,
            fixed=frozenset(shared.parameters), past=shared.past, journal=shared.journal,
            confirm=confirm, waiting=self._signals.waiting, emit=self._emit, who=who,
        )  # fmt: skip

    def _emit(self, shown: Shown | None) -> None:
        if shown is not None:
            self._say.show(shown)

    def _play(self, recipe: Recipe, *, yes: bool) -> bool:
        """Play the recipe that was asked for, driving; whether it went well."""
        place = self._hub.enter(recipe.file)
        ctx = self._context(place.name, yes=yes)
        ctx.seat = place
        self._hub.offer(place)
        problem = ""
        try:
            Playing(ctx, self._say.show).recipe(recipe)
        except NepishellError as found:
            problem = str(found)
        except Quit:
            self._hub.over.set()
        finally:
            place.leave()
        if problem:
            self._say(problem)
            self._hub.say(problem)
        return not problem

    def _release(self) -> None:
        """Take everything down; a second signal kills what would have been waited for."""
        self._signals.forget()
        self._hub.over.set()
        left = [row for row in self._ec.snapshot().resources
                if row.state is not ResourceState.RELEASED]  # fmt: skip
        if not left:
            return
        self._hub.say("the run is being released")
        # a signal may come at any time, and must not be raised in the middle of it
        done = Event()
        releasing = Thread(target=self._take_down, args=(done,), name="nepishell-release")
        releasing.start()
        try:
            # not join(): interrupted, that takes the thread for one that has ended
            with self._signals.waiting():
                done.wait()
        except Stopped:
            self._signals.forget()
            self._say("killing what still runs")
            kill_what_runs(self._ec)
        releasing.join()

    def _take_down(self, done: Event) -> None:
        try:
            result = self._ec.release()
            if result.reason:
                self._say(result.reason)
        finally:
            done.set()
