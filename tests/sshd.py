"""A real OpenSSH server of one test: its own process, port, host key, authorized keys and options.

Nothing of the machine's own SSH is read or written. Several may run at once, each on its own port
of loopback, or in a namespace that the test made.
"""

import ctypes
import fcntl
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pytest

from nepishell.hosts import sessions
from nepishell.hosts.ssh import Endpoint

_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_LOG_BYTES = 1 << 20
PATIENCE_S = 20.0


def find_sshd() -> str | None:
    """The server's file; sshd wants to be started by its full path."""
    return shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), *_SBIN]))


def need_sshd() -> str:
    """The server's file; skips the test where there is none, and fails it in CI."""
    found = find_sshd()
    shell = pwd.getpwuid(os.geteuid()).pw_shell
    can_log_in = Path(shell).name not in ("nologin", "false")
    if found is None or not can_log_in:
        reason = (
            "needs sshd: install openssh-server" if can_log_in else f"nobody logs in to {shell}"
        )
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    assert found is not None
    return found


def make_key(path: Path, kind: str = "ed25519") -> str:
    """Make a key pair at *path*; the public key, as "TYPE BASE64"."""
    argv = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "test", "-f", str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Sshd:
    """Use as a context manager. *options* are lines of sshd_config: MaxSessions="1".

    *prefix* is put before the server's command, as in ("nsenter", "--net=...").
    """

    def __init__(
        self,
        folder: Path,
        *,
        address: str = "127.0.0.1",
        port: int | None = None,
        prefix: tuple[str, ...] = (),
        **options: str,
    ) -> None:
        self._program = need_sshd()
        self._prefix = prefix
        self.folder = folder
        self.address = address
        self.port = port or free_port()
        self.username = getpass.getuser()
        folder.mkdir(parents=True, exist_ok=True)
        self._host_key = folder / "host_key"
        self.identity = folder / "id"
        self.known_hosts = folder / "known_hosts"
        self.server_key = make_key(self._host_key)
        public = make_key(self.identity)
        (folder / "authorized_keys").write_text(public + "\n")
        self.options: dict[str, str] = {
            "ListenAddress": f"{address}:{self.port}",
            "HostKey": str(self._host_key),
            "AuthorizedKeysFile": str(folder / "authorized_keys"),
            "PidFile": "none",
            "StrictModes": "no",
            "UsePAM": "no",
            "PermitRootLogin": "yes",
            "PasswordAuthentication": "no",
            "Subsystem": "sftp internal-sftp",
            # bash takes it for an inner shell then, and reads no ~/.bashrc of whoever tests
            "SetEnv": "SHLVL=2",
            **options,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def known_name(self) -> str:
        """As known_hosts has it."""
        return f"[{self.address}]:{self.port}"

    def endpoint(self, **changes: Any) -> Endpoint:
        """What a user would say to reach it; *changes* replace fields."""
        fields: dict[str, Any] = {
            "hostname": self.address,
            "port": self.port,
            "username": self.username,
            "identity": str(self.identity),
            "server_key": self.server_key,
        }
        return Endpoint(**(fields | changes))

    def change_key(self) -> None:
        """Have another host key from the next start on."""
        for file in (self._host_key, self._host_key.with_suffix(".pub")):
            file.unlink()
        self.server_key = make_key(self._host_key)

    def start(self) -> None:
        """Start it, and return once it listens."""
        if os.geteuid() == 0:
            # where the server locks itself in before somebody has logged in
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        config = self.folder / "sshd_config"
        config.write_text("".join(f"{key} {value}\n" for key, value in self.options.items()))
        self._process = subprocess.Popen(
            [*self._prefix, self._program, "-D", "-e", "-f", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stderr is not None
        # nobody reads it later
        fcntl.fcntl(self._process.stderr, fcntl.F_SETPIPE_SZ, _LOG_BYTES)
        said = b""
        while b"Server listening" not in said:
            line = self._process.stderr.readline()
            assert line, f"sshd did not start: {said.decode()}"
            said += line

    def stop(self) -> None:
        """End it with all connections, without a word; what they started runs on."""
        if self._process is None:
            return
        process, self._process = self._process, None
        stats = sessions.all_stats()
        served = [pid for pid in sessions.descendants([process.pid], stats) if _is_sshd(pid)]
        for pid in (process.pid, *served):
            sessions.send(pid, signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()
        sessions.wait_gone(served, PATIENCE_S)


def _is_sshd(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().startswith("sshd")
    return False


def inside(namespace: str, action: Callable[[], Any]) -> Any:
    """What *action* returns when a thread calls it that entered the network namespace."""
    result: list[Any] = []
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        with Path(namespace).open("rb") as file:
            if libc.setns(file.fileno(), 0):
                result.append(OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno())))
                return
        try:
            result.append(action())
        except OSError as problem:
            result.append(problem)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(result[0], OSError):
        raise result[0]
    return result[0]
