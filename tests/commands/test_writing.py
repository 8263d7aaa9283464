"""Results in files."""

from pathlib import Path

import pytest

from nepishell.commands.notes import Shown
from nepishell.commands.writing import form_of, save, write
from nepishell.core.errors import BadValue, NepishellError
from nepishell.output.records import Drawing, Message, Records, Result
from tests.commands.stand import Session

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
TABLE = Records(["a"], [(1,)])
PICTURE = Drawing(TABLE, lambda style: "text", lambda: SVG, {"dot": lambda: "graph {}"})


@pytest.mark.parametrize(
    ("name", "result", "form"),
    [
        ("x.svg", PICTURE, "svg"),
        ("x.SVG", PICTURE, "svg"),
        (".svg", PICTURE, "svg"),
        ("x.png", PICTURE, "png"),
        ("x.dot", PICTURE, "dot"),
        ("x.csv", PICTURE, "csv"),
        ("x.csv", TABLE, "csv"),
        ("x.json", TABLE, "json"),
        ("x", PICTURE, ""),
        ("x.txt", PICTURE, ""),
        ("x.png", Message("what a file is called is its own affair"), ""),
    ],
)
def test_the_ending_of_a_file_asks_for_a_form(name: str, result: Result, form: str) -> None:
    assert form_of(name, result) == form


def test_what_is_no_picture_says_so() -> None:
    with pytest.raises(BadValue, match="no picture of this"):
        form_of("x.pdf", TABLE)
    with pytest.raises(BadValue, match=r"'x\.jpg': pictures are written as svg, png, pdf, dot"):
        form_of("x.jpg", PICTURE)


@pytest.mark.parametrize(
    ("name", "begin"),
    [("x.png", b"\x89PNG"), ("x.pdf", b"%PDF"), ("x.svg", b"<svg"), ("x.dot", b"graph {}\n")],
)
def test_a_picture_is_written_in_the_form_of_its_name(
    tmp_path: Path, name: str, begin: bytes
) -> None:
    write(tmp_path / name, Shown(PICTURE))
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_a_form_that_was_asked_for_is_stronger_than_a_name(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", Shown(TABLE, "json"))
    assert (tmp_path / "x.csv").read_text() == '[{"a": 1}]\n'


def test_pictures_are_not_added_to_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="nothing can be added to such a file"):
        write(tmp_path / "x.png", Shown(PICTURE), append=True)
    assert not (tmp_path / "x.png").exists()


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="cannot be written: no such file"):
        save(str(tmp_path / "no" / "x.png"), PICTURE)


def test_a_listing_in_a_file_called_csv_is_csv(pair: Session, tmp_path: Path) -> None:
    pair(f"list > {tmp_path}/all.csv")
    assert (tmp_path / "all.csv").read_text().startswith("guid,label,rtype")
