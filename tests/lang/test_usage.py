"""Help that comes from the grammar."""

from nepishell.lang import usage
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import LOOK, RUN, Registry
from nepishell.lang.types.table import TYPES


def make() -> Grammar:
    registry = Registry()

    @registry.command("stop <targets:guids> {(mode:wait|nowait)|after <delay:duration>}",
                      effects=RUN, group="run")  # fmt: skip
    def stop(ctx: object, *, targets: object, mode: str = "", delay: float = 0.0) -> None:
        """Stop resources.

        They stay deployed:
            start brings them back.
        """

    @registry.command("quit", effects=LOOK, group="shell")
    def quit_(ctx: object) -> None:
        """Leave."""

    @registry.command("start", effects=RUN, group="run")
    def start(ctx: object) -> None:
        """Start."""

    return compile_grammar(registry)


def test_help_of_a_command_is_its_usage_its_text_its_arguments_and_an_example() -> None:
    assert usage.help_text(make().commands["stop"], TYPES).splitlines() == [
        "stop <targets> [wait|nowait] [after <delay>]",
        "    Stop resources.",
        "",
        "    They stay deployed:",
        "        start brings them back.",
        "",
        "    <targets>  resources: 3, 3-7, web, web[1-8], linux::*, @FAILED, %g2, all, a,b, all,-a",
        "    <delay>    a duration, as in 250ms, 1.5s, 2m",
        "",
        "    as in: stop all",
    ]


def test_a_command_without_arguments_needs_no_example() -> None:
    assert usage.help_text(make().commands["quit"], TYPES) == "quit\n    Leave."


def test_the_table_of_commands_goes_by_group() -> None:
    assert [(line.group, line.name, line.summary) for line in usage.table(make())] == [
        ("run", "start", "Start."),
        ("run", "stop", "Stop resources."),
        ("shell", "quit", "Leave."),
    ]
