"""Names of places as labels: 'São Paulo' is sao-paulo, a second one sao-paulo-2, '?' is n7.

A label is a host name in the lab, and host names do not tell capitals from small letters.
"""

import re
import unicodedata

#: A label may have 63 characters; some are left for a number.
_LONGEST = 40
#: Words that mean something else where resources are named.
_RESERVED = frozenset({"all", "localhost"})
#: Letters that no accent makes.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l"})


class Names:
    """Gives each place a name that no other has."""

    def __init__(self, taken: "set[str] | None" = None) -> None:
        self._taken = {name.lower() for name in taken or ()}
        self._last: dict[str, int] = {}
        #: places whose own name was not good enough
        self.nameless = 0
        #: places that bear the name of another one
        self.repeated = 0

    def name(self, text: str, number: int) -> str:
        """The label for a place that is called *text* and is the *number*th."""
        base = legible(text)
        if not base:
            self.nameless += 1
            base = f"n{number}"
        chosen, count = base, self._last.get(base, 1)
        if chosen in self._taken:
            self.repeated += 1
        while chosen in self._taken or chosen in _RESERVED:
            count += 1
            chosen = f"{base}-{count}"
        self._last[base] = count
        self._taken.add(chosen)
        return chosen


def legible(text: str) -> str:
    """*text* as a label: small letters without accents, digits and dashes; "" if nothing is left.

    What begins with a digit gets an n before it.
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    found = re.sub(r"[^a-z0-9_.]+", "-", plain).strip("-._")[:_LONGEST].rstrip("-._")
    return f"n{found}" if found[:1].isdigit() else found
