"""System calls, each in a thread that may lose its namespaces."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from nepishell.hosts.netns import kernel

pytestmark = [pytest.mark.root, pytest.mark.lab]

InThread = Callable[[Callable[[], object]], object]


def own(kind: str) -> int:
    return os.stat(f"/proc/thread-self/ns/{kind}").st_ino  # noqa: PTH116


def test_a_thread_enters_a_namespace_and_comes_back(in_thread: InThread) -> None:
    def story() -> list[bool]:
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        before = own("net")
        kernel.unshare(kernel.CLONE_NEWNET)
        away = own("net")
        kernel.setns(home, kernel.CLONE_NEWNET)
        os.close(home)
        return [away != before, own("net") == before]

    assert in_thread(story) == [True, True]


def test_mounts_and_names_stay_private(in_thread: InThread, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("mine")
    target.write_text("everybody's")

    def story() -> tuple[str, str, list[str]]:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS | kernel.CLONE_NEWNET)
        kernel.stop_mount_propagation()
        kernel.set_hostname("web")
        kernel.bind_mount(str(source), str(target))
        kernel.mount_sysfs("/sys")
        return target.read_text(), socket.gethostname(), os.listdir("/sys/class/net")  # noqa: PTH208

    assert in_thread(story) == ("mine", "web", ["lo"])
    assert target.read_text() == "everybody's"
    assert socket.gethostname() != "web"


def test_a_refusal_has_errno_and_name() -> None:
    with pytest.raises(OSError, match=r"Bad file descriptor.*setns"):
        kernel.setns(-1, kernel.CLONE_NEWNET)
