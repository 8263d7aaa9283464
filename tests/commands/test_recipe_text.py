"""The text of a saved recipe says what it is of, what it needs, and when each line was done."""

from nepishell.commands.recipe_text import recipe_text
from nepishell.journal.runs import look
from tests.commands import stand
from tests.commands.typist import typist


def test_each_line_says_when_it_was_done(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n", "deploy", after=1.5)
        session.deeds()
        text, count = recipe_text(look(session.ec.run_dir))
        assert count == 2
        assert text.splitlines()[0] == f"# what was done in run {session.ec.run_id} of typed"
        assert [line.split("  #")[1] for line in text.splitlines()[2:]] == [" t+1.500s"] * 2


def test_secrets_are_asked_for_and_never_written(tmp_path):
    stand.register()
    with typist(tmp_path) as session:
        session("add test::Link wire secret=hunter2")
        session.deeds()
        text, _ = recipe_text(look(session.ec.run_dir))
        assert "hunter2" not in text
        assert "param wire_secret\n" in text
        assert "add test::Link wire secret=${wire_secret}" in text
