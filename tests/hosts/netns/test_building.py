"""Building in the calling thread, as the bench does: no keeper between."""

from collections.abc import Callable

import pytest

from nepishell.hosts.netns.building import Builder, BuildError, End
from nepishell.hosts.netns.namespaces import Core

pytestmark = [pytest.mark.root, pytest.mark.lab]

InThread = Callable[[Callable[[], object]], object]


def end(host: str, ifname: str = "eth0", *addresses: str) -> End:
    return End(host, ifname, "02:00:00:00:00:01", addresses, 1500, True)


def test_builds_many_hosts_on_a_switch_and_takes_them_down(in_thread: InThread) -> None:
    def story() -> tuple[int, int, int]:
        builder = Builder(Core("/etc/hosts"))
        builder.add_hosts((f"h{n}", False) for n in range(70))
        builder.add_switch(
            "s", [end(f"h{n}", "eth0", f"10.0.0.{n + 1}/24") for n in range(70)], up=True
        )
        counts = len(builder.hosts), len(builder.switch("s").ends)
        builder.close()
        return (*counts, len(builder.hosts))

    assert in_thread(story) == (70, 70, 0)


def test_a_failed_switch_leaves_no_switch_and_no_interface(in_thread: InThread) -> None:
    def story() -> tuple[str, dict[str, object], dict[str, End]]:
        builder = Builder(Core("/etc/hosts"))
        builder.add_hosts([("h", False)])
        try:
            builder.add_switch("s", [end("h"), end("h", "lo")], up=True)
        except OSError as refusal:
            text = str(refusal)
        left = text, dict(builder.switches), dict(builder.hosts["h"].ends)
        builder.close()
        return left

    assert in_thread(story) == ("h lo: File exists", {}, {})


def test_claims_all_ends_or_none(in_thread: InThread) -> None:
    def story() -> dict[str, End]:
        builder = Builder(Core("/etc/hosts"))
        builder.add_hosts([("h", False)])
        with pytest.raises(BuildError, match="already has an interface 'eth1'"):
            builder.claim([end("h"), end("h", "eth1"), end("h", "eth1")])
        with pytest.raises(BuildError, match="no host 'x'"):
            builder.claim([end("h"), end("x")])
        left = dict(builder.hosts["h"].ends)
        builder.close()
        return left

    assert in_thread(story) == {}


def test_an_end_with_ipv6_has_a_link_local_address_too() -> None:
    with_ipv6 = end("h", "eth0", "10.0.0.1/24", "fd00::1/64")
    texts = [address.text for address in with_ipv6.all_addresses()]
    assert texts == ["10.0.0.1/24", "fd00::1/64", "fe80::ff:fe00:1/64"]
    assert [a.text for a in end("h", "eth0", "10.0.0.1/24").all_addresses()] == ["10.0.0.1/24"]
