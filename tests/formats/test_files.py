"""Descriptions in files, and the controller's methods for them."""

from pathlib import Path

import pytest

from nepishell import ExperimentController, PFormats, SFormats
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceState
from nepishell.formats import files
from nepishell.formats.files import load_into, read, write
from tests.commands.stand import Session, register
from tests.formats.test_xml_reading import OF_NEPI


def pair(folder: Path, **keywords: object) -> ExperimentController:
    """Two nodes and a link, by NEPI's methods."""
    register()
    ec = ExperimentController("pair", local_dir=folder, **keywords)
    one, two = (ec.register_resource("test::Node", label=name) for name in ("h1", "h2"))
    wire = ec.register_resource("test::Link", delay="20ms")
    ec.register_connection(one, wire)
    ec.register_connection(wire, two)
    return ec


@pytest.mark.parametrize("form", list(SFormats))
def test_an_experiment_is_saved_deployed_loaded_and_deployed_again(
    tmp_path: Path, form: str
) -> None:
    with pair(tmp_path) as ec:
        path = ec.save(str(tmp_path), form)
        ec.deploy()
        ec.wait_started(ec.resources)
        assert ec.serialize(form) != Path(path).read_text()
    again = ExperimentController.load(path, local_dir=tmp_path)
    with again:
        assert (again.exp_id, again.resources) == ("pair", [1, 2, 3])
        assert again.get(3, "delay") == 0.02
        assert again.connections(3) == [1, 2]
        assert {again.state(guid) for guid in again.resources} == {ResourceState.NEW}
        again.deploy()
        assert again.wait_started(again.resources)


def test_a_file_is_named_after_experiment_and_time_in_the_folder_of_the_run(
    tmp_path: Path,
) -> None:
    with pair(tmp_path) as ec:
        path = Path(ec.save())
        assert path.parent == ec.run_dir
        assert path.name.startswith("pair_2")
        assert path.suffix == ".xml"


def test_who_persists_is_saved_once_when_all_is_released(tmp_path: Path) -> None:
    for released in (True, False):
        ec = pair(tmp_path / str(released), persist=True)
        assert ec.persist
        if released:
            ec.release()
        ec.shutdown()
        assert len(list(ec.run_dir.glob("pair_*.xml"))) == 1


def test_plot_writes_a_picture_beside_it(tmp_path: Path) -> None:
    with pair(tmp_path) as ec:
        assert Path(ec.plot(str(tmp_path))).read_bytes().startswith(b"\x89PNG")
        assert Path(ec.plot(format=PFormats.DOT)).parent == ec.run_dir
        with pytest.raises(BadValue, match="there is no window here"):
            ec.plot(show=True)


@pytest.mark.parametrize("method", ["save", "serialize", "plot"])
def test_other_forms_are_refused(tmp_path: Path, method: str) -> None:
    with pair(tmp_path) as ec, pytest.raises(BadValue, match="'docx' is not a form of files"):
        getattr(ec, method)(format="docx")


def test_nothing_of_a_file_that_is_wrong_is_loaded(session: Session, tmp_path: Path) -> None:
    session("add test::Node mine")
    path = tmp_path / "nepi.xml"
    path.write_text(OF_NEPI.replace('guid="1"', 'guid="8"').replace("[1, 3]", "[2, 77]"))
    with pytest.raises(BadValue, match=r"nepi\.xml: line \d+: "):
        load_into(session.ec, path)
    assert session.ec.resources == [1]
    assert session.ec.find("mine") == 1


def test_a_broken_file_leaves_no_controller_behind(tmp_path: Path) -> None:
    path = tmp_path / "nepi.xml"
    path.write_text(OF_NEPI.replace("linux::Application", "linux::Aplication"))
    with pytest.raises(BadValue, match=r"no resource type 'linux::Aplication'; did you mean"):
        ExperimentController.load(path)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.txt", b"", r"x\.txt': a description is a file that ends in \.xml or \.json"),
        ("x.json", b"\xff\xfe", r"x\.json: byte 0: no text in UTF-8"),
        ("x.json", b"{", r"x\.json: line 1:2: no JSON"),
        ("gone.xml", None, r"gone\.xml: cannot be read: no such file"),
    ],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(NepishellError, match=message):
        read(tmp_path / name)


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)
    path = tmp_path / "x.json"
    path.write_bytes(b" " * (2**20 + 1))
    with pytest.raises(BadValue, match="larger than 1 MiB"):
        read(path)


def test_a_file_is_written_whole_or_not_at_all(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="cannot be written: no such file"):
        write(tmp_path / "no" / "x.json", session.ec)
    write(tmp_path / "x.json", session.ec)
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
