"""Libraries that not everybody needs: loaded at first use; a missing one says what to type."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from nepishell.core.errors import NepishellError


def load(target: str) -> Callable[..., Any]:
    """The function that "module:name" names, imported now."""
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def optional(target: str, extra: str, what: str) -> Callable[..., Any]:
    """The function "module:name" that needs packages of an *extra* of ours.

    Raises NepishellError that names the extra when a package is not installed; *what*: what is
    impossible without it, as in 'a PNG'.
    """
    try:
        return load(target)
    except ModuleNotFoundError as problem:
        if (problem.name or "nepishell").partition(".")[0] == "nepishell":
            raise  # a mistake of ours
        raise NepishellError(
            f"{what} needs the package {problem.name}; install it: pip install 'nepishell[{extra}]'"
        ) from None
