"""A lab of Kathará: `lab.conf` says who is on which domain, `NAME.startup` what runs there."""

import re
import shlex
from pathlib import Path

from nepishell.replay.foreign.network import End, Network
from nepishell.replay.foreign.programs import act
from nepishell.replay.foreign.source import Source, read_source

CONF, STARTUP, SHUTDOWN = "lab.conf", ".startup", ".shutdown"
_LINE = re.compile(
    r"\s*([^\s\[\]=]+)\[([^\[\]=\s]+)\]\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'#]+)\s*(?:#.*)?"
)
_ABOUT = re.compile(r"\s*LAB_\w+\s*=")
_USE = 'write it as in pc1[0]="A"'

#: domain -> (its ends, the line that named it first)
_Domains = dict[str, tuple[list[End], int]]


def read(path: Path) -> Network:
    """The network of a lab folder, or of its lab.conf; raises RecipeError."""
    conf = path / CONF if path.is_dir() else path
    source = read_source(conf)
    network = Network(source, "Kathará")
    domains: _Domains = {}
    for number, line in source.lines():
        text = line.strip()
        if not text or text.startswith("#") or _ABOUT.match(line):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise source.wrong(number, f"this says nothing about a device; {_USE}")
        _device(network, domains, found, number)
    if not network.hosts:
        raise source.wrong(1, f"no devices; {_USE}")
    _connect(network, domains)
    for label in network.hosts:
        network.hosts[label].routes |= sum(1 for _ in network.ends_of(label)) > 1
    _started(network, conf.parent)
    return network


def _device(network: Network, domains: _Domains, found: re.Match[str], number: int) -> None:
    name, what, value = found[1], found[2], found[3].strip("\"'")
    label = network.add_host(name, number)
    if not (what.isascii() and what.isdecimal()):
        network.leave(number, f"{what} of {name}: {value}")
        return
    domain, _, mac = value.partition("/")
    if not domain:
        column = found.start(3) + 1
        raise network.source.wrong(number, "a collision domain is missing", column)
    ends, _ = domains.setdefault(domain, ([], number))
    port = f"eth{int(what) if len(what) < 5 else what}"
    twice = any(end.node == label and end.name == port
                for others, _ in domains.values() for end in others)  # fmt: skip
    if twice or any(end.node == label for end in ends):
        again = f"interface {what} of {name}" if twice else f"{name} in {domain}"
        raise network.source.wrong(number, f"{again} is there twice", found.start(1) + 1)
    ends.append(End(label, port, mac=mac))


def _connect(network: Network, domains: _Domains) -> None:
    order = {label: number for number, label in enumerate(network.hosts)}
    for domain, (ends, line) in domains.items():
        if len(ends) == 2:
            network.connect(ends[0], ends[1], line)
            continue
        name = domain if domain not in order else f"lan-{domain}"
        switch = network.add_switch(name, line)
        for end in ends:
            network.connect(end, End(switch), line)


def _started(network: Network, folder: Path) -> None:
    """What the startup scripts of the devices do."""
    for name in ("shared.startup", "shared.shutdown", "lab.dep"):
        if (folder / name).is_file():
            network.leave(0, name)
    for name, label in network.names():
        if "/" in name or name in (".", ".."):
            continue
        for ending in (STARTUP, SHUTDOWN):
            path = folder / f"{name}{ending}"
            if path.is_file() and ending == STARTUP:
                _script(network, label, read_source(path))
            elif path.is_file():
                network.leave(0, f"{path.name}")
        if (folder / name).is_dir():
            network.leave(0, f"the files in {name}/")


def _script(network: Network, label: str, script: Source) -> None:
    conf, network.source = network.source, script
    for number, line in script.lines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            words = shlex.split(text, comments=True)
        except ValueError:
            words = []
        simple = not any(char in text for char in ";|&`$(<")
        if not words or not simple or not act(network, label, words, number):
            network.leave(number, f"what runs on {label}: {text}")
    network.source = conf
