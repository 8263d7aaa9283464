"""The one lab of a run: begun in an empty experiment, found again by whoever types in that run."""

from nepishell.commands.context import Context
from nepishell.core.errors import NepishellError
from nepishell.labs.parts import Lab
from nepishell.labs.remembering import FILE, load, recall, variant_in
from nepishell.labs.session import FOLDER, Session
from nepishell.labs.shelf import find_lab
from nepishell.labs.variants import Variant

_KEY = "nepishell.labs"


class _Seat:
    """The place of a run for the session of its lab."""

    session: Session | None = None

    def close(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None


def session_of(ctx: Context) -> Session:
    """The lab that was started in this run; raises NepishellError when there is none."""
    seat = _seat(ctx)
    if seat.session is None:
        state = load(ctx.ec.run_dir / FOLDER / FILE)
        if state is None:
            raise NepishellError("no lab was started; see 'lab list', then 'lab start NAME'")
        lab = find_lab(state["lab"])
        seat.session = Session(ctx, lab, variant_in(lab, state))
        recall(seat.session, state)
    seat.session.hear(ctx)
    return seat.session


def open_session(ctx: Context, lab: Lab, variant: Variant) -> Session:
    """A session in an experiment that is empty; raises NepishellError in one that is not."""
    seat = _seat(ctx)
    if seat.session is not None:
        raise NepishellError(f"lab {seat.session.lab.id} goes on; 'lab reset' begins it anew")
    if ctx.ec.resources:
        raise NepishellError("a lab begins with an empty experiment: start a new nepishell for it")
    seat.session = Session(ctx, lab, variant)
    return seat.session


def _seat(ctx: Context) -> _Seat:
    return ctx.ec.shared(_KEY, _Seat)
