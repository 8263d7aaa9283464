"""`--check`: a whole recipe against the grammar and the types, without building anything.

What describes is done for real on a controller that never deploys, so labels, connections and
conditions of earlier lines are known to later ones; what runs is only parsed.
"""

from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.jobs import Jobs
from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.engine.controller import ExperimentController
from nepishell.lang.call import Call
from nepishell.lang.registry import DESIGN
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe, RecipeError, locate, play
from nepishell.replay.sources import Sources


class Checker:
    """Checks one recipe; *problems* is what it found."""

    def __init__(self, ec: ExperimentController, parameters: dict[str, str]) -> None:
        self._ctx = Context(
            ec=ec, jobs=Jobs(ec), parameters=dict(parameters), fixed=frozenset(parameters)
        )
        self._interpreter = Interpreter(self._ctx)
        self._sources = Sources()
        self._ctx.source = self._source
        self.problems: list[RecipeError] = []
        self.statements = 0
        self.declared: set[str] = set()

    def check(self, recipe: Recipe) -> None:
        """Go through *recipe* and what it sources; *problems* grows."""
        try:
            with self._sources.entered(recipe):
                play(recipe.statements(), self._one, on_error=self._note)
        except RecipeError as problem:
            self.problems.append(problem)

    def _note(self, problem: RecipeError) -> bool:
        self.problems.append(problem)
        return True

    def _one(self, statement: Statement) -> None:
        self.statements += 1
        found = self._interpreter.walk(statement.text)
        if found.error is not None:
            raise locate(statement, found.error.message, found.error.column, found.error.length)
        for call in found.calls:
            try:
                self._describe(call)
            except RecipeError:
                raise
            except NepishellError as problem:
                raise locate(statement, str(problem)) from None

    def _describe(self, call: Call) -> None:
        """Do what *call* describes, and what it will describe later."""
        command = self._interpreter.grammar.commands[call.command]
        if call.command == "param" and "key" in call.args:
            self.declared.add(str(call.args["key"]))
        if command.effects is DESIGN or call.command == "source":
            command.fn(self._ctx, **call.args)
        elif call.command == "at":
            inner = call.args["line"]
            if isinstance(inner, Call) and inner.command == "add":
                self._describe(inner)

    def _source(self, path: Path) -> None:
        recipe = self._sources.find(path)
        with self._sources.entered(recipe):
            play(recipe.statements(), self._one, on_error=self._note)


def check(recipe: Recipe, parameters: dict[str, str]) -> Checker:
    """Check *recipe*; *parameters* are those of the command line.

    Leaves nothing behind: the controller it uses builds nothing.
    """
    with ExperimentController() as ec:
        checker = Checker(ec, parameters)
        checker.check(recipe)
    for name in sorted(set(parameters) - checker.declared):
        hint = did_you_mean(name, checker.declared)
        checker.problems.append(RecipeError(f"{recipe.file}: no parameter '{name}'{hint}"))
    return checker
