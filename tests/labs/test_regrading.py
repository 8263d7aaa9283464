"""A submission is done again line by line, and its checks are looked at where they held."""

from dataclasses import replace
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.labs.deeds import HELD, LINE, RESTORED, Deed
from nepishell.labs.model import Lab
from nepishell.labs.regrading import regrade, unverified
from nepishell.labs.submission import Submission
from nepishell.labs.variants import practice_variant


@pytest.fixture
def submission(small: Lab) -> Submission:
    own = practice_variant(small, "ann")
    return Submission(
        file=Path("ann.zip"), lab="small", version="1", student="ann", variant=own.id,
        practice=True, values=own.values, deeds=(), hints=(), journal="",
    )  # fmt: skip


def deeds(*pairs: tuple[str, str]) -> tuple[Deed, ...]:
    return tuple(Deed(kind, what) for kind, what in pairs)


@pytest.mark.lab
def test_what_held_once_counts_though_a_later_step_undid_it(
    small: Lab, submission: Submission
) -> None:
    own = practice_variant(small, "ann")
    address = f"ip address {{}} 10.{own.values['net']}.0.1/24 dev eth0"
    done = deeds(
        (LINE, f"h1 {address.format('add')}"), (HELD, "there"), (HELD, "has"),
        (LINE, f"h1 {address.format('del')}"), (LINE, "h9 ip address"),
    )  # fmt: skip

    found = regrade(small, replace(submission, deeds=done), own)

    assert {name: one.ok for name, one in found.checks.items()} == {
        "there": True, "has": True, "word": False,
    }  # fmt: skip
    assert [text.partition(":")[0] for text in found.troubles] == ["'h9 ip address'"]


@pytest.mark.lab
def test_a_step_that_was_restored_is_restored_and_named(small: Lab, submission: Submission) -> None:
    again = replace(submission, deeds=deeds((RESTORED, "address")))

    found = regrade(small, again, practice_variant(small, "ann"))

    assert found.restored == ["address"]
    assert found.checks["has"].ok


def test_values_that_are_none_are_refused(submission: Submission) -> None:
    assert unverified(submission).values == submission.values
    with pytest.raises(NepishellError, match="'x; id' is no value of 'net'"):
        unverified(replace(submission, values={"net": "x; id"}))
