"""What of a submission may be done again: only what stays inside of its lab.

Hosts of a lab share the files of the machine, so programs are those that configure and measure
networks. A line that reads, writes or runs anything else refuses the submission, or, where an
innocent student may have typed it (`h1 cat FILE`), is left out and named.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from nepishell.engine.resource import ResourceManager
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


class _Program(NamedTuple):
    """What a program may be given. *options*: those; *first*: words, one of which comes first.

    *bad*: words that would lead out of the lab.
    """

    options: re.Pattern[str]
    first: frozenset[str] = frozenset()
    bad: re.Pattern[str] = re.compile(r"(?!)")


_ANY = re.compile(r"-.*")
_NONE = re.compile(r"(?!)")
_IP = re.compile(
    r"-([46jpsdoacrh]|br(ief)?|json|pretty|stats|statistics|details|oneline|color|all)"
)
# iproute2 takes the beginnings of words for them: `ip netn e x COMMAND` runs it
_IP_BAD = re.compile(r"netn?s?|vrf|exec|bpf.*|xdp.*|obj.*|pinned|verbose|-.*(b|n|force).*")
#: Programs that may run: those that configure and measure networks, with what leads no further.
PROGRAMS: Mapping[str, _Program] = {
    "ip": _Program(_IP, frozenset({
        "a", "addr", "address", "r", "ro", "route", "rule", "l", "li", "link", "n", "neigh",
        "neighbor", "neighbour", "maddr", "maddress", "-6", "-4",
    }), _IP_BAD),
    "bridge": _Program(_IP, frozenset({"fdb", "link", "mdb", "vlan"}), _IP_BAD),
    "tc": _Program(_IP, frozenset({"qdisc", "class", "filter"}), _IP_BAD),
    "sysctl": _Program(re.compile(r"-[wneqa]")),
    "ss": _Program(re.compile(r"-[tunlpaimoesrHO46wx0]+")),
    "arp": _Program(re.compile(r"-[nadsv]+")),
    "iperf3": _Program(re.compile(r"-[csputinlPRwMN46CJ1BfObk]\S*")),
    "mtr": _Program(re.compile(r"-[rwbnc46uT]+")),
    "ethtool": _Program(re.compile(r"-[kKiS]")),
    "netstat": _Program(re.compile(r"-[rnatulpie46]+")),
    **dict.fromkeys(("ping", "ping6", "traceroute", "tracepath", "ifconfig", "route"),
                    _Program(_ANY)),
    **dict.fromkeys(("sleep", "true", "false", "echo"), _Program(_NONE)),
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
    name, *words = argv or [""]
    rule = PROGRAMS.get(name)
    if rule is None:
        return Judged(Verdict.SKIP, f"'{name}' is not run at grading")
    for word in words:
        option = word.startswith("-")
        if rule.bad.fullmatch(word) and not (option and rule.options.fullmatch(word)):
            return Judged(Verdict.REFUSE, f"'{name} {word}' reaches out of the lab")
        if option and not rule.options.fullmatch(word):
            return Judged(Verdict.SKIP, f"'{name} {word}' is not run at grading")
    plain = [word for word in words if not word.startswith("-")]
    if rule.first and plain[:1] and plain[0] not in rule.first:
        return Judged(Verdict.SKIP, f"'{name} {plain[0]}' is not run at grading")
    if name == "sysctl" and not all(key.replace("/", ".").startswith(_SYSCTL) for key in plain):
        return Judged(Verdict.REFUSE, "it changes settings of the machine")
    return Judged(Verdict.DO)


def strange(rm: ResourceManager) -> str:
    """Why a resource that a line added is not of a lab, ''; whichever way it came about."""
    if not rm.rtype.startswith(_LAB) and rm.rtype not in TYPES:
        return f"a {rm.rtype} is not of a lab"
    for name in sorted(ATTRIBUTES & rm._attributes.keys()):
        if rm.get(name) != rm._attributes[name].default:
            return f"'{name}' reaches out of the lab"
    return ""
