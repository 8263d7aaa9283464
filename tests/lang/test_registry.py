"""The contract between a declaration and its function."""

from collections.abc import Callable

import pytest

from nepishell.lang.errors import GrammarError
from nepishell.lang.registry import DESIGN, LOOK, Effects, Registry
from nepishell.lang.types.plain import TextType

WRONG: list[tuple[str, Callable[..., None], str]] = []


def wrong(pattern: str, message: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def note(fn: Callable[..., None]) -> Callable[..., None]:
        WRONG.append((pattern, fn, message))
        return fn

    return note


@wrong("a <x:text>", "command 'a' binds 'x', but one() has no such parameter")
def one(ctx: object) -> None:
    """Help."""


@wrong("a", "command 'a': nothing in 'a' binds the parameter 'x'")
def two(ctx: object, x: str = "") -> None:
    """Help."""


@wrong("a [<x:text>]", "command 'a': 'x' may be left out, so the parameter needs a default")
def three(ctx: object, *, x: str) -> None:
    """Help."""


@wrong("a <x:texd>", "command 'a': argument 'x' has no type 'texd'")
def four(ctx: object, *, x: str) -> None:
    """Help."""


@wrong("a <x:attr(y)>", "command 'a': argument 'x' needs 'y', which nothing before it binds")
def five(ctx: object, *, x: str) -> None:
    """Help."""


@wrong("a <x:attr>", "command 'a': argument 'x': type 'attr' takes 1 in parentheses")
def six(ctx: object, *, x: str) -> None:
    """Help."""


@wrong("a", "command 'a' has no help: give seven() a docstring")
def seven(ctx: object) -> None:
    pass


@wrong("a <x:text> <x:text>", "'a <x:text> <x:text>': 'x' is bound twice")
def eight(ctx: object, *, x: str) -> None:
    """Help."""


@wrong("a <x:int(b)>", "command 'a': argument 'x': type 'int': invalid literal for int() with "
                       "base 10: 'b'")  # fmt: skip
def nine(ctx: object, *, x: int) -> None:
    """Help."""


@pytest.mark.parametrize(("pattern", "fn", "message"), WRONG)
def test_a_declaration_that_does_not_fit_names_command_and_argument(
    pattern: str, fn: Callable[..., None], message: str
) -> None:
    with pytest.raises(GrammarError) as caught:
        Registry().command(pattern, effects=LOOK)(fn)

    assert str(caught.value) == message


def test_effects_are_one_of_four() -> None:
    effects: Effects = "look"  # type: ignore[assignment]

    with pytest.raises(GrammarError, match="effects is one of LOOK, DESIGN, RUN, DESTROY"):
        Registry().command("a", effects=effects)(accepted)


def accepted(ctx: object) -> None:
    """Help in one line.

    And more.
    """


def test_a_name_is_declared_once() -> None:
    registry = Registry()
    registry.command("a", effects=LOOK)(accepted)

    with pytest.raises(GrammarError, match="command 'a' is declared twice"):
        registry.command("a", effects=LOOK)(accepted)


def test_a_command_is_named_by_the_words_it_begins_with() -> None:
    registry = Registry()

    @registry.command("show all tasks [<x:text>]", effects=DESIGN, group="look", columns=("a",))
    def show(ctx: object, x: str = "") -> None:
        """Help."""

    @registry.command("<x:label> <y:argv>", effects=LOOK)
    def on(ctx: object, *, x: int, y: tuple[str, ...]) -> None:
        """Help."""

    assert list(registry.commands) == ["show all tasks", "on"]
    assert registry.commands["show all tasks"].fn is show
    assert registry.commands["show all tasks"].columns == ("a",)


def test_the_summary_is_the_first_line_of_the_docstring() -> None:
    registry = Registry()
    registry.command("a", effects=LOOK)(accepted)

    assert registry.commands["a"].summary == "Help in one line."


def test_two_registries_share_nothing() -> None:
    one, other = Registry(), Registry()
    one.command("a", effects=LOOK)(accepted)
    one.add_type("mine", TextType)

    assert not other.commands
    assert "mine" not in other.types


def test_a_type_is_declared_once() -> None:
    with pytest.raises(GrammarError, match="argument type 'text' is declared twice"):
        Registry().add_type("text", TextType)
