"""When an application counts as started: at once, or once it shows that it is ready."""

import re
from dataclasses import dataclass
from pathlib import Path

from nepishell.core.attributes import Value
from nepishell.core.errors import BadValue
from nepishell.hosts.base import STDERR, STDOUT, Host

STARTED = "started"
_OUTPUTS = (STDOUT, STDERR)
#: Bytes of an output that are looked at.
_READ = 64 << 20
SCRIPT = Path(__file__).parent.parent / "ready_tool.py"


@dataclass(frozen=True, slots=True)
class Condition:
    """*kind*: started, log, port, udp or file."""

    kind: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else self.kind

    def command(self, timeout_s: float, run_dir: Path) -> list[str]:
        """What to give the ready tool in order to wait for it."""
        paths = [str(run_dir / name) for name in _OUTPUTS]
        value = str(run_dir / self.value) if self.kind == "file" else self.value
        return [f"{timeout_s:g}", self.kind, value, *(paths if self.kind == "log" else [])]

    def is_met(self, host: Host, run_dir: Path) -> bool:
        """Whether what a program left behind says so; a port says nothing. Raises HostError."""
        if self.kind == "file":
            return host.run(["test", "-e", str(run_dir / self.value)]).status == 0
        if self.kind != "log":
            return False
        wanted = re.compile(self.value, re.MULTILINE)
        texts = (host.read(run_dir / name, 0, _READ) for name in _OUTPUTS)
        return any(wanted.search(text.decode(errors="replace")) for text in texts)


def parse_ready(text: str) -> Condition:
    """A condition from what a user wrote; raises BadValue."""
    kind, _, value = text.partition(":")
    if text == STARTED:
        return Condition(STARTED)
    if not value or kind not in ("log", "port", "udp", "file"):
        raise BadValue(
            f"'{text}' is not a ready condition; "
            f"write started, log:PATTERN, port:NUMBER, udp:NUMBER or file:PATH"
        )
    if kind in ("port", "udp") and not (value.isdigit() and 0 < int(value) < 65536):
        raise BadValue(f"ready: '{value}' is not a port; write a number from 1 to 65535")
    if kind == "log":
        try:
            re.compile(value)
        except re.error as problem:
            raise BadValue(f"ready: '{value}' is not a pattern: {problem}") from None
    return Condition(kind, value)


def checked(old: Value, new: Value) -> Value:
    """A set_hook that refuses a wrong condition when it is written."""
    parse_ready(str(new))
    return new
