"""How text for people may look: colour, glyphs, width. The state is told by more than colour."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from nepishell.core.states import ResourceState
from nepishell.output.palette import CODES

#: A glyph per state, so that nothing depends on colour alone.
GLYPHS = {
    ResourceState.NEW: "○",
    ResourceState.DISCOVERED: "◔",
    ResourceState.PROVISIONED: "◑",
    ResourceState.READY: "◕",
    ResourceState.STARTED: "●",
    ResourceState.STOPPED: "✓",
    ResourceState.FAILED: "✗",
    ResourceState.RELEASED: "◌",
}

#: Colours of pictures, those that colour-blind people can tell apart.
SVG_COLOURS = {
    ResourceState.NEW: "#eeeeee",
    ResourceState.DISCOVERED: "#cccccc",
    ResourceState.PROVISIONED: "#999999",
    ResourceState.READY: "#56b4e9",
    ResourceState.STARTED: "#009e73",
    ResourceState.STOPPED: "#f0e442",
    ResourceState.FAILED: "#d55e00",
    ResourceState.RELEASED: "#eeeeee",
}


@dataclass(frozen=True, slots=True)
class Style:
    """*width* in cells, None: no limit. The default is plain text."""

    colour: bool = False
    glyphs: bool = False
    width: int | None = None
    colours: Mapping[str, str] = field(default_factory=lambda: CODES["default"])

    def paint(self, text: str, what: str) -> str:
        """*text* in the colour of *what*, or as it is."""
        code = self.colours.get(what, "")
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text

    def state(self, state: ResourceState) -> str:
        """A state with its glyph, unpainted."""
        return f"{GLYPHS[state]} {state.name}" if self.glyphs else state.name


PLAIN = Style()


def style_for(
    stream: TextIO,
    environ: Mapping[str, str] = os.environ,
    *,
    plain: bool = False,
    theme: str = "default",
) -> Style:
    """What *stream* can show: nothing off a terminal, no colour where NO_COLOR is set."""
    if plain or not stream.isatty():
        return PLAIN
    dumb = environ.get("TERM", "") in ("", "dumb")
    colour = not dumb and not environ.get("NO_COLOR") and theme != "none"
    unicode = "utf" in (stream.encoding or "").lower()
    return Style(colour, unicode and not dumb, shutil.get_terminal_size().columns, CODES[theme])
