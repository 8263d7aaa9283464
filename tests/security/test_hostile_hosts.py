"""What a host says reaches people as text, never as orders to their terminal."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.hosts.ssh import SshHost, Timing
from tests.commands.stand import Session, open_session
from tests.sshd import Sshd

#: A title, a clipboard, a question whose answer would be typed, colours, another screen, C1, bidi.
ATTACKS = [
    "\x1b]0;title\x07",
    "\x1b]52;c;Zm9v\x07",
    "\x1b[6n",
    '\x1bP$q"p\x1b\\',
    "\x1b[31m\x1b[?1049h",
    "\x9b31m\x9d0;t\x9c",
    "\u202eevil\u2066",
    "a\rb\x08\x7f\x00",
]
_OBEYED = set("\x1b\x07\x08\x0d\x7f\x00\x9b\x9c\x9d\u202e\u2066")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        session("add test::Node n", "deploy")
        yield session


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@pytest.mark.parametrize("attack", ATTACKS)
def test_output_of_a_program_does_not_steer_the_terminal(session: Session, attack: str) -> None:
    for form in ("", " | json", " | csv"):
        try:
            text = session.text(f"exec n true {quoted(attack)}{form}")
        except NepishellError as refusal:
            text = str(refusal)
        assert not _OBEYED & set(text.replace("\r\n", "\n"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_error_of_a_host_does_not_steer_the_terminal(session: Session, attack: str) -> None:
    guid = session.ec.find("n")
    session.ec._rm(guid).fail(f"no such thing: {attack}")
    session.ec.bus.drain()

    for look in ("list", "why n", "log n", "story n", "list | json", "timeline"):
        try:
            text = session.text(look)
        except NepishellError as refusal:
            text = str(refusal)
        assert not _OBEYED & set(text)


def test_what_a_real_program_prints_is_harmless_on_every_way(tmp_path: Path) -> None:
    program = tmp_path / "attack"
    octal = "".join(f"\\{byte:03o}" for byte in "".join(ATTACKS).encode())
    program.write_text(f"#!/bin/sh\nprintf '{octal}'\nprintf '{octal}' >&2\n")
    program.chmod(0o755)
    lines = f"""
add local::Node n
add linux::Application app on n command={program}
deploy
wait app STOPPED
exec n {program}
exec n {program} | json
trace app stdout
trace app stderr
show app
why app
log
"""
    done = subprocess.run(
        [sys.executable, "-m", "nepishell"], input=lines, capture_output=True, text=True,
        check=False, env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip

    assert "title" in done.stdout
    assert not _OBEYED & set(done.stdout + done.stderr)


def test_json_stays_json_whatever_a_host_says(session: Session) -> None:
    for attack in ATTACKS:
        if "\x00" not in attack:
            found = json.loads(session.text(f"exec n true {quoted(attack)} | json"))
            assert found[0]["stdout"].rstrip("\n") == attack


def test_endless_output_is_shown_in_part_and_kept_on_disk(tmp_path: Path) -> None:
    lines = (
        "add local::Node n\ndeploy\nexec n sh -c 'head -c 30000000 /dev/zero | tr \"\\\\0\" x'\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "nepishell"], input=lines, capture_output=True, text=True,
        check=False, env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
    )  # fmt: skip

    assert 0 < len(done.stdout) < 3_000_000
    assert done.stdout.count("x") > 1000


QUICK = Timing(keep_alive_s=0.2, patience_s=0.5, first_retry_s=0.02, most_retry_s=0.1)


def test_a_file_that_is_fetched_does_not_run_as_somebody_else(tmp_path: Path) -> None:
    with Sshd(tmp_path / "sshd") as server:
        host = SshHost(server.endpoint(), name="web", timing=QUICK)
        try:
            source, target = tmp_path / "there", tmp_path / "here"
            source.write_text("#!/bin/sh\n")
            source.chmod(0o6755)
            host.get(source, target)
        finally:
            host.close()

    assert target.stat().st_mode & 0o7777 == 0o755


def test_a_pipe_or_device_is_not_fetched_for_ever(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Sshd(tmp_path / "sshd") as server:
        host = SshHost(server.endpoint(), name="web", timing=QUICK)
        try:
            for source in (pipe, Path("/dev/zero")):
                with pytest.raises(NepishellError):
                    host.get(source, tmp_path / "here")
        finally:
            host.close()


def test_what_waits_at_a_name_of_ours_is_not_written_to(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    with Sshd(tmp_path / "sshd", MaxSessions="1") as server:
        host = SshHost(server.endpoint(), name="web", timing=QUICK)
        try:
            host.run(["true"])
            spool = host._streams._spool().strip('"').replace("${TMPDIR:-/tmp}", "/tmp")
            folder, _, number = spool.rpartition(".")
            waiting = Path(f"{folder}.{int(number) + 1}")
            waiting.symlink_to(victim)
            try:
                with pytest.raises(NepishellError):
                    host.write(tmp_path / "target", b"x" * 3_000_000)
            finally:
                waiting.unlink()
        finally:
            host.close()

    assert victim.read_text() == "precious"
