"""Libraries that not everybody needs."""

import sys

import pytest

from nepishell.core.errors import NepishellError
from nepishell.formats.optional import optional


def test_what_is_installed_is_loaded() -> None:
    assert optional("nepishell.formats.png:png", "pictures", "a PNG") is not None


def test_what_is_missing_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.delitem(sys.modules, "nepishell.formats.png", raising=False)
    with pytest.raises(NepishellError) as refused:
        optional("nepishell.formats.png:png", "pictures", "a PNG")
    assert str(refused.value) == (
        "a PNG needs the package resvg_py; install it: pip install 'nepishell[pictures]'"
    )


def test_a_mistake_of_ours_is_no_missing_package() -> None:
    with pytest.raises(ModuleNotFoundError):
        optional("nepishell.formats.nothing:here", "pictures", "a PNG")
