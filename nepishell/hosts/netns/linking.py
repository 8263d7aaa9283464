"""What a controller can ask about links, in the words of the wire.

Loaded by the keeper with the first such request, so that a lab of switches starts faster.
"""

import json
import os
import socket
import subprocess
from collections.abc import Callable, Collection
from importlib import import_module
from typing import TYPE_CHECKING

from nepishell.hosts.netns import barestart
from nepishell.hosts.netns.building import Builder, End, PortFields
from nepishell.hosts.netns.cables import Cable, Cables
from nepishell.hosts.netns.shapes import Fields, from_fields, to_fields

if TYPE_CHECKING:
    from nepishell.hosts.netns.trunks import Trunks

_TRUNKS = "nepishell.hosts.netns.trunks"
_PROBER = "nepishell.hosts.netns.prober"
_ANSWER_MAX = 1 << 14

#: Call the function whenever the descriptor is readable, from now on.
Listen = Callable[[int, Callable[[], None]], None]
#: (token, forward, backward), or (token, None, why not)
Measured = Callable[[int, object, object], None]


class Linking:
    """The links of one lab, and the process that measures them."""

    def __init__(self, builder: Builder, listen: Listen, report: Measured) -> None:
        self._builder = builder
        self._cables = Cables(builder)
        self._trunks_made: Trunks | None = None
        self._listen = listen
        self._report = report
        self._prober: subprocess.Popen[bytes] | None = None
        self._to_prober: socket.socket | None = None
        self._awaited: set[int] = set()
        self.by_name: dict[str, Callable[..., object]] = {
            "add_link": self._add,
            "set_shape": self._set_shape,
            "remove_link": self._cables.remove,
            "measure": self._measure,
            "queues": self._cables.queues,
            "losses": self._cables.losses,
            "underlay": lambda remote: self._trunks.underlay(remote),
            "add_half": self._add_half,
            "set_half": self._set_half,
            "remove_half": lambda name: self._trunks.remove_half(name),
            "add_trunk": lambda *fields: self._trunks.add_trunk(*fields),
            "remove_trunk": lambda switch: self._trunks.remove_trunk(switch),
        }

    @property
    def _trunks(self) -> "Trunks":
        if self._trunks_made is None:
            # most labs are on one machine
            self._trunks_made = import_module(_TRUNKS).Trunks(self._builder, self._cables)
        return self._trunks_made

    @property
    def pids(self) -> list[int]:
        """Our own processes beside the keeper."""
        own = [self._prober.pid] if self._prober else []
        return own + self._cables.relay_pids

    def listed(self) -> dict[str, tuple[str, str, list[object]]]:
        """name -> (what carries it, why, its ends) of each link between two hosts that are here."""
        return {
            cable.name: (cable.engine, cable.why, [cable.a.fields(), cable.b.fields()])
            for cable in self._cables
        }

    def remove_of(self, hosts: Collection[str]) -> None:
        """Remove every link that ends in one of *hosts*."""
        self._cables.remove_of(hosts)
        if self._trunks_made is not None:
            self._trunks_made.remove_of(hosts)

    def close(self) -> None:
        """End our own processes; the devices are the builder's to remove."""
        self._cables.close()
        if self._prober and self._to_prober:
            self._to_prober.close()
            # one that is amid a measurement would take its time
            self._prober.kill()
            self._prober.wait()

    def _add(
        self,
        name: str,
        a: PortFields,
        b: PortFields,
        forward: Fields,
        backward: Fields,
        seed: int,
        engine: str,
    ) -> tuple[str, str]:
        shapes = from_fields(forward), from_fields(backward)
        return self._cables.add(Cable(name, (End(*a), End(*b)), shapes, seed, engine))

    def _set_shape(self, name: str, forward: Fields, backward: Fields) -> tuple[str, str]:
        return self._cables.set_shape(name, from_fields(forward), from_fields(backward))

    def _add_half(
        self,
        name: str,
        end: PortFields,
        out: Fields,
        back: Fields,
        seed: int,
        engine: str,
        tunnel: tuple[int, str, str],
    ) -> tuple[str, str]:
        trunks = import_module(_TRUNKS)
        half = trunks.Half(name, End(*end), trunks.Tunnel(*tunnel), seed, engine)
        return self._trunks.add_half(half, from_fields(out), from_fields(back))

    def _set_half(self, name: str, out: Fields, back: Fields) -> tuple[str, str]:
        return self._trunks.set_shape(name, from_fields(out), from_fields(back))

    def _measure(self, token: int, name: str) -> None:
        """Begin to measure; the result is reported under *token*."""
        cable = self._cables.cable(name)
        request = {
            "id": token,
            "engine": cable.engine,
            "forward": to_fields(cable.forward),
            "backward": to_fields(cable.backward),
        }
        to_prober = self._start_prober()
        a, b = self._cables.probe_sockets(name)
        with a, b:
            socket.send_fds(to_prober, [json.dumps(request).encode()], [a.fileno(), b.fileno()])
        self._awaited.add(token)

    def _start_prober(self) -> socket.socket:
        if self._to_prober is not None:
            return self._to_prober
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._prober = subprocess.Popen(
                barestart.command(_PROBER, str(theirs.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env=os.environ,
                cwd="/",
            )
        self._to_prober = ours
        self._listen(ours.fileno(), self._take_result)
        return ours

    def _take_result(self) -> None:
        assert self._to_prober is not None  # it is what became readable
        try:
            data = self._to_prober.recv(_ANSWER_MAX)
        except ConnectionResetError:
            # killed with requests unread
            data = b""
        if data:
            answer = json.loads(data)
            self._awaited.discard(answer["id"])
            self._report(answer["id"], answer["forward"], answer["backward"])
            return
        self._to_prober.close()
        self._to_prober = None
        for token in self._awaited:
            self._report(token, None, "the measuring process has died")
        self._awaited.clear()
