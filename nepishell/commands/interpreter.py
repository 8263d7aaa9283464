"""From one line to its result: walk, perform, shape. Recipes, -c and the prompt all come here."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.declared import first_grammar
from nepishell.commands.journaling import entered
from nepishell.commands.notes import Note, Output, Shown, note
from nepishell.commands.parameters import named_by
from nepishell.commands.plugins import extended
from nepishell.commands.remembering import remembered
from nepishell.commands.view import ExperimentView, Indexes
from nepishell.commands.writing import write
from nepishell.core.errors import NepishellError
from nepishell.lang.call import Call, Writer
from nepishell.lang.credentials import MASK
from nepishell.lang.registry import Command
from nepishell.lang.secrets import is_called_secret
from nepishell.lang.syntax import bound
from nepishell.lang.tracks import Tracks
from nepishell.lang.walk import Walk, walk
from nepishell.output.pipeline import shape
from nepishell.output.records import Result
from nepishell.resources.linux.layout import NAMES as HOST_PLACES
from nepishell.resources.table import register_all

#: `${SRC}` and its like are for the host that a command runs on: they stay as they are.
_OF_HOSTS = {name: f"${{{name}}}" for name in HOST_PLACES}


#: Verbs that last as long as what they run or wait for, and that another thread may execute.
LASTING = frozenset({"exec", "node", "wait", "expect"})
_IN_FRONT = frozenset({"open", "source", "watch", "log follow", "trace follow"})
_SHOWS_ANOTHER = frozenset({"watch", "at", "every"})


class Interpreter:
    """Executes lines in one context. *interactive*: keywords may be shortened."""

    def __init__(self, ctx: Context, *, interactive: bool = False) -> None:
        register_all()
        self.ctx = ctx
        self.grammar = first_grammar()
        #: a verb -> what it stands for; for a prompt only, recipes must mean the same to everybody
        self.aliases: Mapping[str, str] = {}
        self._is_extended = False
        self._interactive = interactive
        self._indexes = Indexes()
        self._tracks: Tracks | None = None
        ctx.perform = self.perform
        ctx.spell = self.spell

    def view(self, *, glance: bool = False) -> ExperimentView:
        """The experiment as the language sees it now; *glance*: while a line is being typed."""
        return ExperimentView(self.ctx.ec, self._indexes, self._extra, glance=glance)

    def walk(self, line: str, *, glance: bool = False) -> Walk:
        """Read a line without doing anything; what is wrong with it is in the walk.

        A line that is wrong may be of a package that was not asked for its commands yet.
        """
        found = self._walk(line, glance=glance)
        if self._is_extended or glance or found.error is None:
            return found
        problems = self.extend()
        found = self._walk(line, glance=glance)
        if found.error is not None and problems:
            found.error.message = "; ".join([found.error.message, *problems])
        return found

    def read(self, line: str) -> Call | None:
        """The call of a line, where it is plain and right; None for what is to be walked.

        For texts of very many lines: a fraction of the time of a walk.
        """
        if self._tracks is None or self._tracks.grammar is not self.grammar:
            self._tracks = Tracks(self.grammar)
        return self._tracks.read(line, self.view(), self._params())

    def _params(self) -> dict[str, str]:
        return {**_OF_HOSTS, **self.ctx.parameters, **self.ctx.bound}

    def extend(self) -> tuple[str, ...]:
        """Take in the commands of other packages; a line for each that is left out."""
        grammar, problems = extended()
        self.grammar, self._is_extended = grammar, True
        return problems

    def _walk(self, line: str, *, glance: bool) -> Walk:
        return walk(
            self.grammar,
            line,
            self.view(glance=glance),
            interactive=self._interactive,
            params=self._params(),
            aliases=self.aliases,
        )

    def run(self, line: str) -> list[Shown]:
        """Execute a line of one command; raises LangError, or what the command raises.

        [] for an empty line, and where the result went into a file.
        """
        call = None if self._interactive or self.aliases else self.read(line)
        if call is not None:
            shown = self._run(call)
            return [] if shown is None else [shown]
        found = self.walk(line)
        if found.error is not None:
            raise found.error
        return [shown for call in found.calls if (shown := self._run(call)) is not None]

    def _run(self, call: Call) -> Shown | None:
        self.ctx.line = self.spell(call)
        command = self.grammar.commands[call.command]
        if self.ctx.seat is not None:
            self.ctx.seat.may(command)
        # what it plays in its turn has lines of its own
        line, began = self.ctx.line, self.ctx.ec.clock.now()
        with entered(self.ctx, command):
            shown = remembered(self.ctx, command, call.args, lambda: self._act(command, call))
        for told in tuple(self.ctx.after):
            told(line, command, began)
        return shown

    def _act(self, command: Command, call: Call) -> Shown | None:
        """Execute a call; one that nobody waits for as a task, unless it returns at once anyway."""
        if not call.background:
            return self.perform(self.ctx, call)
        call = replace(call, background=False)
        if "mode" in bound(command.syntax):
            return self.perform(self.ctx, replace(call, args={"mode": "nowait", **call.args}))
        verb = command.name.split()[0]
        if not _IN_FRONT.isdisjoint((verb, command.name)):
            raise NepishellError(f"'{command.name}' cannot go on by itself; leave out the '&'")
        if verb not in LASTING:
            return self.perform(self.ctx, call)
        job = self.ctx.jobs.at(self.spell(call), 0.0, self.ctx.later(call))
        return Shown(note(f"task %{job.number}: {job.line}", task=job.number))

    def perform(self, ctx: Context, call: Call) -> Shown | None:
        """Execute a call; a result that goes into a file is written and gives None."""
        call = _handed_on(call)
        handler = self.grammar.commands[call.command].fn
        if ctx.stream is not None and (call.stages or call.redirect):
            ctx = replace(ctx, stream=None)
        result: Result = handler(ctx, **call.args)
        shaped = shape(_for_stages(result) if call.stages else result, call.stages)
        shown = Shown(*shaped)
        if call.redirect is None:
            return shown
        write(Path(call.redirect.path), shown, append=call.redirect.append)
        return None

    def spell(self, call: Call) -> str:
        """The call as a line for people: resources by their labels, secrets masked."""
        name = named_by(call.args) if call.command == "param" else ""
        if name and (name in self.ctx.hidden or is_called_secret(name)):
            call = replace(call, args={"key": name, "default": MASK})
        return Writer(self.grammar, self.view(), hide=True).line(call)

    def secrets(self, line: str) -> list[str]:
        """The parts of *line* that must not be repeated where others read."""
        return self.walk(line).secret_words

    def _extra(self) -> Mapping[str, Mapping[str, str]]:
        jobs = {str(job.number): job.line for job in self.ctx.jobs}
        return {"param": {**self.ctx.parameters, **self.ctx.bound}, "task": jobs}


def _handed_on(call: Call) -> Call:
    """What follows a command that shows another one again and again is for the other."""
    inner = call.args.get("line")
    if call.command not in _SHOWS_ANOTHER or not isinstance(inner, Call):
        return call
    inner = replace(inner, stages=call.stages, redirect=call.redirect)
    return replace(call, args={**call.args, "line": inner}, stages=(), redirect=None)


def _for_stages(result: Result) -> Result:
    """What `| where`, `| json` and the others work on."""
    match result:
        case Note():
            return result.as_record()
        case Output(records=records):
            return records
    return result
