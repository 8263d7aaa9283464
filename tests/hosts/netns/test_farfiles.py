from pathlib import Path

from nepishell.hosts.local import LocalHost
from nepishell.hosts.netns.farfiles import FarFiles


def test_files_are_those_of_the_machine(tmp_path: Path) -> None:
    files = FarFiles(LocalHost("m"))
    path = tmp_path / "folder" / "file"
    files.write(path, b"some text")
    assert (files.read(path, 5), files.size(path)) == (b"text", 9)
    files.put(path, tmp_path / "copy")
    files.get(tmp_path / "copy", tmp_path / "back")
    files.put_all({tmp_path / "all": tmp_path / "folder"})
    assert (tmp_path / "all" / "file").read_bytes() == (tmp_path / "back").read_bytes()
    assert list(files.checksums([path])) == [path]
    files.mkdir(tmp_path / "made")
    files.remove(tmp_path / "folder")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["all", "back", "copy", "made"]


def test_it_can_be_reached_while_the_machine_can() -> None:
    machine = LocalHost("m")
    files = FarFiles(machine)
    assert files.reach.up
    assert files.home == machine.home
    files.on_reach(lambda reach: None)()
