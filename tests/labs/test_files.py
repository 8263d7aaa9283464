"""Nothing of a lab leads out of it or fills the memory."""

import zipfile
from pathlib import Path

import pytest

from nepishell.labs.files import LARGEST, LabError, read_files
from nepishell.labs.model import read_lab
from tests.labs.building import FILES, write_lab


def packed(path: Path, files: dict[str, str], folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if folder:
            archive.mkdir(folder)
        for name, text in files.items():
            archive.writestr(f"{folder}{name}", text)
    return path


@pytest.mark.parametrize("folder", ["", "small/"])
def test_a_zip_holds_the_same_as_a_folder(tmp_path: Path, folder: str) -> None:
    archive = packed(tmp_path / "small.zip", FILES, folder)

    assert read_files(archive) == read_files(write_lab(tmp_path / "small"))
    assert read_lab(archive).id == "small"


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "a\\..\\out.md"])
def test_a_zip_that_leads_elsewhere_is_not_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(LabError, match="not opened"):
        read_files(packed(tmp_path / "bad.zip", {**FILES, name: "x"}))


def test_a_zip_that_grows_too_much_is_not_read(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.zip", {**FILES, "steps/1.md": "x" * (LARGEST + 1)})

    with pytest.raises(LabError, match=r"steps/1\.md is larger than 1 MiB"):
        read_files(bomb)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab")
    (folder / "steps" / "3.md").symlink_to("/etc/hostname")

    with pytest.raises(LabError, match=r"steps/3\.md leads out of the lab"):
        read_files(folder)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"PK\x03\x04 no zip", "neither a folder nor a zip"), (b"", "neither a folder nor a zip")],
)
def test_what_is_no_zip_is_told(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "what.zip"
    path.write_bytes(data)

    with pytest.raises(LabError, match=message):
        read_files(path)


def test_what_is_not_there_or_no_lab_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="no such lab"):
        read_files(tmp_path / "none")
    with pytest.raises(LabError, match=r"not a lab: it has no lab\.toml"):
        read_files(tmp_path)
