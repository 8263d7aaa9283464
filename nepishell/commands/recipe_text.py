"""The effective recipe of a run as the text of a file; each line says when it was done."""

from nepishell.commands.deeds import read_deeds
from nepishell.commands.effective import Effective, Line
from nepishell.journal.runs import Run

#: Columns after which a line says when it was done.
_MARGIN = 60


def recipe_text(run: Run, *, timed: bool = False, mark: str = "") -> tuple[str, int]:
    """The effective recipe of *run*, and how many lines of it do something.

    Each says in a comment when it was done. Raises NepishellError.
    """
    effective = Effective(read_deeds(run.records()), timed=timed, mark=mark)
    lines = list(effective.lines())
    head = [f"# what was done in run {run.run_id} of {run.exp_id}"]
    if mark:
        head.append("# from a mark on: what was described before it must be there already")
    if effective.wanted:
        head.append("# what was secret is not in it: give it with --param NAME=VALUE")
        head += [f"param {name}" for name in effective.wanted]
    return "\n".join([*head, "", *map(_stamped, lines), ""]), len(lines)


def _stamped(line: Line) -> str:
    return f"{line.text:<{_MARGIN}}  # t+{line.at:.3f}s"
