"""What of a submission may be done again: only what stays inside of its lab.

Hosts of a lab share the files of the machine, so programs are those that configure and measure
networks. A line that reads, writes or runs anything else refuses the submission, or, where an
innocent student may have typed it (`h1 cat FILE`), is left out and named.
"""

import shlex
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from nepishell.lang.call import Call
from nepishell.lang.types.attributes import Assigned


class Verdict(Enum):
    """What becomes of a line."""

    DO = "do"
    SKIP = "skip"
    REFUSE = "refuse"


class Judged(NamedTuple):
    """A verdict and why, ''."""

    verdict: Verdict
    why: str = ""


#: Commands that build, change and wait.
COMMANDS = frozenset({
    "add", "at", "cancel", "connect", "deploy", "disconnect", "discover", "every", "exec",
    "expect exec", "label", "mark", "node", "param", "provision", "redo", "release", "remove",
    "set", "start", "stop", "topology", "trace switch", "undo", "when", "when metric", "when set",
})  # fmt: skip
#: Types of resources that are in a lab, or run on what is in one.
TYPES = frozenset({
    "linux::Application", "linux::Flow", "linux::FlowReceiver", "linux::Iperf3Client",
    "linux::Iperf3Server", "linux::Mtr", "linux::NPing", "linux::Ping", "linux::Tcpdump",
    "linux::Traceroute", "linux::UdpTest",
})  # fmt: skip
_LAB = "netns::"
#: Attributes that bring files along, or run something beside the application.
ATTRIBUTES = frozenset({
    "bins", "build", "code", "depends", "extra", "files", "forwardX11", "install", "libs", "ready",
    "shell", "sources", "stdin", "sudo", "tearDown",
})  # fmt: skip
#: Programs that may run, and words with which they would read, write or run something else.
PROGRAMS: Mapping[str, frozenset[str]] = {
    "ip": frozenset({"netns", "vrf", "exec", "-b", "-batch", "-n", "-netns", "-force"}),
    "bridge": frozenset({"-b", "-batch", "-n", "-netns", "-force"}),
    "tc": frozenset({"-b", "-batch", "-n", "-netns", "-force", "exec", "bpf", "object-file"}),
    "sysctl": frozenset({"-p", "--load", "--system", "-f"}),
    "ss": frozenset({"-D", "--diag", "-F", "--filter", "-N", "--net", "-K", "--kill"}),
    "arp": frozenset({"-f", "--file"}),
    "iperf3": frozenset({"-F", "--file", "--logfile", "-I", "--pidfile", "-D", "--daemon",
                         "--rsa-private-key-path", "--authorized-users-path"}),
    **dict.fromkeys(
        ("ping", "ping6", "traceroute", "tracepath", "mtr", "ethtool", "ifconfig", "route",
         "nstat", "netstat", "hostname", "sleep", "true", "false", "echo"),
        frozenset(),
    ),
}  # fmt: skip
#: Settings of the kernel that a lab may change: those of its own network.
_SYSCTL = "net."
_ENVIRONMENT = ("LD_", "PYTHON", "BASH", "PATH", "ENV", "IFS", "PS4", "PERL", "HOME", "SHELL")


def judge(call: Call) -> Judged:
    """What becomes of a line that means *call*: the worst of all that is in it."""
    found = [Judged(Verdict.DO), *_judged(call)]
    return max(found, key=lambda one: list(Verdict).index(one.verdict))


def _judged(call: Call) -> Iterator[Judged]:
    verb = call.command.split()[0]
    if call.redirect is not None:
        yield Judged(Verdict.REFUSE, f"it writes into the file '{call.redirect.path}'")
    if verb != "wait" and call.command not in COMMANDS:
        yield Judged(Verdict.REFUSE, f"'{call.command}' is not for labs")
    args = call.args
    inner = args.get("line")
    if isinstance(inner, Call):
        yield from _judged(inner)
    if call.command in ("exec", "node", "expect exec"):
        argv = args.get("argv")
        yield _program([str(word) for word in argv] if isinstance(argv, tuple) else [])
    if call.command == "add":
        rtype = str(args.get("rtype", ""))
        if not rtype.startswith(_LAB) and rtype not in TYPES:
            yield Judged(Verdict.REFUSE, f"a {rtype} is not of a lab")
    yield from _settings(args)


def _settings(args: Mapping[str, object]) -> Iterator[Judged]:
    settings: list[tuple[str, Any]] = []
    if "attr" in args:
        settings.append((str(args["attr"]), args.get("value")))
    for given in args.get("settings", ()) or ():  # type: ignore[attr-defined]
        if isinstance(given, Assigned):
            settings.append((given.name, given.value))
    for name, value in settings:
        if name in ATTRIBUTES and value not in (False, "", None):
            yield Judged(Verdict.REFUSE, f"'{name}' reaches out of the lab")
        elif name == "command":
            yield _command(value)
        elif name == "env":
            yield from _environment(value)


def _command(value: object) -> Judged:
    try:
        words = [str(one) for one in value] if isinstance(value, list | tuple) else (
            shlex.split(str(value))
        )  # fmt: skip
    except ValueError:
        return Judged(Verdict.SKIP, "its command cannot be read")
    return _program(words)


def _environment(value: object) -> Iterator[Judged]:
    names = [str(name) for name in value] if isinstance(value, Mapping) else [
        word.partition("=")[0] for word in str(value).split()
    ]  # fmt: skip
    for name in names:
        if name.startswith(_ENVIRONMENT):
            yield Judged(Verdict.REFUSE, f"it sets {name} for a program")


def _program(argv: list[str]) -> Judged:
    name = argv[0] if argv else ""
    if name not in PROGRAMS:
        return Judged(Verdict.SKIP, f"'{name}' is not run at grading")
    words = {word.partition("=")[0] for word in argv[1:]}
    bad = sorted(PROGRAMS[name] & words)
    if bad:
        return Judged(Verdict.REFUSE, f"'{name} {bad[0]}' reaches out of the lab")
    if name == "sysctl":
        keys = [word for word in argv[1:] if not word.startswith("-")]
        if not all(key.replace("/", ".").startswith(_SYSCTL) for key in keys):
            return Judged(Verdict.REFUSE, "it changes settings of the machine")
    return Judged(Verdict.DO)
