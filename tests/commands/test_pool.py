"""Looking at the hosts of a pool, and saying which to avoid."""

import json
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.journal.machine import this_process
from nepishell.resources import table
from nepishell.resources.pool.ledger import Ledger
from tests.commands.stand import Session

YAML = """
hosts:
  lab1: {country: fr, tag: 4, address: 10.0.0.1}
  lab2: {country: de}
  lab3: {ansible_connection: winrm}
"""


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    table.register_all()
    path = tmp_path / "labs.yaml"
    path.write_text(YAML)
    return path


def rows(session: Session, line: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(session.text(f"{line} | json"))
    return found


def states(session: Session, line: str) -> dict[object, object]:
    return {row["host"]: row["is"] for row in rows(session, line)}


def test_it_shows_who_has_which_host_and_why_not(session: Session, file: Path) -> None:
    with Ledger().open() as book:
        book.reserve([("lab2:22", "lab2")], "exp/other", this_process())
        book.avoid("10.0.0.1:22", "lab1", "no answer", 3600)
    one, two, three = rows(session, f"pool {file}")
    assert (one["is"], one["why"], one["facts"]) == (
        "black-listed",
        "no answer",
        "country=fr tag=4",
    )
    assert (two["is"], two["by"]) == ("reserved", "exp/other")
    assert (three["is"], three["why"]) == ("unusable", "is reached by winrm, not by SSH")


def test_without_a_file_it_shows_the_pools_of_the_experiment(session: Session, file: Path) -> None:
    session(f"add pool::Node web inventory={file}")
    assert states(session, "pool") == {"lab1": "free", "lab2": "free", "lab3": "unusable"}


def test_without_any_pool_it_shows_what_is_known(session: Session) -> None:
    assert rows(session, "pool") == []
    session("pool avoid lab9 for 2h because 'its disk is full'")
    (row,) = rows(session, "pool")
    assert (row["host"], row["is"], row["why"]) == ("lab9", "black-listed", "its disk is full")
    assert 7190 <= float(str(row["left"])) <= 7200


def test_what_is_avoided_by_name_is_so_in_every_inventory(session: Session, file: Path) -> None:
    session("pool avoid lab1")
    assert states(session, f"pool {file}")["lab1"] == "black-listed"
    session("pool forgive lab1", f"add pool::Node web inventory={file}", "pool avoid 10.0.0.1")
    assert set(Ledger().look().avoided) == {"10.0.0.1:22"}
    session("pool forgive lab1")
    assert Ledger().look().avoided == {}


def test_forgiving_says_what_it_cannot_and_all_is_all(session: Session) -> None:
    with pytest.raises(NepishellError, match="no host is black-listed"):
        session("pool forgive lab1")
    session("pool avoid lab1", "pool avoid lab2")
    with pytest.raises(NepishellError, match=r"'lab' is not black-listed; did you mean 'lab"):
        session("pool forgive lab")
    session("pool forgive all", "pool forgive all")
    assert Ledger().look().avoided == {}


def test_a_damaged_list_is_told_once(session: Session) -> None:
    Ledger().path.parent.mkdir(parents=True)
    Ledger().path.write_text("{")
    with pytest.raises(NepishellError, match="was damaged"):
        session("pool")
    assert rows(session, "pool") == []
