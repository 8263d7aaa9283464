"""The kinds of checks, and which fields of lab.toml each takes: a table, for readers and people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Fields that a check of this kind must have, and those that it may have."""

    help: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them."""
        return self.needs + self.may


KINDS = {
    "reach": Kind("a node gets an answer from another one, or from an address",
                  ("from", "to")),
    "not_reach": Kind("a node gets no answer from there", ("from", "to")),
    "route": Kind("how a node sends packets to a network or address: the next hop, the interface",
                  ("on", "dst"), ("via", "dev")),
    "iface": Kind("a node has an interface that has an address (10.0.0.1/24), is up, has an MTU",
                  ("on",), ("name", "address", "up", "mtu")),
    "link": Kind("what was declared of a link or another resource: an attribute is so",
                 ("of", "attr", "is")),
    "state": Kind("resources are in a state", ("of", "is")),
    "trace": Kind("a trace has text that fits a regular expression", ("of", "pattern"), ("trace",)),
    "metric": Kind("a number of a resource (probe.rtt.p95) is in a range (35ms..60ms, 20ms+-10%)",
                   ("of", "is")),
    "answer": Kind("what the student answers to a question: 'is', or 'hash', by the answer's text",
                   ("question",), ("is", "hash")),
    "command": Kind("a program on a node ends with a status and writes what fits a pattern",
                    ("on", "run"), ("pattern", "status")),
}  # fmt: skip

#: Fields that a check of any kind may have.
COMMON = ("kind", "id", "title", "within", "points", "when")
