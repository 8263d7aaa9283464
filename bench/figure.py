"""One number of ours beside the same number of a peer, and what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured value; lower is better when *at_most* is given, higher when *at_least*.

    The bound is on ours / theirs when there is a peer, on *ours* otherwise. Without a bound the
    figure is for information. *skipped* says why nothing was measured.
    """

    name: str
    unit: str = ""
    ours: float | None = None
    theirs: float | None = None
    peer: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""
    skipped: str = ""

    @property
    def ratio(self) -> float | None:
        """ours / theirs, or None without a peer."""
        if self.ours is None or not self.theirs:
            return None
        return self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        """Whether the bound holds; None without a bound or a measurement."""
        judged = self.ratio if self.peer else self.ours
        if judged is None:
            return None
        if self.at_most is not None:
            return judged <= self.at_most
        if self.at_least is not None:
            return judged >= self.at_least
        return None


def number(value: float | None) -> str:
    """Three significant digits, thousands grouped; '' for None."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def bound(figure: Figure) -> str:
    """'<= 0.125', '>= 200,000' or ''."""
    if figure.at_most is not None:
        return f"<= {number(figure.at_most)}"
    if figure.at_least is not None:
        return f">= {number(figure.at_least)}"
    return ""


def verdict(figure: Figure) -> str:
    """'met', 'not met', 'skipped', or '' without a bound."""
    if figure.skipped:
        return "skipped"
    return {True: "met", False: "not met", None: ""}[figure.met]


def row(figure: Figure) -> list[str]:
    """The cells of one line: name, unit, ours, theirs, ratio, target, verdict, note."""
    theirs = f"{number(figure.theirs)} {figure.peer}".strip()
    return [
        figure.name,
        figure.unit,
        number(figure.ours),
        theirs,
        number(figure.ratio),
        bound(figure),
        verdict(figure),
        figure.skipped or figure.note,
    ]
