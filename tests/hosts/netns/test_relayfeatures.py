from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.wire import Namespaces
from nepishell.hosts.netns.relayfeatures import active, feature_numbers, switch_off

pytestmark = [pytest.mark.root, pytest.mark.lab]


@pytest.fixture
def device() -> Iterator[Namespaces]:
    """A namespace with a device "near"."""
    with closing(Namespaces("a")) as spaces:
        spaces.ip("a", ["link add near type veth peer name far"])
        yield spaces


def test_only_what_was_named_goes_off(device: Namespaces) -> None:
    before = device.inside("a", active, "near")
    assert {"tx-udp_tnl-segmentation", "tx-tcp-segmentation"} <= before
    device.inside("a", switch_off, "near", ["tx-udp_tnl-segmentation"])
    assert device.inside("a", active, "near") == before - {"tx-udp_tnl-segmentation"}


def test_a_feature_that_this_kernel_does_not_know_is_off_already(device: Namespaces) -> None:
    before = device.inside("a", active, "near")
    device.inside("a", switch_off, "near", ["tx-by-pigeon"])
    assert device.inside("a", active, "near") == before


def test_each_feature_has_a_number_of_its_own(device: Namespaces) -> None:
    numbers = device.inside("a", feature_numbers, "near")
    assert len(set(numbers.values())) == len(numbers) > 30
