import argparse
import shlex
import shutil
import subprocess
import sys

import pytest

from nepishell.resources import capture_tool
from nepishell.resources.parsers.tcpdump import parse_tcpdump

needs_tcpdump = pytest.mark.skipif(not shutil.which("tcpdump"), reason="tcpdump is not installed")


@needs_tcpdump
def test_a_filter_is_compiled_into_whole_instructions():
    assert len(capture_tool.compile_filter("icmp", cooked=False)) % 8 == 0


@needs_tcpdump
def test_a_wrong_filter_says_why():
    with pytest.raises(ValueError, match="syntax error"):
        capture_tool.compile_filter("icmp and and", cooked=True)


def test_a_capture_that_is_not_possible_is_one_line(tmp_path):
    tool = [sys.executable, "-I", "-S", capture_tool.__file__]
    done = subprocess.run(
        [*tool, str(tmp_path / "f"), "--interface=nosuch"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("capture: nosuch: ")


@needs_tcpdump
@pytest.mark.lab
@pytest.mark.parametrize("interface", ["eth0", "any"])
def test_what_it_writes_tcpdump_reads(lab, tmp_path, interface):
    lab.node("h1", "h2")
    lab.add("netns::Link", "l1", "h1", "h2")
    file = tmp_path / "pcap"
    node = lab.rm("h2")
    command = shlex.join([*node.tool(capture_tool.__file__), str(file), f"--interface={interface}"])
    capture = lab.add("linux::Application", "capture", "h2", ready="log:^listening",
                      command=f"{command} --expression=icmp --direction=in")  # fmt: skip
    lab.up()
    lab.run("h1", "ping", "-c", "20", "-i", "0.002", "h2")
    lab.ec.stop(capture)
    lab.finished("capture")
    assert parse_tcpdump(lab.ec.trace(capture, "stderr")).metrics["captured"] == 20
    shown = subprocess.run(
        ["tcpdump", "-n", "-r", str(file)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(shown) == 20
    assert all("10.0.1.1 > 10.0.1.2: ICMP echo request" in line for line in shown)


def test_count_decides_when_it_is_full():
    capture = capture_tool.Capture.__new__(capture_tool.Capture)
    capture.options, capture.captured = argparse.Namespace(count=2), 2
    assert capture.is_full()
    capture.options.count = 0
    assert not capture.is_full()
