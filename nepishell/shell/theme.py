"""The themes of the palette as styles of prompt_toolkit."""

from prompt_toolkit.styles import Style

from nepishell.output.palette import THEMES

#: What the palette calls the toolbar and its parts.
_BAR = "bar"


def our_style(theme: str = "default") -> Style:
    """A theme; prompt_toolkit leaves the colours out where NO_COLOR is set."""
    rules = {
        _name(what): _spelt(colour) for what, colour in THEMES[theme].items() if what.islower()
    }  # the states are painted by what commands show
    # without colours the toolbar is told from the lines by nothing else
    rules["bottom-toolbar"] = f"noreverse {rules['bottom-toolbar']}" if theme != "none" else ""
    return Style.from_dict(rules)


def _name(what: str) -> str:
    bar, dot, part = what.partition(".")
    return f"bottom-toolbar{dot}{part}" if bar == _BAR else what


def _spelt(colour: str) -> str:
    """`bold white on red` -> `bold ansigray bg:ansired`."""
    front, _, back = colour.partition("on ")
    return " ".join([*map(_word, front.split()), *(f"bg:{_word(word)}" for word in back.split())])


def _word(word: str) -> str:
    if word == "dim":
        # older versions of the library do not know it
        return "ansibrightblack"
    if word in ("bold", "italic", "underline") or word.startswith("#"):
        return word
    name = word.removeprefix("bright-")
    bright = name != word
    match name:
        case "white":
            return "ansiwhite" if bright else "ansigray"
        case "black":
            return "ansibrightblack" if bright else "ansiblack"
    return f"ansi{'bright' if bright else ''}{name}"
