"""Lines chained to the line before."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.journal.chain import START, BrokenChain, decode, encode

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text().filter(lambda key: key not in ("n", "k", "t", "h")), values))
def test_what_is_encoded_is_decoded(data: dict[str, object]) -> None:
    line, digest = encode(3, "events", 1.25, data, b"before")
    record, again = decode(line, 3, b"before")
    assert (record.number, record.kind, record.at, again) == (3, "events", 1.25, digest)
    assert dict(record.data) == json.loads(json.dumps(data, ensure_ascii=False))


@given(st.integers(0, 200), st.integers(1, 255))
def test_any_byte_that_is_changed_is_found(place: int, change: int) -> None:
    line, _ = encode(1, "command", 0.5, {"line": "set link delay 10ms"}, START)
    altered = bytearray(line)
    altered[place % (len(line) - 1)] ^= change
    with pytest.raises(BrokenChain):
        decode(bytes(altered), 1, START)


def test_a_line_at_another_place_is_found() -> None:
    line, digest = encode(1, "command", 0.0, {}, START)
    with pytest.raises(BrokenChain, match="record 1, it should be 2"):
        decode(line, 2, START)
    with pytest.raises(BrokenChain, match="altered"):
        decode(line, 1, digest)


def test_half_a_line_is_no_line() -> None:
    line, _ = encode(1, "command", 0.0, {}, START)
    with pytest.raises(BrokenChain, match="not a whole line"):
        decode(line[:-4], 1, START)


@pytest.mark.parametrize("at", [-1.0, 1e11, float("nan"), float("inf"), 10**400])
def test_a_time_that_no_run_has_is_refused(at: float) -> None:
    body = json.dumps({"n": 1, "k": "x", "t": at}, separators=(",", ":"))[:-1].encode()
    digest = hashlib.blake2b(START + body, digest_size=12).hexdigest()

    with pytest.raises(BrokenChain):
        decode(body + f',"h":"{digest}"}}\n'.encode(), 1, START)
