"""Other users of the machine: what is ours they can neither read nor steer."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from nepishell.hosts.netns.lab import Lab

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
#: Who connects says what the other side gives him: '' when he is sent away.
KNOCK = """
import os, socket, sys
folder = os.open(sys.argv[1], os.O_PATH)
door = socket.socket(socket.AF_UNIX)
door.settimeout(20)
door.connect(f"/proc/self/fd/{folder}/{sys.argv[2]}")
print(door.recv(1))
"""
#: Builds a lab that is to outlive its controller, and is killed.
BUILDER = """
import os, signal, sys
from pathlib import Path
from nepishell.hosts.netns.lab import Lab
lab = Lab.open(Path(sys.argv[1]), seed=1)
lab.hold()
lab.add_host("h1")
os.kill(os.getpid(), signal.SIGKILL)
"""
RECIPE = """
add local::Node n
deploy
exec n printf 'what only we know'
log
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may enter, as a home often is."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    words = [*AS_NOBODY, *map(str, argv)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def play(home: Path, lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nepishell"], input=lines, capture_output=True, text=True,
        check=False, env={**os.environ, "XDG_STATE_HOME": str(home)},
    )  # fmt: skip


def readable(folder: Path) -> str:
    """The files below *folder* that another user can read."""
    return as_nobody("find", folder, "-type", "f", "-readable").stdout


@pytest.mark.root
def test_no_file_of_a_run_is_readable_for_another_user(shared: Path) -> None:
    umask = os.umask(0o022)
    try:
        done = play(shared, RECIPE)
    finally:
        os.umask(umask)

    assert "what only we know" in done.stdout
    assert list(shared.rglob("journal.jsonl"))
    assert list(shared.rglob("stdout"))
    assert readable(shared) == ""


@pytest.mark.root
def test_a_traceback_is_readable_for_its_owner_alone(shared: Path) -> None:
    breaking = "from nepishell.commands.bugs import report; report(ValueError('x'))"
    environment = {**os.environ, "XDG_STATE_HOME": str(shared)}
    subprocess.run([sys.executable, "-c", breaking], check=True, env=environment)

    assert list(shared.rglob("log.txt"))
    assert readable(shared) == ""


@pytest.mark.root
@pytest.mark.lab
def test_another_user_cannot_take_over_a_lab(shared: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BUILDER, str(shared)], check=False)
    assert done.returncode == -signal.SIGKILL
    # as if all permissions had been lost
    for path in (shared / "lab", shared / "lab" / "door"):
        path.chmod(0o777)

    knock = as_nobody(sys.executable, "-c", KNOCK, shared / "lab", "door")

    assert (knock.stdout.strip(), knock.stderr) == ("b''", "")
    with Lab.open_again(shared, seed=1) as lab:
        assert lab.found.hosts == {"h1"}


@pytest.mark.root
def test_no_name_in_a_shared_folder_is_left_by_a_run(shared: Path) -> None:
    temporary = shared / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "XDG_STATE_HOME": str(shared / "state"), "TMPDIR": str(temporary)}
    before = set(Path("/dev/shm").iterdir())
    subprocess.run(
        [sys.executable, "-m", "nepishell"], input=RECIPE, capture_output=True, text=True,
        check=True, env=environment,
    )  # fmt: skip

    assert list(temporary.iterdir()) == []
    assert not {path for path in set(Path("/dev/shm").iterdir()) - before if "nepi" in path.name}
