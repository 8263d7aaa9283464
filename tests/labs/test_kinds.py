"""Each kind of check says what it is, and which fields it takes, each once."""

from nepishell.labs.kinds import COMMON, KINDS


def test_no_kind_takes_a_field_twice() -> None:
    for kind in KINDS.values():
        fields = [*COMMON, *kind.fields]
        assert len(set(fields)) == len(fields)
        assert kind.help
