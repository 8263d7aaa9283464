"""Many bytes to or from a host: on a channel of their own, while the shell stays free.

A stock server allows ten channels for a connection, so only a few of these are open at a time.
Where it allows none beside the shell's, the bytes go through the shell, in pieces.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count

import paramiko

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts.ssh.asking import Answer, Asker
from nepishell.hosts.ssh.lasting import LastingShell
from nepishell.hosts.ssh.script import Words, encoded
from nepishell.hosts.ssh.transport import execute

#: Channels at a time, beside the shell's and those of terminals.
_AT_ONCE = 4
_CHUNK = 1 << 20
#: What OpenSSH takes in one packet, without what surrounds it.
_PACKET = (1 << 15) - 64
#: Through the shell: what a line of it may hold, what an answer brings.
_PIECE_IN, _PIECE_OUT = 1 << 16, 1 << 22


class Streams:
    """The bulk of one host's bytes. Safe from any thread."""

    def __init__(self, words: Words, shell: LastingShell, asker: Asker) -> None:
        self._words = words
        self._shell = shell
        self._asker = asker
        self._turns = threading.Semaphore(_AT_ONCE)
        self._numbers = count(1)
        self._none_beside = False

    def drain(self, script: str, on_block: Callable[[bytes], None]) -> Answer:
        """Run *script*, hand its output over as it comes. Raises HostError, and as *on_block*."""
        with self._turns, self._channel() as channel:
            if channel is None:
                return self._drain_by_shell(script, on_block)
            first = self._begin(channel, script)
            if first:
                on_block(first)
            while block := channel.recv(_CHUNK):
                on_block(block)
            return self._end(channel)

    def feed(self, script: str, blocks: Iterable[bytes]) -> Answer:
        """Run *script*, which reads *blocks*. Raises HostError, and as *blocks* does."""
        with self._turns, self._channel() as channel:
            if channel is None:
                return self._feed_by_shell(script, blocks)
            self._begin(channel, script)
            for block in blocks:
                if not _sent(channel, block):
                    break
            with suppress(OSError):
                channel.shutdown_write()
            return self._end(channel)

    @contextmanager
    def _channel(self) -> Iterator[paramiko.Channel | None]:
        """One with `sh` on it; None where the server refuses."""
        self._shell.connect()
        if self._none_beside:
            yield None
            return
        try:
            channel = self._shell.open_channel()
        except paramiko.ChannelException:
            self._none_beside = True
            yield None
            return
        try:
            execute(channel, "exec sh")
            yield channel
        except paramiko.SSHException as exc:
            raise self._lost() from exc
        finally:
            channel.close()

    def _begin(self, channel: paramiko.Channel, script: str) -> bytes:
        """Start *script*; what came of its output by now."""
        token = self._words.token.encode() + b"\n"
        try:
            # read as a whole before any of it is run: what follows is the script's input
            text = b"{ printf '%s\\n' " + token.rstrip() + b"; " + encoded(script) + b"\nexit\n}\n"
            channel.sendall(text)
        except OSError as exc:
            raise self._lost() from exc
        said = b""
        while token not in said:
            data = channel.recv(_CHUNK)
            if not data:
                raise self._lost()
            said += data
        return said.partition(token)[2]

    def _end(self, channel: paramiko.Channel) -> Answer:
        err = b""
        while data := channel.recv_stderr(_CHUNK):
            err += data[: _CHUNK - len(err)]
        status = channel.recv_exit_status()
        if status < 0:
            raise self._lost()
        return Answer(status=status, err=err)

    def _lost(self) -> HostError:
        return Unreachable("the connection was lost")

    # -- through the shell ------------------------------------------------------------------------

    def _drain_by_shell(self, script: str, on_block: Callable[[bytes], None]) -> Answer:
        spool = self._spool()
        done = self._asker.ask(f"{_alone(spool)}\n{{ {script}\n}} >{spool}", timeout_s=None)
        at = 0
        while block := self._asker.ask(f"tail -c +{at + 1} {spool} | head -c {_PIECE_OUT}").out:
            on_block(block)
            at += len(block)
        self._asker.ask(f"rm -f {spool}")
        return done

    def _feed_by_shell(self, script: str, blocks: Iterable[bytes]) -> Answer:
        spool = self._spool()
        made = self._asker.ask(_alone(spool))
        if made.status:
            return made
        try:
            for block in blocks:
                for at in range(0, len(block), _PIECE_IN):
                    done = self._asker.ask(f"cat >>{spool}", stdin=block[at : at + _PIECE_IN])
                    if done.status:
                        return done
            return self._asker.ask(f"exec <{spool}\n{script}", timeout_s=None)
        finally:
            self._asker.ask(f"rm -f {spool}")

    def _spool(self) -> str:
        # not in our folder, which is in memory where it can be
        return f'"${{TMPDIR:-/tmp}}/{self._words.folder}.{next(self._numbers)}"'


def _sent(channel: paramiko.Channel, block: bytes) -> bool:
    """False when nobody reads it any more: the end says why."""
    try:
        # sendall() copies the rest for each packet that it sends
        for at in range(0, len(block), _PACKET):
            channel.sendall(block[at : at + _PACKET])
    except OSError:
        return False
    return True


def _alone(spool: str) -> str:
    """A command that makes a file which others of that machine neither made nor can read."""
    return f"(umask 077; set -C; : >{spool}) || exit 1"
