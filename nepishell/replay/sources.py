"""Recipes that play recipes: a name is relative to the file it stands in; circles are refused."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import Recipe, read_recipe
from nepishell.replay.shelf import find_recipe


class Sources:
    """The recipes that are being played, outermost first; *folders*: where shipped ones are."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = folders
        self._playing: list[Recipe] = []

    @contextmanager
    def entered(self, recipe: Recipe) -> Iterator[Recipe]:
        """Inside, *recipe* is being played; raises NepishellError when it already is."""
        self.check(recipe)
        self._playing.append(recipe)
        try:
            yield recipe
        finally:
            self._playing.pop()

    def check(self, recipe: Recipe) -> None:
        """Raise NepishellError when *recipe* is being played already."""
        if any(_same(recipe, other) for other in self._playing):
            chain = " plays ".join([other.file for other in self._playing] + [recipe.file])
            raise NepishellError(f"a recipe cannot play itself: {chain}")

    def find(self, path: Path) -> Recipe:
        """The recipe at *path*, relative to the one being played, or a shipped one of that name.

        Raises NepishellError.
        """
        folder = self._playing[-1].folder if self._playing else Path()
        beside = folder / path
        return read_recipe(beside if beside.exists() else find_recipe(str(path), self._folders))


def _same(one: Recipe, other: Recipe) -> bool:
    paths = Path(one.file), Path(other.file)
    return all(path.exists() for path in paths) and paths[0].samefile(paths[1])
