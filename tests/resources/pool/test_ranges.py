"""Many hosts in one word."""

import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.pool.ranges import expand, split_port


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("web", ["web"]),
        ("web[1:3]", ["web1", "web2", "web3"]),
        ("web[08:10].x", ["web08.x", "web09.x", "web10.x"]),
        ("h[1:9:4]", ["h1", "h5", "h9"]),
        ("db[a:c]", ["dba", "dbb", "dbc"]),
        ("r[1:2]-[a:b]", ["r1-a", "r1-b", "r2-a", "r2-b"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
        ("2001:db8::1", ["2001:db8::1"]),
    ],
)
def test_a_range_stands_for_its_hosts(text, names):
    assert expand(text) == names


@pytest.mark.parametrize(
    "text",
    ["w[3:1]", "w[1:]", "w[a:1]", "w[1:9:0]", "w[aa:bb]", "w[1:99999999999]", "a b", "-x", "",
     "w[1", "w[1:999][1:999]"],
)  # fmt: skip
def test_what_is_no_range_or_no_name_is_refused(text):
    with pytest.raises(BadValue, match=r"is not a host name|has a range|stands for more"):
        expand(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("web", ("web", None)),
        ("web:2222", ("web", 2222)),
        ("web[1:3]", ("web[1:3]", None)),
        ("web[1:3]:22", ("web[1:3]", 22)),
        ("[::1]:22", ("[::1]", 22)),
        ("2001:db8::1", ("2001:db8::1", None)),
    ],
)
def test_a_port_is_what_follows_the_name(text, parts):
    assert split_port(text) == parts
