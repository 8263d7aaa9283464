"""Why, asked of the past: what a resource waited for at a moment of the run."""

from dataclasses import replace

from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.commands.opened import looking_at
from nepishell.commands.runs import moment_of, run_of
from nepishell.commands.why import COLUMNS, explained
from nepishell.core.errors import NepishellError
from nepishell.lang.registry import LOOK, command
from nepishell.lang.types.quantities import Instant
from nepishell.output.records import Drawing


@command("why <res:guid> <moment:instant>", effects=LOOK, group="journal", name="why then",
         columns=names_of(COLUMNS))  # fmt: skip
def why_then(ctx: Context, *, res: int, moment: Instant) -> Drawing:
    """Why a resource was in its state at a moment of the past, and what it waited for.

    why probe t+30s
    """
    name, at = ctx.name(res), moment_of(ctx, moment)
    with looking_at(run_of(ctx, ""), at) as (ec, _):
        if ec.get_resource(res) is None:
            raise NepishellError(f"{name} was not there yet at t+{at:g}s; see 'story {name}'")
        return explained(replace(ctx, ec=ec), res, over=True)
