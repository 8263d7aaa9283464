from pathlib import Path

import pytest

from nepishell.core.errors import BadValue, NepishellError
from nepishell.hosts.local import LocalHost
from nepishell.resources.linux.uploads import (
    Abandoned,
    Tally,
    below,
    changed,
    inside,
    listed,
    readable,
    url_name,
)

THERE = Path("/there")


def test_a_list_has_blanks_with_quotes_or_semicolons_as_in_nepi():
    assert listed("a 'b c' d", "files") == ["a", "b c", "d"]
    assert listed("a b; c", "files") == ["a b", "c"]
    assert listed(None, "files") == []
    with pytest.raises(BadValue, match="files: No closing quotation"):
        listed("'a", "files")


def test_a_url_ends_with_the_name_of_a_file():
    assert url_name("https://h.example/a/b-1.2.tar.gz?x=/y#z") == "b-1.2.tar.gz"
    with pytest.raises(BadValue, match="does not end with the name of a file"):
        url_name("https://h.example/")


def test_folders_keep_their_shape_and_odd_names(tmp_path):
    folder = tmp_path / "code"
    (folder / "in ner").mkdir(parents=True)
    (folder / "in ner" / "a\n'b").write_text("x")
    (tmp_path / "one").write_text("yy")
    found = below([str(folder), str(tmp_path / "one")], THERE, "files")
    assert set(found) == {THERE / "code/in ner/a\n'b", THERE / "one"}
    assert set(inside(folder, THERE)) == {THERE / "in ner/a\n'b"}
    assert readable(found) == 3


def test_what_does_not_exist_or_cannot_be_read_is_told(tmp_path):
    with pytest.raises(BadValue, match="files: 'nosuch' does not exist on this machine"):
        below(["nosuch"], THERE, "files")
    with pytest.raises(NepishellError, match=r"cannot read .*: No such file"):
        readable({THERE: tmp_path / "gone"})


def test_only_what_differs_is_uploaded(tmp_path):
    for name, text in (("same", "1"), ("other", "2"), ("new", "3")):
        (tmp_path / name).write_text(text)
    there = tmp_path / "host"
    there.mkdir()
    (there / "same").write_text("1")
    (there / "other").write_text("x")
    wanted = {there / name: tmp_path / name for name in ("same", "other", "new")}
    host = LocalHost()
    assert set(changed(host, wanted)) == {there / "other", there / "new"}
    host.close()


def test_progress_is_said_now_and_then_and_an_end_is_asked_for_at_each_block():
    said, wanted = [], [True]
    tally = Tally("uploading", said.append, lambda: wanted[0], every_s=0.0)
    tally(500_000, 2_000_000)
    assert said == ["uploading: 25 % of 2.0 MB"]
    rare = Tally("uploading", said.append, every_s=1000.0)
    rare(1, 2)
    assert len(said) == 1
    wanted[0] = False
    with pytest.raises(Abandoned, match="given up after 7 of 9 bytes"):
        tally(7, 9)
