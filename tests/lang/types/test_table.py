"""The table of argument types."""

import pytest

from nepishell.lang.types.table import TYPES

DEPS = {"attr": ("x",), "assignment": ("x",), "trace": ("x",), "value": ("x", "y"),
        "known": ("task",), "choice": ("a", "b")}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_has_a_name_a_style_and_help(name: str) -> None:
    kind = TYPES[name](DEPS.get(name, ()))

    assert kind.style
    assert kind.help
    assert name in (kind.name, "known")
