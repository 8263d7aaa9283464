"""A journal tells when checks held and how long steps took; what is wrong with it is told."""

from nepishell.commands.journaling import open_journal
from nepishell.labs.evidence import evidence
from nepishell.labs.playing import Stage


def journal_of(stage: Stage) -> str:
    session, ctx = stage.session, stage.ctx
    ctx.journal = open_journal(ctx.ec, print)
    assert ctx.journal is not None
    session._note("start", variant="abc")
    session._note("step", step="address")
    session.fails["address"] = 1
    found = session.hint()
    assert found is not None
    session.take(*found)
    session.next()
    session.answer(session.lab.step("tell").checks[0], session.variant.values["word"])
    ctx.journal.writer.commit()
    return (ctx.ec.run_dir / "journal.jsonl").read_text()


def test_a_journal_tells_how_a_lab_was_done(empty_stage: Stage) -> None:
    found = evidence(journal_of(empty_stage))

    assert (found.fault, found.variants, found.hints) == ("", {"abc"}, {("address", 1)})
    assert set(found.held) == {"word"}
    assert set(found.steps) == {"address", "tell"}
    assert empty_stage.ec.run_id in found.head


def test_a_line_that_was_changed_is_found_and_what_is_before_it_counts(empty_stage: Stage) -> None:
    text = journal_of(empty_stage).replace('"what":"hint"', '"what":"hunt"')

    found = evidence(text)

    assert found.fault.startswith("line 4: ")
    assert found.variants == {"abc"}


def test_no_journal_is_told() -> None:
    assert evidence("").fault == "there is no journal"
    assert evidence("{}\n").fault
