"""Somebody looks again whenever asked, and gives up for what was asked later."""

from threading import Event

from nepishell.labs.watching import Watching


def test_who_is_asked_while_looking_gives_up_and_looks_again() -> None:
    looks, begun, done = [], Event(), Event()

    def look(stopped: Event) -> None:
        looks.append(stopped)
        if len(looks) == 1:
            begun.set()
            stopped.wait()
        else:
            done.set()

    watching = Watching(look)
    watching.soon()
    begun.wait()
    watching.soon()
    done.wait()
    watching.close()

    assert len(looks) == 2


def test_after_the_end_nobody_looks() -> None:
    looks: list[Event] = []
    watching = Watching(looks.append)
    watching.close()
    watching.soon()

    assert looks == []
