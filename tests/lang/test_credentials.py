"""Attributes whose values are secret."""

import pytest

from nepishell.core.attributes import Attribute, Flags
from nepishell.lang.credentials import MASK, is_secret, refuse_mask
from nepishell.lang.errors import Bad

OPEN = Attribute("delay")
SECRET = Attribute("password", flags=Flags.Credential)


def test_a_credential_is_secret_and_so_is_what_may_be_meant_for_one() -> None:
    known = {"delay": OPEN, "password": SECRET}
    assert is_secret(known, "password")
    assert is_secret(known, "pasword")
    assert not is_secret(known, "delay")
    assert not is_secret({"delay": OPEN}, "dealy")


def test_the_mask_is_no_secret() -> None:
    with pytest.raises(Bad, match="stands for a secret that was not kept"):
        refuse_mask(SECRET, MASK)
    refuse_mask(OPEN, MASK)
