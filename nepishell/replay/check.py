"""`--check`: a whole recipe against the grammar and the types, without building anything.

What describes is done for real on a controller that never deploys, so labels, connections and
conditions of earlier lines are known to later ones; what runs is only parsed.
"""

import re
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.commands.later import destroys
from nepishell.commands.parameters import named_by
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.engine.controller import ExperimentController
from nepishell.lang.call import Call
from nepishell.lang.errors import LangError
from nepishell.lang.registry import DESIGN
from nepishell.lang.secrets import Span
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe, RecipeError, locate
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources

#: Why a line that destroys something is refused where nobody can be asked.
ASK_YES = "this takes something away for good and nobody can be asked: run it with --yes"

#: How what is only counted ends: it may go away with an earlier mistake.
FOLLOWS = "more that may follow from this"

_NAME = re.compile(r"[\w.-]+")


class Checker:
    """Checks one recipe; *problems* is what it found, *destroys* where it destroys something."""

    def __init__(self, ec: ExperimentController, parameters: dict[str, str]) -> None:
        self.context = Context(
            ec=ec, jobs=Jobs(ec), parameters=dict(parameters), fixed=frozenset(parameters)
        )
        self._interpreter = Interpreter(self.context)
        self._sources = Sources(recipe_folders())
        self._script = Script(self._interpreter, self._sources, checks=True)
        self.context.source = self._source
        self.problems: list[RecipeError] = []
        self.destroys: list[RecipeError] = []
        self.statements = 0
        #: what in it is secret, as (statement, where in its text), and parameters with such values
        self.secrets: list[tuple[Statement, Span]] = []
        self.hidden: set[str] = set()
        #: where parameters have their values
        self.defaults: list[tuple[str, Statement]] = []
        self.has_sources = False
        self._doubtful: set[str] = set()
        self._noted: set[str] = set()
        self._following = 0

    def check(self, recipe: Recipe) -> None:
        """Go through *recipe* and what it sources; *problems* grows."""
        try:
            with self._sources.entered(recipe):
                self._script.play(recipe.statements(), self._one, on_error=self._note)
        except RecipeError as problem:
            self._note(problem)
        self.has_sources = self.has_sources or self._script.includes
        if self._following:
            more = f"{recipe.file}: {self._following} {FOLLOWS}"
            self.problems.append(RecipeError(more))

    def forget(self) -> None:
        """Take back what was described: hooks must not release what was never built."""
        ec = self.context.ec
        ec.unregister_condition(ec.resources)
        for guid in reversed(ec.resources):
            ec.remove_resource(guid)

    def _note(self, problem: RecipeError) -> bool:
        if problem.told:
            self._following += 1
        elif str(problem) not in self._noted:
            # what is wrong in a block is wrong each time
            self._noted.add(str(problem))
            self.problems.append(problem)
        return True

    def _one(self, statement: Statement) -> None:
        self.statements += 1
        call = self._interpreter.read(statement.text)
        if call is not None:
            self._take(call, statement, [])
            return
        found = self._interpreter.walk(statement.text)
        self.secrets += [(statement, span) for span in found.secrets]
        self.hidden |= found.secret_parameters
        if found.error is not None:
            raise self._unreadable(statement, found.error, found.secret_words)
        for each in found.calls:
            self._take(each, statement, found.secret_words)

    def _take(self, call: Call, statement: Statement, secrets: list[str]) -> None:
        if destroys(call):
            self.destroys.append(locate(statement, ASK_YES))
        try:
            self._describe(call, statement)
        except RecipeError:
            raise
        except NepishellError as problem:
            raise locate(statement, str(problem), secrets=secrets) from None

    def _unreadable(
        self, statement: Statement, error: LangError, secrets: list[str]
    ) -> RecipeError:
        """The error of a statement; marked as told when it may follow from an earlier one."""
        problem = locate(statement, error.message, error.column, error.length, secrets=secrets)
        culprit = statement.text[error.column : error.column + error.length].partition(".")[0]
        problem.told = culprit in self._doubtful
        # what this statement would have named is not there for later ones
        self._doubtful.update(_NAME.findall(statement.text))
        return problem

    def _describe(self, call: Call, statement: Statement) -> None:
        """Do what *call* describes, and what it will describe later."""
        name = named_by(call.args) if call.command == "param" else ""
        if name:
            self.defaults.append((name, statement))
        command = self._interpreter.grammar.commands[call.command]
        if command.effects is DESIGN or call.command == "source":
            command.fn(self.context, **call.args)
        elif call.command == "at":
            inner = call.args["line"]
            if isinstance(inner, Call) and inner.command == "add":
                self._describe(inner, statement)

    def _source(self, path: Path) -> None:
        self.has_sources = True
        recipe = self._sources.find(path)
        with self._sources.entered(recipe):
            self._script.play(recipe.statements(), self._one, on_error=self._note)


def check(recipe: Recipe, parameters: dict[str, str]) -> Checker:
    """Check *recipe*; *parameters* are those of the command line.

    Leaves nothing behind: the controller it uses builds nothing.
    """
    with ExperimentController() as ec:
        checker = Checker(ec, parameters)
        checker.check(recipe)
        checker.forget()
    unknown = unknown_parameter(recipe.file, checker.context)
    if unknown is not None:
        checker.problems.append(unknown)
    return checker


def unknown_parameter(file: str, ctx: Context) -> RecipeError | None:
    """The error of a --param that no `param` in *file* named; None when all were."""
    for name in sorted(ctx.fixed - ctx.declared):
        return RecipeError(f"{file}: no parameter '{name}'{did_you_mean(name, ctx.declared)}")
    return None
