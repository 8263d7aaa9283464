"""Recipes played at the prompt: as recipes, so their actions wait."""

from collections.abc import Callable
from pathlib import Path

from nepishell.commands.interpreter import Interpreter
from nepishell.commands.notes import Shown
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import RecipeError
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources


class Recipes:
    """Call it with a path. *show*: shows a result."""

    def __init__(self, interpreter: Interpreter, show: Callable[[Shown], None]) -> None:
        self._interpreter = interpreter
        self._show = show
        self._sources = Sources(recipe_folders())
        self._script = Script(interpreter, self._sources)

    def __call__(self, path: Path) -> None:
        """Play the recipe; raises NepishellError that says in which line."""
        recipe = self._sources.find(path)
        ctx = self._interpreter.ctx
        waits, ctx.waits = ctx.waits, True
        try:
            with self._sources.entered(recipe):
                self._script.play(recipe.statements(), self._play)
        finally:
            ctx.waits = waits

    def _play(self, statement: Statement) -> None:
        try:
            for shown in self._interpreter.run(statement.text):
                self._show(shown)
        except LangError as problem:
            raise RecipeError(f"{statement.place(problem.column)}: {problem.message}") from None
        except NepishellError as problem:
            raise RecipeError(f"{statement.place()}: {problem}") from None
