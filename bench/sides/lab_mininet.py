"""Mininet's `single,N` with Linux bridges. Run by path, with the interpreter that has Mininet.

Must run in namespaces of its own (`unshare -pfmn --mount-proc`): Mininet kills by name.
"""

import json
import sys
import time
from pathlib import Path

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo


def ports_left() -> bool:
    """Whether the kernel still has ports of the switch: stop() returns before they are gone."""
    return "s1-eth" in Path("/proc/self/net/dev").read_text()


def main() -> None:
    began = time.perf_counter()
    net = Mininet(topo=SingleSwitchTopo(int(sys.argv[1])), switch=LinuxBridge, controller=None)
    net.start()
    built = time.perf_counter()
    net.stop()
    while ports_left():
        time.sleep(0.002)
    gone = time.perf_counter()
    print(json.dumps({"deploy": built - began, "release": gone - built}))


if __name__ == "__main__":
    main()
