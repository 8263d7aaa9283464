"""What a keeper that outlived its controller has: asked once, by the controller that takes over."""

from dataclasses import dataclass, field

from nepishell.hosts.netns import wire

#: token, pid, start time, directory where it is recorded
Listed = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Names of what stands, and the processes that run. *links*: name -> (engine, why)."""

    hosts: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    processes: tuple[Listed, ...] = ()

    @property
    def last_token(self) -> int:
        """The largest number that was given to a process."""
        return max((token for token, *_ in self.processes), default=0)

    @classmethod
    def read(cls, answer: wire.Json) -> "Inventory":
        """From the keeper's answer."""
        match answer:
            case {
                "hosts": list(hosts),
                "switches": list(switches),
                "links": dict(links),
                "processes": list(processes),
            }:
                return cls(
                    hosts=frozenset(map(str, hosts)),
                    switches=frozenset(map(str, switches)),
                    links={name: _pair(words) for name, words in links.items()},
                    processes=tuple(map(_listed, processes)),
                )
        raise AssertionError(f"not an answer: {answer!r}")


def _pair(words: wire.Json) -> tuple[str, str]:
    match words:
        case [str(engine), str(why)]:
            return engine, why
    raise AssertionError(f"not an engine: {words!r}")


def _listed(entry: wire.Json) -> Listed:
    match entry:
        case [int(token), int(pid), int(started), str(place)]:
            return token, pid, started, place
    raise AssertionError(f"not a process: {entry!r}")
