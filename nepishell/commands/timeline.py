"""Timeline: who was in which state when, as a chart in text, or as a picture in a file."""

from collections.abc import Iterator

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of
from nepishell.commands.writing import save
from nepishell.core.states import ResourceState
from nepishell.lang.folding import fold
from nepishell.lang.registry import LOOK, command
from nepishell.output.gantt import Bar, Span, draw, svg
from nepishell.output.records import Drawing, Records
from nepishell.output.style import Style

COLUMNS = ("resource", "state:state", "begin:duration", "end:duration", "lasted:duration")
_FAILURES = 5


@command("timeline [<targets:guids>]", effects=LOOK, group="look", columns=names_of(COLUMNS))
def timeline(ctx: Context, *, targets: tuple[int, ...] = ()) -> Drawing:
    """Who was in which state when: a chart that fits the terminal, equal rows as one.

    Times are on the clock of the experiment. `timeline > run.png` writes a picture, also as
    SVG or PDF.

    timeline
    timeline probe,load
    """
    return chart(ctx, targets)


@command("timeline save <file:path(.svg,.png,.pdf)> [<targets:guids>]", effects=LOOK, group="look")
def timeline_save(ctx: Context, *, file: str, targets: tuple[int, ...] = ()) -> Note:
    """Write the chart of states into a file, as SVG, PNG or PDF."""
    return save(file, chart(ctx, targets))


def chart(ctx: Context, targets: tuple[int, ...]) -> Drawing:
    """The states of *targets* (none: of all) over time."""
    guids = targets or tuple(ctx.ec.resources)
    until = ctx.ec.clock.now()
    stories = {guid: list(_spans(ctx, guid, until)) for guid in guids}
    # when all is over, the chart ends where the last thing happened, and a little later
    alive = any(ctx.ec.state(g) < ResourceState.STOPPED for g in guids if stories[g])
    if not alive:
        stories = _cut_short(stories)
    records = Records(COLUMNS, [
        (ctx.name(guid), span.state, *_times(span)) for guid in guids for span in stories[guid]
    ], "states")  # fmt: skip
    bars = [Bar(ctx.name(guid), tuple(spans)) for guid, spans in stories.items() if spans]
    failed = [(ctx.name(guid), ctx.ec.failure(guid)) for guid in guids
              if ctx.ec.state(guid) is ResourceState.FAILED]  # fmt: skip
    marks = [mark for mark in ctx.ec.marks if mark[0] <= until] if bars else []
    return Drawing(records, lambda style: _draw(bars, failed, marks, style),
                   lambda: svg(bars, fold, marks))  # fmt: skip


def _times(span: Span) -> tuple[float, float, float]:
    return round(span.begin, 3), round(span.end, 3), round(span.end - span.begin, 3)


def _spans(ctx: Context, guid: int, until: float) -> Iterator[Span]:
    """Its states from the first move on; nothing of what was never deployed."""
    moves = ctx.ec.story(guid)
    ends = [move.at for move in moves[1:]]
    for move, end in zip(moves, [*ends, until], strict=False):
        if move.new is not ResourceState.RELEASED:
            yield Span(move.at, max(end, move.at), move.new)


def _cut_short(stories: dict[int, list[Span]]) -> dict[int, list[Span]]:
    spans = [span for spans in stories.values() for span in spans]
    if not spans:
        return stories
    begin, last = min(span.begin for span in spans), max(span.begin for span in spans)
    released = max((spans[-1].end for spans in stories.values() if spans), default=last)
    end = min(released, last + (last - begin) * 0.05 + 0.001)
    return {
        guid: [span._replace(end=min(span.end, end)) for span in spans]
        for guid, spans in stories.items()
    }


def _draw(
    bars: list[Bar], failed: list[tuple[str, str]], marks: list[tuple[float, str]], style: Style
) -> str:
    if not bars:
        return style.paint("nothing has happened yet", "dim")
    lines = [draw(bars, style, fold, marks)]
    lines += [f"{style.paint(name, 'FAILED')}: {reason}" for name, reason in failed[:_FAILURES]]
    if len(failed) > _FAILURES:
        lines.append(style.paint(f"and {len(failed) - _FAILURES} failures more", "dim"))
    return "\n".join(lines)
