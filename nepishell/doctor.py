"""`nepishell doctor`: what this machine can do, one line per fact, and what would install the rest.

Whether namespaces and links work is not guessed from versions: a child process makes a scratch
namespace and tries, as a lab would. Exit status 0 when the quickstart can run here.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nepishell.hosts.netns.engines import probe_kernel
from nepishell.hosts.netns.namespaces import open_core
from nepishell.hosts.netns.permission import explain

OLDEST_PYTHON = (3, 11)
#: command -> (Debian package, what it is for)
TOOLS = {
    "ping": ("iputils-ping", "linux::Ping, and `h1 ping h2`"),
    "traceroute": ("traceroute", "linux::Traceroute"),
    "tcpdump": ("tcpdump", "linux::Tcpdump"),
    "iperf3": ("iperf3", "linux::Iperf3Server and linux::Iperf3Client"),
    "sshd": ("openssh-server", "this machine as somebody's host by SSH"),
}
#: an ordinary user's PATH may lack the folders of tcpdump and sshd
SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
#: a kernel setting -> (the value that forbids user namespaces, what allows them)
USER_NAMESPACES = {
    "user/max_user_namespaces": ("0", "user.max_user_namespaces=10000"),
    "kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that this machine has or lacks, what it is for, and the command that adds it."""

    name: str
    ok: bool
    found: str
    use: str
    fix: str = ""
    needed: bool = False  # by the quickstart


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the scratch namespace allowed; *refusal* says why there was none."""

    refusal: str = ""
    netem: bool = False
    tbf: bool = False
    packet: bool = False


def as_root(command: str) -> str:
    """*command* as the present user has to type it."""
    return command if os.geteuid() == 0 else f"sudo {command}"


def python_fact() -> Fact:
    """The interpreter that runs this."""
    return Fact(
        name="python",
        ok=sys.version_info >= OLDEST_PYTHON,
        found=platform.python_version(),
        use=f"{'.'.join(map(str, OLDEST_PYTHON))} or newer",
        needed=True,
    )


def kernel_fact() -> Fact:
    """The kernel; only Linux has what a lab is made of."""
    return Fact(
        name="kernel",
        ok=platform.system() == "Linux",
        found=f"{platform.system()} {platform.release()}",
        use="Linux",
        needed=True,
    )


def lab_facts(probe: Probe) -> list[Fact]:
    """Namespaces and what links can be made of, as tried in the scratch namespace."""
    who = "as root" if os.geteuid() == 0 else "as an ordinary user"
    slow = [name for name, can in (("netem", probe.netem), ("relay", probe.packet)) if can]
    return [
        Fact(
            name="namespaces",
            ok=not probe.refusal,
            found=probe.refusal or who,
            use="netns::Node: hosts on this machine",
            needed=True,
        ),
        Fact(
            name="slow links",
            ok=bool(slow),
            found=f"carried by {slow[0]}" if slow else "neither netem nor packet sockets",
            use="delay, jitter, loss of a netns::Link",
            needed=True,
        ),
        Fact(
            name="netem",
            ok=probe.netem,
            found="in the kernel" if probe.netem else "not in the kernel: the relay does its work",
            use="links at the speed of the kernel",
            fix="" if probe.netem or not has_module("sch_netem") else as_root("modprobe sch_netem"),
        ),
        Fact(
            name="tbf",
            ok=probe.tbf,
            found="in the kernel" if probe.tbf else "not in the kernel: the relay does its work",
            use="links of which only the rate is limited",
        ),
    ]


def has_module(name: str) -> bool:
    """Whether the running kernel could load the module *name*."""
    index = Path("/lib/modules", platform.release(), "modules.dep")
    try:
        return f"/{name}.ko" in index.read_text()
    except OSError:
        return False


def user_namespaces_fact(read: Callable[[str], str]) -> Fact:
    """Whether the kernel's settings let ordinary users have labs; *read* gives a setting or ''."""
    forbidding = [
        (name, allow) for name, (bad, allow) in USER_NAMESPACES.items() if read(name) == bad
    ]
    fix = "; ".join(as_root(f"sysctl -w {allow}") for _, allow in forbidding)
    names = ", ".join(name.replace("/", ".") for name, _ in forbidding)
    return Fact(
        name="user namespaces",
        ok=not forbidding,
        found=f"forbidden by {names}" if forbidding else "allowed",
        use="labs without root",
        fix=fix,
    )


