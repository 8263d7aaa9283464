"""A description as JSON."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nepishell.core.errors import BadValue
from nepishell.formats.description import Description
from nepishell.formats.json_form import read, write
from tests.formats.described import FULL, QUICK, descriptions

SCHEMA = json.loads((files("nepishell.formats") / "experiment.schema.json").read_text())
VALID = Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_one_of_everything_comes_back_and_fits_the_schema() -> None:
    text = write(FULL)
    assert read(text) == FULL
    VALID.validate(json.loads(text))


@QUICK
@given(descriptions)
def test_whatever_is_written_comes_back(found: Description) -> None:
    assert read(write(found)) == found


def test_a_resource_is_a_line() -> None:
    lines = write(FULL).splitlines()
    assert sum(line.startswith('{"guid"') for line in lines) == 4


HEAD = '{"format": "nepishell-experiment", "version": 1, "resources": [%s]}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1:1: no JSON"),
        ('{\n"a": 1,}', "line 2:8: no JSON"),
        ('{"a": NaN}', "no JSON: NaN is no number"),
        ("[" * 200_000, "lists in lists"),
        ("[]", r"the file: \[\] is no object"),
        ("{}", '"format" is not "nepishell-experiment"'),
        ('{"format": "nepishell-experiment", "version": 2}', "version 2: this nepishell reads"),
        (HEAD % "7", r"resources\[0\]: 7 is no object"),
        (HEAD % '{"guid": 1}', r"resources\[0\]: 'rtype' is missing"),
        (HEAD % '{"guid": true, "rtype": "a"}', r"resources\[0\]: guid true is not a number"),
        (HEAD % '{"guid": 1e99, "rtype": "a"}', r"resources\[0\]: guid 1e\+99 is not a number"),
        (HEAD % '{"guid": 1, "rtype": "a", "colour": 1}', r'there is no "colour"; known are'),
        (HEAD % '{"guid": 1, "rtype": "a", "state": "UP"}', r'"UP" is not a state'),
        (HEAD % '{"guid": 1, "rtype": "a", "connections": [0]}', r"connections: \[0\] is no list"),
        (HEAD % '{"guid": 1, "rtype": "a", "attributes": {"x": []}}', r"attributes.x: \[\] is no"),
        (
            HEAD % '{"guid": 1, "rtype": "a", "conditions": [{"action": "jump"}]}',
            r'resources\[0\]\.conditions\[0\]: action "jump" is not one of deploy, start, stop',
        ),
        (
            HEAD % '{"guid": 1, "rtype": "a", "conditions": [{"action": "stop", "group": []}]}',
            "waits for nobody",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message) as refused:
        read(text)
    assert "\n" not in str(refused.value)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@QUICK
@given(st.sampled_from(sorted(SCHEMA["$defs"]["resource"]["properties"])), _json)
def test_reader_and_schema_agree_about_what_is_wrong(name: str, value: object) -> None:
    resource = {"guid": 1, "rtype": "a", name: value}
    data = {"format": "nepishell-experiment", "version": 1, "resources": [resource]}
    try:
        read(json.dumps(data))
    except BadValue:
        return
    VALID.validate(data)
