"""How an error is shown."""

from nepishell.lang.errors import Bad, LangError


def test_in_a_file_it_begins_with_the_place_and_ends_with_a_caret() -> None:
    error = LangError("no command 'depoly'", 2, 6, text="  depoly web")

    assert error.render("star.nepi", 12) == (
        "star.nepi:12:3: no command 'depoly'\n      depoly web\n      ^^^^^^"
    )


def test_at_the_prompt_it_has_no_place_but_the_caret() -> None:
    assert LangError("a quote is not closed", 1, 1, text="a'").render() == (
        "a quote is not closed\n    a'\n     ^"
    )


def test_tabs_do_not_move_the_caret() -> None:
    assert LangError("bad", 1, 1, text="\tx").render() == "bad\n     x\n     ^"


def test_without_a_line_it_is_the_message() -> None:
    assert LangError("bad").render("f", 1) == "f:1:1: bad"


def test_names_that_are_near_are_looked_for_only_when_the_message_is_read() -> None:
    asked: list[int] = []

    def known() -> list[str]:
        asked.append(1)
        return ["deploy"]

    problem = Bad("no 'depoly'", near=("depoly", known))

    assert not asked
    assert str(problem) == "no 'depoly'; did you mean 'deploy'?"


def test_an_error_is_one_line_whatever_it_quotes() -> None:
    assert str(LangError("no command 'it fail\ned'")) == "no command 'it fail\\ned'"
