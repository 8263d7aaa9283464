import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.netns.naming import interface_names, readable_mac


def test_interfaces_count_in_order_of_connection():
    assert interface_names("h", [(7, ""), (3, "")], {}) == {7: "eth0", 3: "eth1"}


def test_names_in_use_stay_and_new_ones_go_round_them():
    assert interface_names("h", [(9, ""), (3, "")], {3: "eth1"}) == {3: "eth1", 9: "eth0"}


def test_a_name_that_the_user_gave_is_taken():
    assert interface_names("h", [(1, "eth1"), (2, ""), (3, "")], {}) == {
        1: "eth1", 2: "eth0", 3: "eth2",
    }  # fmt: skip


def test_one_name_twice_is_refused():
    with pytest.raises(BadValue, match="h has two interfaces named 'wan'"):
        interface_names("h", [(1, "wan"), (2, "wan")], {})


def test_a_hardware_address_shows_the_ip_address():
    assert readable_mac("10.0.1.2/24") == "02:00:0a:00:01:02"
    assert readable_mac("") == ""
