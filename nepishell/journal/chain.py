"""One record of a journal as one line: a JSON object whose last member, `h`, chains it to the line
before. Whoever alters, drops or inserts a line breaks the chain from there on. The chain finds
changes; it cannot stop somebody who owns the file from writing a whole new one.
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

#: Of the format; the first line of a journal says it.
VERSION = 1
#: What the first line is chained to.
START = b"nepishell journal"
#: Seconds of a run's clock that are believed: dates of such a run can still be written.
MOST_S = 1e10
_DIGEST_BYTES = 12
_MARK = b',"h":"'
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Record(NamedTuple):
    """A line that was read; *at*: seconds on the run's clock, *data*: the rest of it."""

    number: int
    kind: str
    at: float
    data: Mapping[str, Any]


class BrokenChain(ValueError):
    """A line that is not what was written after the line before it."""


def encode(
    number: int, kind: str, at: float, data: Mapping[str, Any], before: bytes
) -> tuple[bytes, bytes]:
    """The line, newline included, and its digest; *before*: the digest of the line before."""
    head = {"n": number, "k": kind, "t": round(at, 6), **data}
    body = _encode(head)[:-1].encode("utf-8", "backslashreplace")
    digest = blake2b(before + body, digest_size=_DIGEST_BYTES).hexdigest().encode()
    return body + _MARK + digest + b'"}\n', digest


def decode(line: bytes, number: int, before: bytes) -> tuple[Record, bytes]:
    """The record of *line* and its digest; raises BrokenChain, saying what is wrong with it."""
    body, mark, rest = line.rpartition(_MARK)
    digest, end = rest[:-3], rest[-3:]
    if not mark or end != b'"}\n':
        raise BrokenChain("it is not a whole line")
    if blake2b(before + body, digest_size=_DIGEST_BYTES).hexdigest().encode() != digest:
        raise BrokenChain("it is not what was written here: it, or a line before it, was altered")
    try:
        found = json.loads(body + b"}")
    except (ValueError, RecursionError):
        raise BrokenChain("it is no JSON object") from None
    return _record(found, number), digest


def _record(found: Any, number: int) -> Record:
    if not isinstance(found, dict):
        raise BrokenChain("it is no JSON object")
    counted, kind, at = found.pop("n", None), found.pop("k", None), found.pop("t", None)
    if counted != number:
        raise BrokenChain(f"it says that it is record {counted}, it should be {number}")
    if not isinstance(kind, str) or not isinstance(at, int | float):
        raise BrokenChain("it lacks its kind or its time")
    if not 0 <= at <= MOST_S:
        raise BrokenChain("it says a time that no run has")
    return Record(number, kind, float(at), found)
