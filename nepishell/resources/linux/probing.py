"""What a host is: asked by one script of any POSIX shell, read by a pure function."""

from dataclasses import dataclass
from pathlib import Path

from nepishell.hosts.base import Host

#: One `key=value` a line. Python 3.6 is the oldest that our tools run with.
SCRIPT = r"""
echo alive=yes
printf 'home=%s\n' "$HOME"
printf 'user=%s\n' "$(id -u)"
printf 'path=%s\n' "$PATH"
printf 'kernel=%s\n' "$(uname -sr)"
[ -r /etc/os-release ] && . /etc/os-release && printf 'system=%s\n' "$PRETTY_NAME"
PATH="$PATH:/usr/sbin:/sbin:/usr/local/sbin"
for one in apt-get dnf yum apk pacman zypper; do
    command -v "$one" >/dev/null 2>&1 && { printf 'packager=%s\n' "$one"; break; }
done
for one in python3 /usr/bin/python3 /usr/local/bin/python3 /usr/libexec/platform-python; do
    found=$(command -v "$one" 2>/dev/null) || continue
    "$found" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || continue
    printf 'python=%s\n' "$found"
    break
done
exit 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What was found; '' for what is not there."""

    home: str = ""
    user: int = 0  # numeric id
    kernel: str = ""
    system: str = ""  # the distribution, as it calls itself
    packager: str = ""  # the program that installs packages
    python: str = ""
    path: str = ""  # where it looks for programs
    alive: bool = False

    @property
    def is_root(self) -> bool:
        """Whether commands have all rights."""
        return self.user == 0


def parse_system(text: str) -> System:
    """The answers of SCRIPT; lines that a login script printed are passed over."""
    found = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    user = found.get("user", "")
    return System(
        home=found.get("home", ""),
        user=int(user) if user.isdigit() else -1,
        kernel=found.get("kernel", ""),
        system=found.get("system", ""),
        packager=found.get("packager", ""),
        python=found.get("python", ""),
        path=found.get("path", ""),
        alive="alive" in found,
    )


def probe(host: Host) -> System:
    """Ask *host*; raises HostError."""
    return parse_system(host.run(["sh", "-c", SCRIPT]).stdout)


def home_below(home: str, login_home: str) -> Path:
    """The `home` attribute: absolute, below the login home, or that itself."""
    return Path(login_home) / home.replace("${HOME}", login_home) if home else Path(login_home)
