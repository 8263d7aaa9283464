"""Markdown as a person reads it in a terminal."""

from nepishell.labs.rendering import in_terminal

TEXT = """\
# Addresses

Give **h1** the _first_ address of `10.0.0.0/24`, as
[RFC 1918](https://example.org/1918) says.

- one `a_b_c` item that is long enough to be folded
  into two lines
2. two

```sh
h1 ip   address
```
"""


def test_signs_are_gone_and_code_stands_as_it_is() -> None:
    assert (
        in_terminal(TEXT, 40)
        == """\
Addresses
=========

Give h1 the first address of
`10.0.0.0/24`, as RFC 1918
(https://example.org/1918) says.

- one `a_b_c` item that is long enough
  to be folded into two lines
2. two

    h1 ip   address"""
    )


def test_an_empty_text_is_empty() -> None:
    assert in_terminal("") == ""
