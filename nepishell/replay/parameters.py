"""Which parameters a recipe has: read from its text, without executing anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nepishell.commands.parameters import TEXT, Kind, check_name, read_kind
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.lang.lexer import Kind as Lexical
from nepishell.lang.lexer import Lexeme, tokenize
from nepishell.replay.reader import Place, Statement
from nepishell.replay.recipe import Recipe, RecipeError, locate
from nepishell.replay.sources import Sources

_PARAM, _INCLUDE = "param", "include"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One that a recipe declares: *default* as written, None where it must be given.

    *type*: duration, rate, size, percent, int, float, bool, text, or choice, of *choices*.
    """

    name: str
    default: str | None
    type: str
    choices: tuple[str, ...]
    place: Place

    def check(self, value: str) -> None:
        """Raise BadValue when it cannot have *value*."""
        Kind(self.type, self.choices).check(self.name, value)


def declared(recipe: Recipe) -> list[Parameter]:
    """The parameters of *recipe* and of what it includes, in order, each once.

    Raises RecipeError for a `param` that makes no sense.
    """
    found: dict[str, Parameter] = {}
    for parameter in _all(recipe, Sources(recipe_folders())):
        found.setdefault(parameter.name, parameter)
    return list(found.values())


def _all(recipe: Recipe, sources: Sources) -> Iterator[Parameter]:
    with sources.entered(recipe):
        for statement in recipe.statements():
            if not statement.text.startswith((_PARAM, _INCLUDE)):
                continue
            words = [each for each in tokenize(statement.text) if each.kind is Lexical.WORD]
            try:
                if words[0].value == _PARAM and len(words) > 1:
                    yield _parameter(statement, words)
                elif words[0].value == _INCLUDE and len(words) == 2 and "${" not in words[1].text:
                    yield from _all(sources.find(Path(words[1].value)), sources)
            except RecipeError:
                raise
            except NepishellError as problem:
                raise locate(statement, str(problem)) from None


def _parameter(statement: Statement, words: list[Lexeme]) -> Parameter:
    name, equals, value = words[1].value.partition("=")
    default = value if equals else words[2].value if len(words) > 2 else None
    rest = words[2 if equals else 3 :]
    kind = read_kind(rest[0].value) if rest else Kind(TEXT)
    if default is not None and "${" not in default:
        kind.check(name, default)
    return Parameter(check_name(name), default, kind.name, kind.choices, statement.place())
