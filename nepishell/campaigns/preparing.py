"""Everything about a campaign is checked before its first run: the recipe with every value."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nepishell.campaigns.axes import Point, covering, key_of, points
from nepishell.campaigns.definition import Definition
from nepishell.campaigns.manifest import CAMPAIGN, Manifest
from nepishell.commands.places import recipe_folders
from nepishell.core.errors import NepishellError
from nepishell.replay.check import Checker, check
from nepishell.replay.recipe import Recipe, read_recipe
from nepishell.replay.shelf import find_recipe
from nepishell.replay.sources import Sources

_PLAYS = ("source", "include")


def fingerprint(recipe: Recipe) -> str:
    """The sha256 of a recipe's text and of those that it plays."""
    digest = hashlib.sha256()
    for text in _texts(recipe, Sources(recipe_folders())):
        digest.update(text.encode())
    return digest.hexdigest()


def _texts(recipe: Recipe, sources: Sources) -> Iterator[str]:
    with sources.entered(recipe):
        yield recipe.text
        for statement in recipe.statements():
            first, _, rest = statement.text.partition(" ")
            if first in _PLAYS:
                # a name that holds a parameter is found when it is played
                with suppress(NepishellError):
                    yield from _texts(sources.find(Path(rest.strip("'\" "))), sources)


def prepare(definition: Definition) -> Definition:
    """*definition* with its recipe found, and checked with every value; raises NepishellError."""
    recipe = read_recipe(find_recipe(str(definition.recipe), recipe_folders()).resolve())
    all_points = points(definition.axes, definition.seed)
    for point in covering(all_points):
        _look(check(recipe, dict(point)), point, definition)
    return replace(definition, recipe=Path(recipe.file), recipe_hash=fingerprint(recipe))


def _look(checked: Checker, point: Point, definition: Definition) -> None:
    secret = sorted(checked.hidden.intersection(point))
    if secret:
        raise NepishellError(
            f"parameter '{secret[0]}' becomes a secret: it cannot be varied, for its values would "
            "be in every row"
        )
    problems = list(checked.problems) + ([] if definition.yes else list(checked.destroys))
    if problems:
        first = problems[0]
        more = f"; and {len(problems) - 1} more" if len(problems) > 1 else ""
        values = ", ".join(f"{name}={value}" for name, value in point.items())
        where = f" (with {values})" if values else ""
        raise NepishellError(f"{first}{where}{more}")


def open_for(definition: Definition, folder: Path) -> Manifest:
    """The manifest of *definition* in *folder*: a new one, or one that this goes on with.

    One that is there may be added to: values, repetitions. Raises NepishellError when it is about
    something else.
    """
    manifest = Manifest(folder)
    if (folder / CAMPAIGN).exists():
        _compare(manifest.definition, definition, folder)
    elif folder.exists() and any(folder.iterdir()):
        raise NepishellError(f"{folder} holds other files: name another folder with --out")
    return manifest


def _compare(before: Definition, now: Definition, folder: Path) -> None:
    if before.recipe_hash != now.recipe_hash:
        raise NepishellError(
            f"{folder} is a campaign of another recipe, or this one was changed since; name "
            "another folder with --out: its runs could not be compared with these"
        )
    if before.seed != now.seed:
        raise NepishellError(
            f"{folder} was begun with seed {before.seed}; go on with it, or name another folder"
        )
    missing = _keys(before) - _keys(now)
    if missing:
        raise NepishellError(
            f"{folder} holds {len(missing)} runs that are not in this one; values and repetitions "
            "may be added: name the earlier ones too, or another folder with --out"
        )


def _keys(definition: Definition) -> set[str]:
    repeat = definition.stop.least if definition.stop else definition.repeat
    return {
        key_of(definition.recipe_hash, point, repetition)
        for point in points(definition.axes, definition.seed)
        for repetition in range(1, repeat + 1)
    }


def unchanged(definition: Definition) -> Definition:
    """*definition*, whose campaign goes on; raises NepishellError when its recipe was changed."""
    recipe = read_recipe(definition.recipe)
    if fingerprint(recipe) != definition.recipe_hash:
        raise NepishellError(
            f"{recipe.file} was changed since this campaign began: put it back, or begin another "
            "with --out"
        )
    return definition


def newest(folders: Iterable[Path]) -> Path | None:
    """The campaign among *folders* that was begun or changed last."""
    found = [folder for folder in folders if (folder / CAMPAIGN).exists()]
    return max(found, key=lambda folder: (folder / CAMPAIGN).stat().st_mtime, default=None)
