"""What the keeper of this machine's programs can be asked."""

from pathlib import Path

import pytest

from nepishell.hosts.local_keeper import Programs


def test_it_holds_on_at_a_door_once_and_forgets_it_at_the_end(tmp_path: Path) -> None:
    programs = Programs(lambda *told: None)
    programs("hold", str(tmp_path / "door"))
    door = programs.door
    programs("hold", str(tmp_path / "elsewhere"))
    assert programs.door is door
    assert (tmp_path / "door").stat().st_mode & 0o777 == 0o600
    assert programs("inventory") == []
    assert programs.next_deadline_s() is None
    with pytest.raises(KeyError):
        programs("add_hosts", [])
    assert door is not None
    door.close()
