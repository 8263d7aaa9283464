"""SVG as PNG, by resvg: one wheel without libraries of the system."""

import math
import re
from importlib.util import find_spec
from pathlib import Path

import resvg_py

#: Pixels for each unit of the drawing: sharp on paper and on dense screens. Of a very large one
#: fewer, so that there are not more than this many pixels: programs refuse to show them.
ZOOM, MOST = 2.0, 60e6
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
#: A font that the PDF library ships, so that pictures are alike on all machines; what it has no
#: glyph for is looked for in the fonts of the machine.
_PACKAGE, _FILES, _FAMILY = "reportlab", "fonts/Vera*.ttf", "Bitstream Vera Sans"


def png(svg: str) -> bytes:
    """The picture, opaque where the drawing is."""
    fonts = _fonts()
    family = _FAMILY if fonts else None
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=_zoom(svg), font_files=fonts, sans_serif_family=family
        )
    )


def _zoom(svg: str) -> float:
    found = _SIZE.search(svg, 0, 1000)
    units = float(found[1]) * float(found[2]) if found else 1.0
    return min(ZOOM, math.sqrt(MOST / max(1.0, units)))


def _fonts() -> list[str]:
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found is not None else None
    return [str(font) for folder in folders or () for font in sorted(Path(folder).glob(_FILES))]
