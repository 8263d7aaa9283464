"""Exit statuses, which scripts depend on."""

from nepishell.batch.exits import Exit


def test_exit_statuses_stay_as_they_are() -> None:
    assert {each.name: each.value for each in Exit} == {
        "DONE": 0,
        "FAILED": 1,
        "USAGE": 2,
        "TIMEOUT": 3,
        "HANGUP": 129,
        "INTERRUPTED": 130,
        "PIPE": 141,
        "TERMINATED": 143,
    }
