"""What stands after a pipe."""

from nepishell.lang.call import Call, Redirect
from nepishell.lang.grammar import Grammar
from nepishell.lang.view import StaticView
from nepishell.lang.walk import parse


def test_stages_and_redirection_belong_to_the_call(grammar: Grammar, view: StaticView) -> None:
    [call] = parse(
        grammar, "list | where state=FAILED rtt > 30ms | sort -rtt | json >> 'a b'", view
    )

    assert call == Call(
        "list",
        {},
        (
            Call("where", {"conditions": (("state", "=", "FAILED"), ("rtt", ">", "30ms"))}),
            Call("sort", {"keys": (("rtt", True),)}),
            Call("json"),
        ),
        Redirect("a b", append=True),
    )
