"""From the text of a recipe to statements with places."""

import pytest

from nepishell.replay.reader import Unfinished, read_statements


def read(text):
    return list(read_statements(text.splitlines(keepends=True), "a.nepi"))


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", []),
        ("\n  \n# only words\n", []),
        ("add a::B x", ["add a::B x"]),
        ("list; status ;;quit", ["list", "status", "quit"]),
        ("list # all of them", ["list"]),
        ("say 'a # b; c'", ["say 'a # b; c'"]),
        ('say "a \\" ; b"; list', ['say "a \\" ; b"', "list"]),
        ("exec h1 echo a#b", ["exec h1 echo a#b"]),
        ("set wire \\\n  delay 5ms\nlist", ["set wire     delay 5ms", "list"]),
        ("say 'two\nlines'", ["say 'two\nlines'"]),
        ("list\r\nstatus\r\n", ["list", "status"]),
        ("# a comment may end so \\\nlist", ["list"]),
        ("list | head 5 # few", ["list | head 5"]),
    ],
)
def test_a_text_is_split_where_no_quote_protects_it(text, statements):
    assert [statement.text for statement in read(text)] == statements


def test_a_statement_knows_where_each_of_its_characters_stood():
    _, second, third = read("list\n  status;  get x \\\n   delay\n")
    assert str(second.place()) == "a.nepi:2:3"
    assert str(third.place()) == "a.nepi:2:12"
    delay = third.text.index("delay")
    assert str(third.place(delay)) == "a.nepi:3:4"
    assert third.source_line(third.place(delay)) == "   delay"
    assert third.source_line(third.place()) == "  status;  get x \\"


def test_a_place_inside_a_quote_of_several_lines_is_on_its_own_line():
    (only,) = read("\n\nsay 'a\nbc'")
    assert str(only.place(only.text.index("bc"))) == "a.nepi:4:1"
    assert only.source_line(only.place(only.text.index("bc"))) == "bc'"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("list\nsay 'oh\nno", "the quote ' is never closed", "a.nepi:2:5"),
        ("list \\", "ends in a backslash", "a.nepi:1:6"),
    ],
)
def test_what_is_never_finished_says_where_it_began(text, message, place):
    with pytest.raises(Unfinished, match=message) as caught:
        read(text)
    assert str(caught.value.place) == place


@pytest.mark.parametrize(
    "text",
    ["a  ", "\ta b", "  # c", "a #c", "a#c d", "a; b", "'a", "a \\\nb", "x 'y\nz' w", "#'", "a|b"],
)
def test_what_stands_before_a_line_does_not_change_how_it_is_read(text):
    # a `;` makes the reader look at all of the line
    def found(source):
        try:
            return [(each.text, each.place(), each.lines) for each in read_statements(source, "a")]
        except Unfinished as problem:
            return str(problem), problem.place, problem.line

    lines = text.splitlines()
    shown = found(["list", *lines])
    slow = found(["list;", *lines])
    assert shown if isinstance(shown, tuple) else shown[1:] == slow[1:]
