"""Short requests to a host: what is sent for each, and what its answer means."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from shlex import quote

from nepishell.core.errors import HostError
from nepishell.hosts.ssh.frames import Frame
from nepishell.hosts.ssh.lasting import LastingShell
from nepishell.hosts.ssh.script import MARK, Words, encoded, line, printed
from nepishell.hosts.ssh.shell import Pending

#: Seconds that a killed request has to come back.
_KILL_TIMEOUT_S = 10.0
#: Answers without output leave two empty files; they are removed when there are so many.
_LITTER = 100


class TimedOut(HostError):
    """A request took too long and was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request came to; *status* as of a shell."""

    status: int
    out: bytes = b""
    err: bytes = b""

    @property
    def problem(self) -> str:
        """The tail of the last line of the error output."""
        last = self.err.decode(errors="replace").strip().rpartition("\n")[2]
        return last.rpartition(": ")[2] or f"status {self.status}"


class Asker:
    """Makes requests of one host. Methods block; safe from any thread but the shell's own."""

    def __init__(self, words: Words, shell: LastingShell) -> None:
        self._words = words
        self._shell = shell
        self._numbers = count(1)
        self._litter: list[int] = []

    def number(self) -> int:
        """One that no other request of this host has."""
        return next(self._numbers)

    def mark(self, number: int | None = None) -> str:
        """What is in the environment of a request's processes; of all of this host's."""
        return f"{MARK}={self._words.mark}." + (f"{number}." if number is not None else "")

    def ask(
        self,
        script: str,
        *,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
        marked: bool = True,
    ) -> Answer:
        """Run *script*, which our functions may refuse. Raises HostError, Unreachable, TimedOut."""
        number = self.number()
        text = encoded(script)
        if marked:
            text = encoded(f"export {self.mark(number)};") + text
        before = b""
        if stdin:
            file = b'"$_np_b/i%d"' % number
            before = printed(stdin) + b" >%s;" % file
            text = b"exec <%s; rm -f %s;" % (file, file) + text
        whole = b"{ %s_np_job %d %s; } & jobs >/dev/null" % (before, number, _quoted(text))
        pending = Pending()
        self._shell.request(number, whole, pending)
        frame = pending.wait(timeout_s)
        if frame is None:
            self.kill(number)
            if pending.wait(_KILL_TIMEOUT_S) is None:
                self._shell.forget(number)
            raise TimedOut(f"did not end within {timeout_s:g} s: killed")
        return self._understood(number, frame)

    def start(
        self, number: int, text: bytes, begun: Callable[[Frame], None] | None, timeout_s: float
    ) -> Frame:
        """Send a line that is answered once what it starts has begun. Raises HostError."""
        pending = Pending(begun)
        self._shell.request(number, text, pending)
        frame = pending.wait(timeout_s)
        if frame is None:
            self._shell.forget(number)
            self.kill(number)
            raise TimedOut(f"did not start within {timeout_s:g} s: killed")
        if frame.kind == "X":
            raise HostError(frame.parts[0].decode(errors="replace"))
        return frame

    def kill(self, number: int) -> None:
        """End all processes of a request."""
        self._shell.tell(encoded(f"({line('_np_end_marked', self.mark(number))}) &"))

    def leave(self) -> None:
        """Take our folder away and end the shell. Raises HostError."""
        number = self.number()
        text = (
            'trap - EXIT; [ -z "$_np_bell" ] || kill "$_np_bell"; cd /; rm -rf "$_np_b"; '
            f"printf '%s N {number} 0\n' \"$_np_t\"; exit"
        )
        self.start(number, text.encode(), None, _KILL_TIMEOUT_S)

    def _understood(self, number: int, frame: Frame) -> Answer:
        status = int(frame.words[1])
        if frame.kind == "N":
            self._leave(number)
            return Answer(status=status)
        out, err = frame.parts
        if err.startswith(refusal := self._words.refusal.encode()):
            raise HostError(err[len(refusal) :].decode(errors="replace"))
        return Answer(status=status, out=out, err=err)

    def _leave(self, number: int) -> None:
        self._litter.append(number)
        if len(self._litter) >= _LITTER:
            litter, self._litter = self._litter, []
            names = " ".join(f"o{each} e{each}" for each in litter)
            self._shell.tell(b'(cd "$_np_b" && rm -f %s) &' % names.encode())


def _quoted(text: bytes) -> bytes:
    return encoded(quote(text.decode("utf-8", "surrogateescape")))
