"""Submissions for tests: a lab done on a stage, with a journal, and handed in."""

from collections.abc import Sequence
from pathlib import Path

from nepishell.commands.journaling import open_journal
from nepishell.labs.deeds import LINE, Deed
from nepishell.labs.model import Lab
from nepishell.labs.playing import Stage
from nepishell.labs.submission import submit
from nepishell.labs.variants import Variant

ADDRESS = "h1 ip address add 10.${net}.0.1/24 dev eth0"


def hand_in(
    lab: Lab, variant: Variant, path: Path, lines: Sequence[str] = (ADDRESS,), *,
    word: str = "", claims: Sequence[str] = (),
) -> Path:  # fmt: skip
    """*lines* are done, *word* is answered; *claims* are lines that are only said to be done."""
    with Stage(lab, variant, path.parent / "runs") as stage:
        session = stage.session
        stage.ctx.journal = open_journal(stage.ec, print)
        session.begin()
        for line in lines:
            stage.do(line)
        session.check()
        if word:
            session.next()
            session.answer(session.lab.step("tell").checks[0], word)
        session.deeds._all += [(Deed(LINE, line), False) for line in claims]
        submit(session, path)
    return path