def read_setting(name: str) -> str:
    """A kernel setting from /proc/sys, '' where there is none."""
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return ""


def tool_facts(which: Callable[[str], str | None]) -> list[Fact]:
    """The programs that applications start."""
    facts = []
    for name, (package, use) in TOOLS.items():
        path = which(name)
        facts.append(
            Fact(
                name=name,
                ok=path is not None,
                found=path or "not installed",
                use=use,
                fix="" if path else as_root(f"apt-get install -y {package}"),
                needed=name == "ping",
            )
        )
    return facts


def find_tool(name: str) -> str | None:
    """Where *name* is, also in the folders that only root's PATH has."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *SBIN]))


def recipes_fact() -> Fact:
    """Where the recipes that ship are: in the package, or in the checkout beside it."""
    package = Path(__file__).resolve().parent
    folders = [package / "share" / "recipes", package.parent / "recipes"]
    found = next((folder for folder in folders if folder.is_dir()), None)
    return Fact(
        name="recipes",
        ok=found is not None,
        found=str(found) if found else "not found",
        use="experiments to begin with",
    )


def probe_lab() -> Probe:
    """Try in a child process: this one must not leave its own namespaces."""
    done = subprocess.run(
        [sys.executable, "-m", "nepishell.doctor", "--probe"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        return Probe(refusal=said[-1] if said else f"exit status {done.returncode}")
    return Probe(**json.loads(done.stdout))


def try_lab() -> Probe:
    """What a scratch namespace allows; this process is in it afterwards."""
    try:
        open_core(os.devnull)
        can = probe_kernel()
    except OSError as problem:
        return Probe(refusal=explain(problem))
    return Probe(netem=can.netem, tbf=can.tbf, packet=can.packet)


def facts() -> list[Fact]:
    """All of them, in the order in which a person would ask."""
    return [
        python_fact(),
        kernel_fact(),
        *lab_facts(probe_lab()),
        user_namespaces_fact(read_setting),
        *tool_facts(find_tool),
        recipes_fact(),
    ]


def lines(found: Sequence[Fact]) -> list[str]:
    """One line per fact, then the commands that add what is missing."""
    name_width = max(len(fact.name) for fact in found)
    found_width = max(len(fact.found) for fact in found)
    text = [
        f"{'✓' if fact.ok else '✗'} {fact.name:{name_width}}  {fact.found:{found_width}}"
        f"  {fact.use}".rstrip()
        for fact in found
    ]
    fixes = install_commands(found)
    return text + ([""] + [f"to add what is missing: {fix}" for fix in fixes] if fixes else [])


def install_commands(found: Sequence[Fact]) -> list[str]:
    """The commands of all facts, packages of one tool in one command."""
    install = as_root("apt-get install -y ")
    packages = [fact.fix.removeprefix(install) for fact in found if fact.fix.startswith(install)]
    others = [fact.fix for fact in found if fact.fix and not fact.fix.startswith(install)]
    return ([install + " ".join(packages)] if packages else []) + others


def can_quickstart(found: Sequence[Fact]) -> bool:
    """Whether nothing that the quickstart needs is missing."""
    return all(fact.ok for fact in found if fact.needed)


def _write(text: str) -> None:
    # a terminal of another encoding gets '?' for a mark, not a traceback
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Print what this machine can do; 0 when the quickstart can run here, 1 otherwise."""
    parser = argparse.ArgumentParser(
        prog="nepishell doctor", description="Say what this machine can do for experiments."
    )
    parser.add_argument("--json", action="store_true", help="one array of objects")
    parser.add_argument("--probe", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.probe:
        _write(json.dumps(asdict(try_lab())))
        return 0
    found = facts()
    if options.json:
        _write(json.dumps([as_record(fact) for fact in found], ensure_ascii=False))
    else:
        for line in lines(found):
            _write(line)
    return 0 if can_quickstart(found) else 1


def as_record(fact: Fact) -> Mapping[str, object]:
    """The fact as `--json` shows it: name, ok, found, use, fix, needed."""
    return asdict(fact)


if __name__ == "__main__":
    raise SystemExit(main())
