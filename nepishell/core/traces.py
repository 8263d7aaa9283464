"""What a resource records while it runs (NEPI section 6)."""

from dataclasses import dataclass
from enum import StrEnum


class TraceAttr(StrEnum):
    """What to ask of a trace: the whole text, one block, where it is, how long it is."""

    ALL = "all"
    STREAM = "stream"
    PATH = "path"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Trace:
    """A stream that a resource type can produce; *enabled* is what a new resource starts with."""

    name: str
    help: str = ""
    enabled: bool = False
