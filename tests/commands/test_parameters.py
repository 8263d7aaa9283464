"""`${name}` in a line."""

import pytest

from nepishell.commands.parameters import UnknownParameter, expand

PARAMETERS = {"delay": "20ms", "n": "3", "text": "two words"}


@pytest.mark.parametrize(
    ("line", "expanded"),
    [
        ("list", "list"),
        ("set wire delay ${delay}", "set wire delay 20ms"),
        ("expect p.rtt.avg 2*${delay}+-${n}ms", "expect p.rtt.avg 2*20ms+-3ms"),
        ('say "it\'s ${text}"', 'say "it\'s two words"'),
        ("exec h1 sh -c 'echo ${HOME}'", "exec h1 sh -c 'echo ${HOME}'"),
        ("say \\${delay}", "say \\${delay}"),
        ("exec h1 echo $n", "exec h1 echo $n"),
    ],
)
def test_parameters_are_replaced_where_no_single_quote_protects_them(line, expanded):
    assert expand(line, PARAMETERS).text == expanded


def test_an_unknown_parameter_says_where_and_what_was_meant():
    with pytest.raises(UnknownParameter, match="no parameter 'dela'; did you mean 'delay'") as info:
        expand("set wire delay ${dela}", PARAMETERS)
    assert (info.value.start, info.value.end) == (15, 22)


def test_what_stands_after_a_parameter_is_found_again_in_the_line_as_typed():
    line = "set wire ${n} x ${delay} y"
    expanded = expand(line, PARAMETERS)
    assert expanded.text == "set wire 3 x 20ms y"
    found = {word: expanded.origin(expanded.text.index(word)) for word in ("wire", " x", " y")}
    assert found == {word: line.index(word) for word in ("wire", " x", " y")}
    assert expanded.origin(expanded.text.index("0ms")) == line.index("${delay}")
