"""Sample: take a number of a resource now, and write it down where traces are."""

from nepishell.commands.bounds import show_number
from nepishell.commands.context import Context
from nepishell.commands.measures import kind_of
from nepishell.commands.notes import Note, note
from nepishell.core.errors import NepishellError
from nepishell.lang.registry import RUN, command
from nepishell.lang.types.resources import Metric
from nepishell.resources.sampling import Sampling


@command("sample <what:measure>", effects=RUN, group="check")
def sample(ctx: Context, *, what: Metric) -> Note:
    """Take a number now and record it as a trace: of links `qlen`, the packets that wait.

    `expect wire.qlen.max`, `when wire.qlen > 50 ...` and `trace wire qlen` use what was recorded.

    every 100ms while probe STARTED sample wire.qlen
    """
    rm = ctx.rm(what.guid)
    if not isinstance(rm, Sampling):
        raise NepishellError(
            f"{rm.name} is a {rm.rtype}: nothing takes samples of it; what programs measure is in "
            f"their traces"
        )
    value = rm.sample(what.path)
    # nobody waits to see each of many
    name, shown = f"{rm.name}.{what.path}", show_number(value, kind_of(what.path))
    return note("" if ctx.is_later else f"{name} is {shown}", what=name, value=value)
