"""A secret that is typed is in no file, on no command line and in no environment of ours."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.batch.main import main_without_file
from nepishell.core.errors import NepishellError
from nepishell.hosts.sessions import wait_gone
from tests.commands.stand import Session, open_session

SECRET = "hunter2-9a7f3c"
#: A program runs all the while; what is typed last tells that all before was done.
LINES = f"""
add linux::Node far hostname=127.0.0.1 port=1 username=nobody password={SECRET}
set far password {SECRET}x
set far password="{SECRET} y"
get far
show far
list | json
undo
redo
history
history lines
add local::Node here
add linux::Application app on here command='sleep 100'
deploy here,app
wait app STARTED
explain set far password {SECRET}
set far pasword {SECRET}
say all is done
"""


LOOKS = ("get wire", "get wire secret", "show wire", "list", "history", "plan", "why wire")


def processes() -> Iterator[Path]:
    return (path for path in Path("/proc").iterdir() if path.name.isdecimal())


def said_by(path: Path) -> bytes:
    try:
        return (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
    except OSError:  # it has ended, or is another's
        return b""


def children_of(pid: int) -> set[int]:
    found = {pid}
    for path in sorted(processes(), key=lambda path: int(path.name)):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent in found:
            found.add(int(path.name))
    return found


def test_a_secret_is_in_no_file_and_in_no_process(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    controller = subprocess.Popen(
        [sys.executable, "-m", "nepishell", "--keep-going"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    assert controller.stdin is not None
    assert controller.stdout is not None
    controller.stdin.write(LINES)
    controller.stdin.flush()
    shown = []
    for line in controller.stdout:
        shown.append(line)
        if "all is done" in line:
            break
    ours = children_of(controller.pid)
    spoken = [said_by(Path("/proc") / str(pid)) for pid in ours]
    shown.append(controller.communicate(timeout=60)[0])
    wait_gone(ours - {controller.pid}, 20)

    assert len(ours) > 1
    assert not [words for words in spoken if SECRET.encode() in words]
    assert SECRET not in "".join(shown)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "journal.jsonl" for path in files)
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path) as session:
        yield session


def test_no_listing_has_a_secret_in_any_form(session: Session) -> None:
    session(f"add test::Link wire secret={SECRET}", f"set wire secret {SECRET}z")

    for look in LOOKS:
        for form in ("", " | json", " | csv"):
            try:
                text = session.text(f"{look}{form}")
            except NepishellError as refusal:
                text = str(refusal)
            assert SECRET not in text


def test_a_secret_in_a_recipe_that_fails_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    line = f"add linux::Node far password={SECRET} nosuch=1"

    assert main_without_file(["-c", line]) == 2
    assert SECRET not in "".join(capsys.readouterr())
