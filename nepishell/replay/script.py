"""Recipes being played: their blocks become the statements that are executed, one by one.

`for` repeats its block with `${name}` set, `include` puts a file in its place, and what stands in
`on-fail` is done when the recipe has failed, before anything is released.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from nepishell.commands.interpreter import Interpreter
from nepishell.commands.signals import Stopped
from nepishell.core.errors import NepishellError
from nepishell.lang import selection
from nepishell.replay.blocks import (
    END,
    FOR,
    INCLUDE,
    ON_FAIL,
    Loop,
    body_of,
    loop_of,
    verb_of,
    words_of,
)
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Execute, Recipe, RecipeError, locate
from nepishell.replay.sources import Sources

#: Told of an error; True for "go on with the next statement".
OnError = Callable[[RecipeError], bool]
#: Close it where it is left early: what its blocks have set is taken back then.
Unrolled = Generator[Statement]


class Script:
    """Plays into what *interpreter* drives. *checks*: blocks for failures are played as well.

    *forget*: called before what is done after a failure that came as a request to stop.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        sources: Sources,
        *,
        checks: bool = False,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self._interpreter = interpreter
        self._sources = sources
        self._checks = checks
        self._forget = forget
        #: the outermost block that is being played
        self.block: Statement | None = None
        #: whether a file was included
        self.includes = False

    def play(
        self,
        statements: Iterable[Statement],
        execute: Execute,
        *,
        on_error: OnError | None = None,
    ) -> None:
        """Hand each statement to *execute*, in order, blocks unrolled.

        The first RecipeError ends it, unless *on_error* returns True for "go on with the next".
        """
        remedies: list[list[Statement]] = []
        has_failed = False

        def goes_on(problem: RecipeError) -> bool:
            nonlocal has_failed
            has_failed = True
            return on_error is not None and on_error(problem)

        try:
            with closing(self._unrolled(iter(statements), remedies, goes_on)) as unrolled:
                for statement in unrolled:
                    try:
                        execute(statement)
                    except RecipeError as problem:
                        if not goes_on(problem):
                            raise
        except RecipeError:
            self._remedy(remedies, execute, on_error)
            raise
        except Stopped as stopped:
            # a task that failed ends the recipe, too; a signal is no failure
            if not stopped.signum:
                self._forget()
                self._remedy(remedies, execute, on_error)
            raise
        if has_failed:
            self._remedy(remedies, execute, on_error)

    def unrolled(self, statements: Iterable[Statement]) -> Unrolled:
        """The statements that are executed, each when those before it were; raises RecipeError.

        Blocks for failures are left out.
        """
        return self._unrolled(iter(statements), [], lambda problem: False)

    def _remedy(
        self, remedies: list[list[Statement]], execute: Execute, on_error: OnError | None
    ) -> None:
        """Do what was to be done after a failure; what goes wrong in it is told, and passed."""
        tell = on_error or (lambda problem: True)
        found, remedies[:] = list(remedies), []

        def told(problem: RecipeError) -> bool:
            tell(problem)
            return True

        for body in found:
            for statement in self._unrolled(iter(body), [], told):
                try:
                    execute(statement)
                except RecipeError as problem:
                    told(problem)

    def _unrolled(
        self, rest: Iterator[Statement], remedies: list[list[Statement]], goes_on: OnError
    ) -> Unrolled:
        for statement in rest:
            verb = verb_of(statement)
            if not verb:
                yield statement
                continue
            outermost = self.block is None
            try:
                inner = self._inner(verb, statement, rest, remedies, goes_on)
            except RecipeError as problem:
                if not goes_on(problem):
                    raise
                continue
            if outermost:
                self.block = statement
            try:
                yield from inner
            finally:
                if outermost:
                    self.block = None

    def _inner(
        self,
        verb: str,
        statement: Statement,
        rest: Iterator[Statement],
        remedies: list[list[Statement]],
        goes_on: OnError,
    ) -> Unrolled:
        """What *statement* stands for, from *rest* as far as its `end`; raises RecipeError."""
        if verb == END:
            raise locate(statement, "'end' ends nothing: no block is open here")
        if verb == INCLUDE:
            return self._included(statement, remedies, goes_on)
        body = body_of(statement, rest)
        if verb == FOR:
            loop = loop_of(statement, self._params(), self._members)
            return self._repeated(loop, body, remedies, goes_on)
        assert verb == ON_FAIL  # there are no others
        words_of(statement, None, most=1)
        if self._checks:
            return self._unrolled(iter(body), remedies, goes_on)
        remedies.append(body)
        return self._unrolled(iter(()), remedies, goes_on)

    def _params(self) -> dict[str, str]:
        ctx = self._interpreter.ctx
        return {**ctx.parameters, **ctx.bound}

    def _members(self, text: str) -> list[str]:
        found = selection.resolve(text, self._interpreter.view())
        return [self._interpreter.ctx.name(guid) for guid in found]

    def _repeated(
        self,
        loop: Loop,
        body: list[Statement],
        remedies: list[list[Statement]],
        goes_on: OnError,
    ) -> Unrolled:
        bound = self._interpreter.ctx.bound
        before = bound.get(loop.name)
        try:
            for value in loop.values:
                bound[loop.name] = value
                yield from self._unrolled(iter(body), remedies, goes_on)
        finally:
            if before is None:
                bound.pop(loop.name, None)
            else:
                bound[loop.name] = before

    def _included(
        self, statement: Statement, remedies: list[list[Statement]], goes_on: OnError
    ) -> Unrolled:
        words = words_of(statement, self._params())
        if len(words) != 2:
            raise locate(statement, "write one file, as in 'include hosts.nepi'")
        try:
            recipe = self._sources.find(Path(words[1].value))
            self._sources.check(recipe)
        except NepishellError as problem:
            raise locate(statement, str(problem)) from None
        self.includes = True
        return self._entered(recipe, remedies, goes_on)

    def _entered(
        self, recipe: Recipe, remedies: list[list[Statement]], goes_on: OnError
    ) -> Unrolled:
        with self._sources.entered(recipe):
            yield from self._unrolled(recipe.statements(), remedies, goes_on)
