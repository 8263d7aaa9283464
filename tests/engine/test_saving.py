"""Saving and loading where nobody has told how files look."""

import pytest

from nepishell.core.errors import BadValue, NepishellError
from nepishell.engine.saving import Forms


def test_without_forms_it_says_where_they_come_from() -> None:
    with pytest.raises(NepishellError, match="from nepishell import ExperimentController"):
        Forms.writer({}, "xml")


def test_another_form_names_those_there_are() -> None:
    with pytest.raises(BadValue, match="'txt' is not a form of files; use one of xml, json"):
        Forms.writer({"xml": lambda ec: "", "json": lambda ec: ""}, "txt")
