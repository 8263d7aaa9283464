"""A lab's own recipes, played without a word: what they build is the lab's, not the student's."""

from dataclasses import replace
from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.interpreter import Interpreter
from nepishell.commands.notes import Output
from nepishell.core.errors import NepishellError
from nepishell.lang.errors import LangError
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import read_recipe
from nepishell.replay.script import Script
from nepishell.replay.sources import Sources


def play_recipe(ctx: Context, path: Path) -> None:
    """Play the recipe at *path* to its end; raises NepishellError that says in which line."""
    # with a perform() of its own, so that lines for later are still those of the person
    interpreter = Interpreter(replace(ctx, waits=True, stream=None))
    sources = Sources()
    recipe = read_recipe(path)

    def one(statement: Statement) -> None:
        place = statement.place()
        try:
            results = [shown.result for shown in interpreter.run(statement.text)]
        except LangError as problem:
            place = statement.place(problem.column)
            raise NepishellError(f"{place}: {problem.message}") from None
        except NepishellError as problem:
            raise NepishellError(f"{place}: {problem}") from None
        for result in results:
            if isinstance(result, Output) and result.error:
                raise NepishellError(f"{place}: {result.error}")

    with sources.entered(recipe):
        Script(interpreter, sources).play(recipe.statements(), one)
