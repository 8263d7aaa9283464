"""What is written while the screen is somebody else's."""

from nepishell.shell import gate
from nepishell.shell.gate import Gate


def test_inside_it_waits_and_then_comes_in_order() -> None:
    written: list[str] = []
    write = Gate(written.append)
    write("before")
    with write:
        write("first")
        write("second")
        assert written == ["before"]
    write("after")
    assert written == ["before", "first", "second", "after"]


def test_of_too_many_the_last_are_kept_and_the_others_counted() -> None:
    written: list[str] = []
    write = Gate(written.append)
    with write:
        for number in range(gate.KEPT + 3):
            write(str(number))
    assert written[:2] == ["... 3 messages before these, see log.txt", "3"]
    assert len(written) == gate.KEPT + 1
    with write:
        pass
    assert len(written) == gate.KEPT + 1
