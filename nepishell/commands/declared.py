"""Our commands: importing this module declares them, in the order of this list.

A few draw in much, and are not what an experiment begins with: they come when a line is not
understood without them, and at a prompt right after it is shown.
"""

from functools import cache
from importlib import import_module

# the types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401  isort: skip
from nepishell.commands import (  # noqa: F401
    blocks,
    conditions,
    design,
    expecting,
    following,
    later,
    look,
    marking,
    opening,
    options,
    parameters,
    plan,
    programs,
    run,
    runs,
    sampling,
    session,
    sharing,
    thresholds,
    timeline,
    traces,
    typed_lines,
    undo,
    waiting,
    watching,
    why,
)
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import commands

#: Modules of this room that come late.
LATE = (
    "apropos",
    "bundles",
    "charts",
    "comparing",
    "explain",
    "past_why",
    "plot",
    "pool",
    "recipe_saving",
    "saving",
    "topology",
    "tour",
)


@cache
def first_grammar() -> Grammar:
    """The grammar of what a prompt begins with, compiled at first use."""
    return compile_grammar(commands)


@cache
def our_grammar() -> Grammar:
    """The grammar of all our commands, compiled at first use."""
    for name in LATE:
        import_module(f"nepishell.commands.{name}")
    return compile_grammar(commands)
