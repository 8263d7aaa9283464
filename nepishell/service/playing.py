"""Lines of somebody without a terminal, and recipes, in one context: each statement in order."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.notes import Note, Output, Shown
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.output.render import render
from nepishell.replay.reader import Place, Statement, Unfinished, read_statements
from nepishell.replay.recipe import Recipe, RecipeError
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources

#: What lines of a request are called in messages.
REQUEST = "request"


class Misplaced(NepishellError):
    """What went wrong in one of several lines, and where: *line* and *column* from 1."""

    def __init__(self, message: str, line: int, column: int, length: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.length = length

    def as_answer(self) -> dict[str, Any]:
        """For programs."""
        return {"message": str(self), "line": self.line, "column": self.column,
                "length": self.length}  # fmt: skip


class Playing:
    """Executes in *ctx*, one thread at a time. *show*: takes each result."""

    def __init__(self, ctx: Context, show: Callable[[Shown], None]) -> None:
        self.interpreter = Interpreter(ctx)
        self.interpreter.extend()
        self.ctx = ctx
        self._show = show
        self._sources = Sources(recipe_folders())
        self._script = Script(self.interpreter, self._sources)
        ctx.source = self._source

    def lines(self, text: str) -> None:
        """Execute *text* to its end, or to its first error; raises Misplaced and Quit."""
        try:
            with closing(
                self._script.unrolled(read_statements(text.splitlines(), REQUEST))
            ) as statements:
                for statement in statements:
                    self._one(statement)
        except RecipeError as problem:
            where = problem.place or Place(REQUEST, 1, 1)
            raise Misplaced(problem.what, where.line, where.column, problem.length) from None
        except Unfinished as problem:
            place = problem.place
            raise Misplaced(str(problem), place.line, place.column, 1) from None

    def recipe(self, recipe: Recipe) -> None:
        """Play a recipe to its end, or to its first error; raises NepishellError."""
        with self._sources.entered(recipe):
            self._script.play(recipe.statements(), self._of_recipe)

    def execute(self, line: str) -> None:
        """Perform one line and show nothing; raises NepishellError."""
        self.interpreter.run(line)

    def _source(self, path: Path) -> None:
        self.recipe(self._sources.find(path))

    def _of_recipe(self, statement: Statement) -> None:
        try:
            self._one(statement)
        except Misplaced as problem:
            place = f"{statement.place().file}:{problem.line}:{problem.column}"
            raise RecipeError(f"{place}: {problem}") from None

    def _one(self, statement: Statement) -> None:
        try:
            for shown in self.interpreter.run(statement.text):
                self._show(shown)
                _check(shown)
        except LangError as problem:
            place = statement.place(problem.column)
            raise Misplaced(problem.message, place.line, place.column, problem.length) from None
        except Misplaced:
            raise
        except NepishellError as problem:
            place = statement.place()
            raise Misplaced(str(problem), place.line, place.column, 0) from None


def _check(shown: Shown) -> None:
    """Raise what was wrong with a result in the end."""
    if isinstance(shown.result, Output) and shown.result.error:
        raise NepishellError(shown.result.error)


def as_data(shown: Shown) -> Any:
    """A result for programs: an array of objects for a listing, an object otherwise.

    What was asked for in another form is {"form": ..., "text": ...}.
    """
    if shown.form and shown.form != "json":
        return {"form": shown.form, "text": render(shown.result, shown.form)}
    result = shown.result
    if isinstance(result, Note):
        result = result.as_record()
    elif isinstance(result, Output):
        result = result.records
    return json.loads(render(result, "json"))
