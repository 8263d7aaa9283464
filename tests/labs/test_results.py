"""What was seen has a command only where there is one."""

from nepishell.labs.results import Seen


def test_what_could_not_be_looked_at_has_no_command() -> None:
    assert Seen(False, "h1 is STARTED", "there is no 'h1'").command == ""
