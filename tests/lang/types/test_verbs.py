"""Types that speak of the language itself."""

import pytest

from nepishell.lang.errors import Bad
from nepishell.lang.names import Names
from nepishell.lang.types.verbs import RestType, VerbType
from nepishell.lang.view import StaticView


def test_a_verb_is_a_first_word_of_the_grammar(view: StaticView) -> None:
    kind = VerbType()
    kind.verbs = Names(["deploy", "list"])

    assert kind.parse(view, {}, "list") == "list"
    assert kind.example(view, {}) == "deploy"
    with pytest.raises(Bad, match="no command 'depoly'"):
        kind.parse(view, {}, "depoly")


def test_the_rest_of_a_line_takes_any_word_and_offers_host_names(view: StaticView) -> None:
    assert RestType().partial(view, {}, "--anything")
    assert [each.text for each in RestType().complete(view, {}, "h", 9)] == ["h1", "h2"]
    assert list(RestType().complete(view, {}, "", 9)) == []
