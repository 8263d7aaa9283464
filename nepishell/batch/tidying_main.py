"""`nepishell fmt`: recipes in their one spelling, each file replaced as a whole or not at all."""

import os
import sys
from difflib import unified_diff
from pathlib import Path

from nepishell.batch.exits import Exit
from nepishell.batch.file_arguments import fmt_parser
from nepishell.batch.printer import Printer
from nepishell.core.errors import NepishellError
from nepishell.replay.recipe import Recipe, RecipeError, read_recipe, read_stdin
from nepishell.replay.tidy import tidy

STDIN = "-"


def main(argv: list[str]) -> int:
    """Tidy each file; returns the exit status."""
    given = fmt_parser().parse_args(argv)
    printer = Printer(sys.stdout, sys.stderr)
    status = Exit.DONE
    for name in given.files:
        try:
            recipe = read_stdin() if name == STDIN else read_recipe(Path(name))
            text = tidy(recipe)
            is_changed = text != recipe.text
            if given.diff:
                _show(recipe, text)
            elif not given.check:
                _put(name, text, is_changed=is_changed, printer=printer)
            elif is_changed:
                printer.say(f"{recipe.file}: would be changed")
        except NepishellError as problem:
            caret = f"\n{problem.caret}" if isinstance(problem, RecipeError) else ""
            printer.say(f"{problem}{caret}")
            status = Exit.USAGE
        else:
            if given.check and is_changed and status is Exit.DONE:
                status = Exit.FAILED
    return status


def _show(recipe: Recipe, text: str) -> None:
    sys.stdout.writelines(
        unified_diff(
            recipe.text.splitlines(keepends=True),
            text.splitlines(keepends=True),
            recipe.file,
            f"{recipe.file}, tidied",
        )
    )


def _put(name: str, text: str, *, is_changed: bool, printer: Printer) -> None:
    if name == STDIN:
        sys.stdout.write(text)
    elif is_changed:
        replace_file(Path(name), text)
        printer.say(f"{name}: changed")


def replace_file(path: Path, text: str) -> None:
    """Give a file another text, whole or not at all; its mode stays. Raises NepishellError."""
    # a link to a recipe stays a link
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None
    finally:
        beside.unlink(missing_ok=True)
