"""One relayed link of 2 x 10 ms: round trip, throughput, packets per second, loss.

ping and iperf3 measure where they are installed, our own probes and sockets where not. Seconds
are real: a busy machine shows.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.wire import ADDRESSES, Cable, Wire
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.probeplan import at_least, at_most

DELAY = Shape(delay=0.010)
LOSS = 5.0
SECONDS = 3
ROUNDS, FLOODS, FLOOD_S = 3, 3, 1.5
PINGS = 2000
BOTH_WAYS_MS = 20.0
PORT = 5201


def measure() -> list[Figure]:
    """Everything about one link; each kind of shape on a link of its own."""
    if os.geteuid() != 0:
        return [Figure(name="link", skipped="needs root: run as root, or under `unshare -Urn`")]
    figures = []
    with link(DELAY) as wire:
        figures += round_trip(wire)
        figures.append(replace(throughput(wire, "delay alone"), at_least=1.5))
    figures.append(packets_per_second())
    with link(replace(DELAY, loss=LOSS)) as wire:
        figures.append(lost(wire))
        figures.append(throughput(wire, f"{LOSS:g} % loss each way"))
    with link(replace(DELAY, rate=100e6)) as wire:
        figures.append(throughput(wire, "100 Mbit/s each way"))
    return figures


@contextmanager
def link(shape: Shape) -> Iterator[Wire]:
    """A link of this shape both ways, in use before: neighbours are known."""
    with closing(Wire(shape, shape)) as wire:
        wire.measure()
        if shutil.which("ping"):
            wire.run("a", "ping", "-c", "3", "-i", "0.1", ADDRESSES["b"])
        yield wire


def round_trip(wire: Wire) -> list[Figure]:
    """How far the mean is from 20 ms, and the deviation, in ms: medians of a few rounds."""
    look = pings if shutil.which("ping") else own_probes
    means, deviations = zip(*(look(wire) for _ in range(ROUNDS)), strict=True)
    mean = median(means)
    note = f"{look.__name__.replace('_', ' ')}: mean {mean:.2f} ms"
    error = abs(mean - BOTH_WAYS_MS)
    title = "link 2 x 10 ms:"
    return [
        Figure(name=f"{title} round trip error", unit="ms", ours=error, at_most=0.5, note=note),
        Figure(name=f"{title} deviation", unit="ms", ours=median(deviations), at_most=0.3),
    ]


def pings(wire: Wire) -> tuple[float, float]:
    """Mean and deviation as ping says them, ms."""
    said = wire.run("a", "ping", "-c", "60", "-i", "0.02", "-q", ADDRESSES["b"])
    _, mean, _, deviation = (
        float(text) for text in re.findall(r"[\d.]+", said.splitlines()[-1])[:4]
    )
    return mean, deviation


def own_probes(wire: Wire) -> tuple[float, float]:
    """The same of our own probes, the two ways added up."""
    there, back = wire.measure()
    delay = (there.delay or 0.0) + (back.delay or 0.0)
    return delay * 1e3, ((there.deviation or 0.0) + (back.deviation or 0.0)) * 1e3


def throughput(wire: Wire, what: str) -> Figure:
    """Gbit/s of one TCP connection."""
    if shutil.which("iperf3"):
        end = iperf3(wire)
        return figure_of_tcp(what, end["sum_received"]["bits_per_second"] / 1e9, "iperf3")
    return figure_of_tcp(what, own_tcp(wire) / 1e9, "own sockets")


def figure_of_tcp(what: str, rate: float, note: str) -> Figure:
    return Figure(name=f"link 2 x 10 ms: TCP, {what}", unit="Gbit/s", ours=rate, note=note)


def iperf3(wire: Wire, *options: str) -> dict[str, dict[str, float]]:
    """The "end" of what a client in a says of a server in b."""
    with wire.start("b", "iperf3", "-s", "-1", "--forceflush") as server:
        assert server.stdout is not None
        while "listening" not in server.stdout.readline():
            pass
        argv = ("iperf3", "-c", ADDRESSES["b"], "-t", str(SECONDS), "-J", *options)
        end: dict[str, dict[str, float]] = json.loads(wire.run("a", *argv))["end"]
        server.communicate(timeout=10)
    return end


def own_tcp(wire: Wire) -> float:
    """bit/s from a thread that writes to one that reads."""
    listener = wire.inside("b", socket.create_server, (ADDRESSES["b"], PORT))
    with listener, wire.inside("a", socket.socket) as sender:
        sender.connect((ADDRESSES["b"], PORT))
        receiver, _ = listener.accept()
        stop_at = time.monotonic() + SECONDS
        writer = threading.Thread(target=write_until, args=(sender, stop_at))
        writer.start()
        with receiver:
            count = 0
            buffer = bytearray(1 << 20)
            while size := receiver.recv_into(buffer):
                count += size
        writer.join()
    return count * 8 / SECONDS


def write_until(sender: socket.socket, stop_at: float) -> None:
    """Write as fast as it takes until *stop_at*, then end the stream."""
    block = bytes(1 << 18)
    with suppress(BrokenPipeError):
        while time.monotonic() < stop_at:
            sender.sendall(block)
    sender.shutdown(socket.SHUT_WR)


def packets_per_second() -> Figure:
    """Thousands of small UDP packets a second that come out of the far end, beside C; in turns."""
    figure = Figure(name="link 2 x 10 ms: UDP packets of 64 bytes", unit="kpps")
    ours, theirs = [], []
    for _ in range(FLOODS):
        with link(DELAY) as wire:
            ours.append(flood(wire))
        if shutil.which("cc"):
            theirs.append(flood_through_c())
    figure = replace(figure, ours=median(ours))
    if not theirs:
        return replace(figure, note="no C compiler: nothing to compare with")
    return replace(figure, theirs=median(theirs), peer="C", at_least=0.75)


def flood(cable: Cable) -> float:
    """kpps that arrive in b of what a sends as fast as it can, once the line is full."""
    with cable.inside("a", socket.socket, socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((ADDRESSES["b"], PORT))
        stop_at = time.monotonic() + 0.2
        write_packets_until(sender, stop_at)
        before, started = cable.received("b"), time.monotonic()
        write_packets_until(sender, started + FLOOD_S)
        after, ended = cable.received("b"), time.monotonic()
    return (after - before) / (ended - started) / 1e3


def write_packets_until(sender: socket.socket, stop_at: float) -> None:
    """Send 64 bytes again and again; nobody listens, and the refusals do not matter."""
    block = bytes(64)
    while time.monotonic() < stop_at:
        for _ in range(100):
            with suppress(ConnectionRefusedError):
                sender.send(block)


def flood_through_c() -> float:
    """flood() through a C program that holds each frame for 10 ms."""
    with tempfile.TemporaryDirectory() as directory:
        program = str(Path(directory) / "crelay")
        source = str(Path(__file__).with_name("crelay.c"))
        subprocess.run(["cc", "-O2", "-o", program, source], check=True)
        with closing(Cable()) as cable:
            fds = (cable.a.fileno(), cable.b.fileno())
            argv = [program, *map(str, fds), str(round(DELAY.delay * 1e6))]
            process = subprocess.Popen(argv, pass_fds=fds)
            try:
                return flood(cable)
            finally:
                process.kill()
                process.wait()


def lost(wire: Wire) -> Figure:
    """How likely links of exactly this loss would lose as many: below 0.005 is outside the
    99 % interval."""
    if shutil.which("ping"):
        argv = ("ping", "-c", str(PINGS), "-i", "0.002", "-q", ADDRESSES["b"])
        sent, received = map(
            int, re.findall(r"(\d+)(?: packets)? (?:trans|rec)", wire.run("a", *argv))
        )
        share = 1 - (1 - LOSS / 100) ** 2
        note = "there and back, ping"
    else:
        seen = [way for _ in range(5) for way in wire.measure()]
        sent, received = sum(way.sent for way in seen), sum(way.received for way in seen)
        share, note = LOSS / 100, "one way, own probes"
    gone = sent - received
    return Figure(
        name=f"link with {LOSS:g} % loss each way: likelihood of what was lost",
        ours=min(at_most(gone, sent, share), at_least(gone, sent, share)),
        at_least=0.005,
        note=f"{gone} of {sent} ({gone / sent:.2%} for {share:.2%}; {note})",
    )
