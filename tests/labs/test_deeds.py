"""What counts of what was done, in order."""

from nepishell.commands.declared import our_grammar
from nepishell.labs.deeds import Deed, Deeds


def done(*lines: str) -> list[Deed]:
    deeds = Deeds()
    known = our_grammar().commands
    for line in lines:
        deeds.add(line, known[line.split()[0] if line.split()[0] in known else "node"])
    return list(deeds)


def test_looking_is_no_deed() -> None:
    assert done("list", "add netns::Node h1", "wait 2s") == [
        Deed("line", "add netns::Node h1"),
        Deed("line", "wait 2s"),
    ]


def test_what_was_undone_is_left_out_and_what_ran_stays() -> None:
    assert done("add netns::Node h1", "add netns::Node h2", "deploy", "undo 2", "redo") == [
        Deed("line", "deploy"),
        Deed("line", "add netns::Node h1"),
    ]


def test_a_check_holds_for_the_first_time_once() -> None:
    deeds = Deeds()
    deeds.held("a")
    deeds.held("a")

    assert list(deeds) == [Deed("held", "a")]


def test_a_pause_counts_only_when_it_lasts() -> None:
    deeds = Deeds()
    deeds.paused(0.1)
    deeds.paused(2.04)
    deeds.paused(4000)

    assert list(deeds) == [Deed("pause", "2.0"), Deed("pause", "60.0")]
