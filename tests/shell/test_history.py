"""Lines typed before."""

from pathlib import Path

from prompt_toolkit.history import InMemoryHistory

from nepishell.shell.history import open_history


def test_two_sessions_append_to_one_file(tmp_path: Path) -> None:
    one, two = open_history(tmp_path), open_history(tmp_path)
    one.append_string("say one")
    two.append_string("say two")
    assert list(open_history(tmp_path).load_history_strings()) == ["say two", "say one"]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    open_history(tmp_path / "new")
    assert (tmp_path / "new" / "history").stat().st_mode & 0o777 == 0o600


def test_a_file_full_of_noise_is_forgiven(tmp_path: Path) -> None:
    (tmp_path / "history").write_bytes(b"\xff\xfe\x00+say\n+say hello\n")
    assert "say hello" in "".join(open_history(tmp_path).load_history_strings())


def test_without_a_file_lines_are_remembered_for_now(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(open_history(tmp_path / "file"), InMemoryHistory)


def test_a_disk_that_is_full_costs_the_line_and_not_the_session(tmp_path: Path) -> None:
    history = open_history(tmp_path)
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()
    history.append_string("say one")
    assert history.get_strings() == ["say one"]


def test_a_line_that_begins_with_a_blank_is_not_in_the_file(tmp_path: Path) -> None:
    history = open_history(tmp_path)
    history.append_string(" say secret")
    history.append_string("say public")
    assert "secret" not in (tmp_path / "history").read_text()
    assert history.get_strings() == [" say secret", "say public"]
