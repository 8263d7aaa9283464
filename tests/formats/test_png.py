"""SVG as PNG."""

import struct

import pytest

from nepishell.formats.png import ZOOM, png

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" font-family="sans-serif"'
    ' font-size="12">{}</svg>'
)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height, from the first chunk."""
    wide, high = struct.unpack(">II", picture[16:24])
    return wide, high


def test_a_unit_is_several_pixels() -> None:
    assert size(png(SVG.format(""))) == (40 * ZOOM, 20 * ZOOM)


def test_text_is_there() -> None:
    assert len(png(SVG.format('<text x="2" y="15">wire</text>'))) > len(png(SVG.format("")))


def test_a_very_large_picture_has_no_more_pixels_than_programs_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nepishell.formats.png.MOST", 200.0)
    wide, high = size(png(SVG.format("")))
    assert (wide, high) == (20, 10)
