"""Colours of words by what they are; names are the styles that argument types declare."""

from prompt_toolkit.styles import Style

COLOURS = {
    "command": "bold ansibrightblue",
    "keyword": "ansiblue",
    "rtype": "ansicyan",
    "guid": "ansigreen",
    "label": "ansigreen bold",
    "attr": "ansimagenta",
    "assignment": "ansimagenta",
    "trace": "ansimagenta",
    "column": "ansimagenta",
    "state": "ansiyellow",
    "number": "ansibrightyellow",
    "value": "ansibrightyellow",
    "string": "",
    "path": "underline",
    "comment": "ansibrightblack italic",
    "pipe": "bold",
    "redirect": "bold",
    "separator": "bold",
    # red alone is not enough for everybody
    "invalid": "ansired underline",
    "unknown": "ansired underline",
    "prompt": "bold",
    "hint": "ansibrightblack",
    "bottom-toolbar": "noreverse bg:ansibrightblack ansiwhite",
    "bottom-toolbar.failed": "bg:ansired ansiwhite bold",
    "bottom-toolbar.started": "bg:ansibrightblack ansibrightgreen",
    "bottom-toolbar.name": "bold",
}


def our_style() -> Style:
    """The theme; prompt_toolkit leaves the colours out where NO_COLOR is set."""
    return Style.from_dict(COLOURS)
