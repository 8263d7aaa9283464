"""All our commands: importing this module declares them, in the order of this list."""

from functools import cache

# the types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401  isort: skip
from nepishell.commands import (  # noqa: F401
    apropos,
    blocks,
    bundles,
    charts,
    comparing,
    conditions,
    design,
    expecting,
    explain,
    following,
    later,
    look,
    marking,
    opening,
    options,
    parameters,
    past_why,
    plan,
    plot,
    pool,
    programs,
    recipe_saving,
    run,
    runs,
    sampling,
    saving,
    session,
    sharing,
    thresholds,
    timeline,
    topology,
    tour,
    traces,
    typed_lines,
    undo,
    waiting,
    watching,
    why,
)
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import commands


@cache
def our_grammar() -> Grammar:
    """The grammar of all commands, compiled at first use."""
    return compile_grammar(commands)
