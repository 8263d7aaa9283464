"""Lines of a journal are read as they were meant, and keep no secret."""

from nepishell.commands.rereading import Rereader
from tests.commands.typist import typist


def test_a_number_becomes_the_name_that_the_resource_has_in_the_end(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node", "add test::Node two", "stop 1", "label two zwei")
        deeds = session.deeds()
        rereader = Rereader(deeds)
        for deed in deeds.done[:2]:
            for event in deed.events:
                rereader.note(event)
        call = rereader.read("stop 1,two")
        assert call is not None
        assert rereader.spell(call) == "stop node1,zwei"
        assert rereader.read("stop three") is None


def test_a_secret_becomes_a_parameter(tmp_path):
    with typist(tmp_path) as session:
        session("add test::Node n")
        rereader = Rereader(session.deeds())
        assert rereader.value(1, "password", "(hidden)") == "${n_password}"
        assert rereader.without_secrets("set n password=****") == "set n password=${secret2}"
        assert list(rereader.wanted) == ["n_password", "secret2"]
        assert rereader.value(1, "word", "two words") == "'two words'"
