"""What real servers and hosts do wrong, seen by a resource: the right state, and one clear line."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from nepishell.core.traces import TraceAttr
from tests.resources.linux.test_node import Told
from tests.resources.linux.test_ssh import APP, is_clean, run, settings
from tests.sshd import Sshd, make_key

_SHELLS = ("fish", "tcsh", "bash", "dash")
Far = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = tmp_path / "home"
    found.mkdir()
    return found


@pytest.fixture
def far(lab, tmp_path: Path, home: Path) -> Iterator[Far]:
    """Runs node 'n' on a server with these options; attributes of the node come by *node*."""
    with ExitStack() as stack:

        def make(node: dict[str, object] | None = None, **options: str) -> Sshd:
            server = stack.enter_context(Sshd(tmp_path / "sshd", **options))
            stack.callback(lab.ec.shutdown)
            lab.add("linux::Node", "n", **(settings(server, home) | (node or {})))
            lab.up()
            return server

        yield make


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """A tmpfs of its own at *folder*."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def all_at_once(lab, tmp_path: Path) -> None:
    """Upload, build, run, follow and collect: all that needs a channel somewhere."""
    (tmp_path / "data").write_bytes(os.urandom(400_000))
    app = lab.add(APP, "app", "n", files=str(tmp_path / "data"), build="echo built",
                  ready="log:up", shell=True, command="echo up; cat ${SHARE}/data")  # fmt: skip
    lab.add("Collector", "c", "app", traceName="all")
    lab.ec.deploy()
    lab.finished("app")
    lab.ec.release()
    wanted = b"up\n" + (tmp_path / "data").read_bytes()
    assert (lab.ec.run_dir / f"{app}.stdout").read_bytes() == wanted


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=pytest.mark.tool(each)) for each in _SHELLS]
)
def test_any_login_shell_will_do(lab, far: Far, home: Path, tmp_path: Path, name: str) -> None:
    wrapper = tmp_path / "login"
    wrapper.write_text(f'#!/bin/sh\nexec {name} -c "$SSH_ORIGINAL_COMMAND"\n')
    wrapper.chmod(0o755)
    far(ForceCommand=str(wrapper))
    all_at_once(lab, tmp_path)
    assert is_clean(home)


def test_one_session_is_enough_for_all(lab, far: Far, home: Path, tmp_path: Path) -> None:
    far(MaxSessions="1")
    all_at_once(lab, tmp_path)
    assert is_clean(home)


def test_output_that_is_not_utf_8_is_shown_and_kept(lab, far: Far, home: Path) -> None:
    far()
    how = run(lab, command="printf 'caf\\351\\n'; printf 'na\\357ve\\n' >&2; exit 3", shell=True,
              critical=False)  # fmt: skip
    assert how == ("FAILED", "ended with status 3: na\ufffdve")
    app = lab.ec.find("app")
    assert lab.ec.trace(app, "stdout") == "caf\ufffd\n"
    lab.ec.release()
    assert Path(lab.ec.trace(app, "stdout", TraceAttr.PATH)).read_bytes() == b"caf\xe9\n"
    assert is_clean(home)


def test_a_program_that_cannot_be_named_in_utf_8_is_run(lab, far: Far, home: Path) -> None:
    far()
    odd = home / os.fsdecode(b"a b'\"\n\xe9")
    odd.write_text("#!/bin/sh\necho odd\n")
    odd.chmod(0o755)
    assert run(lab, command=f"exec {home}/a*", shell=True) == ("STOPPED", "")
    assert lab.ec.trace(lab.ec.find("app"), "stdout") == "odd\n"
    lab.ec.release()
    odd.unlink()
    assert is_clean(home)


def test_another_key_of_ours_is_refused_with_its_name(lab, tmp_path: Path, home: Path) -> None:
    make_key(tmp_path / "other")
    with Sshd(tmp_path / "sshd") as server:
        wrong = settings(server, home, identity=str(tmp_path / "other"))
        guid = lab.add("linux::Node", "n", critical=False, **wrong)
        lab.ec.deploy()
        assert not lab.ec.wait_started(guid, timeout=30)
        why = lab.ec.failure(guid)
        assert "did not let us in: it refused the key" in why
        assert "\n" not in why
        lab.ec.release()
    assert is_clean(home)


def test_a_key_that_changes_in_the_middle_is_not_believed(lab, far: Far, home: Path) -> None:
    server = far(node={"lost_after": "2s", "critical": False})
    app = lab.add(APP, "app", "n", command="sleep 1000", critical=False)
    lab.up("app")
    told = Told(lab.ec)
    server.stop()
    server.change_key()
    server.start()
    told.wait("n is unreachable since")
    lab.ec.wait(app, "FAILED", timeout=30)
    assert "is not the pinned one" in lab.ec.failure(app)
    assert "\n" not in lab.ec.failure(app)


@pytest.mark.root
def test_a_disk_that_a_program_fills_is_its_failure_and_what_it_wrote_is_kept(
    lab, far: Far, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        far(node={"home": str(disk)})
        state, why = run(lab, command="head -c 3000000 /dev/zero", critical=False)
        assert (state, "\n" in why) == ("FAILED", False)
        assert why.startswith("ended with status 1")
        lab.ec.release()
        path = Path(lab.ec.trace(lab.ec.find("app"), "stdout", TraceAttr.PATH))
        assert 500_000 < path.stat().st_size < 1_048_576
        assert is_clean(disk)
        lab.ec.shutdown()


@pytest.mark.root
def test_a_disk_without_room_for_the_folder_of_a_run_is_named(
    lab, far: Far, tmp_path: Path
) -> None:
    # the disk and fifteen files or folders, of which the node's own take twelve
    with small_disk(tmp_path / "disk", "size=1m,nr_inodes=16") as disk:
        far(node={"home": str(disk)})
        state, why = run(lab, command="true", critical=False)
        assert (state, "\n" in why) == ("FAILED", False)
        assert "No space left on device" in why or "is the disk full?" in why
        lab.ec.release()
        assert is_clean(disk)
        lab.ec.shutdown()


@pytest.mark.root
def test_a_disk_that_is_full_from_the_beginning_fails_the_node(
    lab, tmp_path: Path, home: Path
) -> None:
    with small_disk(tmp_path / "disk", "size=1m,nr_inodes=3") as disk, Sshd(tmp_path / "s") as one:
        guid = lab.add("linux::Node", "n", critical=False, **settings(one, disk))
        lab.ec.deploy()
        assert not lab.ec.wait_started(guid, timeout=30)
        why = lab.ec.failure(guid)
        assert "No space left on device" in why
        assert "\n" not in why
        lab.ec.release()
        assert is_clean(disk)
        lab.ec.shutdown()
