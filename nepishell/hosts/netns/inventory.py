"""What a keeper that outlived its controller has: asked once, by the controller that takes over."""

from dataclasses import dataclass, field

from nepishell.hosts.netns import wire
from nepishell.hosts.netns.model import Port

#: token, pid, start time, directory where it is recorded
Listed = tuple[int, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A link or a switch: its ends, and of a link what carries it, and why."""

    ends: tuple[Port, ...]
    engine: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Names of what stands, and the processes that run."""

    hosts: frozenset[str] = frozenset()
    switches: dict[str, Standing] = field(default_factory=dict)
    links: dict[str, Standing] = field(default_factory=dict)
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
                "switches": dict(switches),
                "links": dict(links),
                "processes": list(processes),
            }:
                return cls(
                    hosts=frozenset(map(str, hosts)),
                    switches={n: Standing(ends=_ends(ends)) for n, ends in switches.items()},
                    links={name: _link(fields) for name, fields in links.items()},
                    processes=tuple(map(_listed, processes)),
                )
        raise AssertionError(f"not an answer: {answer!r}")


def _link(fields: wire.Json) -> Standing:
    match fields:
        case [str(engine), str(why), ends]:
            return Standing(ends=_ends(ends), engine=engine, why=why)
    raise AssertionError(f"not a link: {fields!r}")


def _ends(fields: wire.Json) -> tuple[Port, ...]:
    match fields:
        case list(ends):
            return tuple(map(_end, ends))
    raise AssertionError(f"not the ends of something: {fields!r}")


def _end(fields: wire.Json) -> Port:
    match fields:
        case [str(host), str(ifname), str(mac), list(addresses), int(mtu), bool(up)]:
            return Port(
                host=host,
                ifname=ifname,
                mac=mac,
                addresses=tuple(map(str, addresses)),
                mtu=mtu,
                up=up,
            )
    raise AssertionError(f"not an end: {fields!r}")


def _listed(entry: wire.Json) -> Listed:
    match entry:
        case [int(token), int(pid), int(started), str(place)]:
            return token, pid, started, place
    raise AssertionError(f"not a process: {entry!r}")
