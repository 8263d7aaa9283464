from nepishell.resources.linux.gre import gre_words, is_missing


def test_a_tap_becomes_a_tunnel_of_frames() -> None:
    words = gre_words("tap3", "tap", "10.0.0.2", "10.0.0.1", "7")
    assert " ".join(words) == (
        "link add name tap3 type gretap remote 10.0.0.2 local 10.0.0.1 key 7 ttl 64"
    )


def test_a_tun_over_ipv6_becomes_a_tunnel_of_packets() -> None:
    words = gre_words("tun3", "tun", "fd00::2", "", "7")
    assert " ".join(words) == "link add name tun3 type ip6gre remote fd00::2 key 7 hoplimit 64"


def test_a_kernel_without_gre_is_known_by_its_words() -> None:
    assert is_missing("Error: Unknown device type.")
    assert not is_missing("RTNETLINK answers: File exists")
