"""Colours by what they paint: one table for the prompt and for what commands show.

A colour is words: an ANSI name (`red`, `bright-blue`) or `#rrggbb`, `on` before a background, and
bold, dim, italic, underline. The colour-blind theme is Okabe and Ito's set.
"""

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_MARKS = {"bold": "1", "dim": "2", "italic": "3", "underline": "4"}
#: Steps of the cube of 216 colours that terminals agree on.
_CUBE = (0, 95, 135, 175, 215, 255)

_WORDS = {
    "header": "bold",
    "dim": "dim",
    "NEW": "dim",
    "DISCOVERED": "cyan",
    "PROVISIONED": "cyan",
    "READY": "blue",
    "STARTED": "green",
    "STOPPED": "yellow",
    "FAILED": "bold red",
    "RELEASED": "dim",
    "command": "bold bright-blue",
    "keyword": "blue",
    "rtype": "cyan",
    "guid": "green",
    "label": "green bold",
    "attr": "magenta",
    "assignment": "magenta",
    "trace": "magenta",
    "column": "magenta",
    "state": "yellow",
    "name": "green",
    "number": "bright-yellow",
    "value": "bright-yellow",
    "string": "",
    "path": "underline",
    "comment": "bright-black italic",
    "pipe": "bold",
    "redirect": "bold",
    "separator": "bold",
    # red alone is not enough for everybody
    "invalid": "red underline",
    "unknown": "red underline",
    "prompt": "bold",
    "hint": "bright-black",
    "bar": "bright-white on bright-black",
    "bar.name": "bold",
    "bar.started": "bright-green on bright-black",
    "bar.failed": "bold white on red",
    "bar.suspect": "black on yellow",
}
_OKABE_ITO = {
    "DISCOVERED": "#999999",
    "PROVISIONED": "#cc79a7",
    "READY": "#56b4e9",
    "STARTED": "#009e73",
    "STOPPED": "#f0e442",
    "FAILED": "bold #d55e00",
    "command": "bold #56b4e9",
    "keyword": "#56b4e9",
    "rtype": "#009e73",
    "guid": "#e69f00",
    "label": "#e69f00 bold",
    "attr": "#cc79a7",
    "assignment": "#cc79a7",
    "trace": "#cc79a7",
    "column": "#cc79a7",
    "state": "#f0e442",
    "invalid": "#d55e00 underline",
    "unknown": "#d55e00 underline",
    "bar": "#ffffff on #303030",
    "bar.started": "#56b4e9 on #303030",
    "bar.failed": "bold #000000 on #e69f00",
    "bar.suspect": "#000000 on #f0e442",
}
_HIGH = {
    "dim": "",
    "NEW": "white",
    "DISCOVERED": "bright-cyan",
    "PROVISIONED": "bright-cyan",
    "READY": "bold bright-cyan",
    "STARTED": "bold bright-green",
    "STOPPED": "bold bright-yellow",
    "FAILED": "bold white on red",
    "RELEASED": "white",
    "comment": "white italic",
    "hint": "white",
    "keyword": "bright-cyan",
    "attr": "bright-magenta",
    "assignment": "bright-magenta",
    "invalid": "bold white on red",
    "unknown": "bold white on red",
    "bar": "bold black on white",
    "bar.started": "bold black on white",
    "bar.failed": "bold white on red",
    "bar.suspect": "bold black on yellow",
}

#: theme -> what is painted -> colour; every theme has the same keys.
THEMES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "default": _WORDS,
    "colour-blind": {**_WORDS, **_OKABE_ITO},
    "high-contrast": {**_WORDS, **_HIGH},
    "none": dict.fromkeys(_WORDS, ""),
})  # fmt: skip


def sgr(colour: str) -> str:
    """The parameters of the escape sequence that switches *colour* on; '' for none."""
    codes, base = [], 30
    for word in colour.split():
        if word == "on":
            base = 40
        elif word in _MARKS:
            codes.append(_MARKS[word])
        elif word.startswith("#"):
            codes.append(f"{base + 8};5;{_in_cube(word)}")
        else:
            name = word.removeprefix("bright-")
            codes.append(str(base + _NAMES.index(name) + (60 if name != word else 0)))
    return ";".join(codes)


def _in_cube(colour: str) -> int:
    # not every terminal knows 16 million colours, and all that show colours know these
    place = 16
    for at, weight in ((1, 36), (3, 6), (5, 1)):
        level = int(colour[at : at + 2], 16)
        place += weight * min(range(6), key=lambda step: abs(_CUBE[step] - level))
    return place


#: theme -> what is painted -> parameters of its escape sequence
CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {name: {what: sgr(colour) for what, colour in theme.items()} for name, theme in THEMES.items()}
)
