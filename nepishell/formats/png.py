"""SVG as PNG, by resvg: one wheel without libraries of the system."""

from importlib.util import find_spec
from pathlib import Path

import resvg_py

#: Pixels for each unit of the drawing: sharp on paper and on dense screens.
ZOOM = 2
#: A font that the PDF library ships, so that pictures are alike on all machines; what it has no
#: glyph for is looked for in the fonts of the machine.
_PACKAGE, _FILES, _FAMILY = "reportlab", "fonts/Vera*.ttf", "Bitstream Vera Sans"


def png(svg: str) -> bytes:
    """The picture, opaque where the drawing is."""
    fonts = _fonts()
    family = _FAMILY if fonts else None
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM, font_files=fonts, sans_serif_family=family)
    )


def _fonts() -> list[str]:
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found is not None else None
    return [str(font) for folder in folders or () for font in sorted(Path(folder).glob(_FILES))]
