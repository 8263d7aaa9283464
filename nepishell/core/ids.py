"""Names of things: guids, experiment ids, run ids, labels (NEPI section 10)."""

import re
import secrets

from nepishell.core.errors import BadValue

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,62}")
_EXP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class GuidGenerator:
    """1, 2, 3, ... and never a number that was given explicitly before (bug B10).

    Not locked: the engine calls it under its own lock.
    """

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = 0

    def peek(self) -> int:
        """What generate() would give next."""
        return self._last + 1

    def generate(self, guid: int | None = None) -> int:
        """The next guid, or *guid* itself, after which all next ones are larger."""
        chosen = self._last + 1 if guid is None else guid
        self._last = max(self._last, chosen)
        return chosen

    def rewind(self, last: int) -> None:
        """Give the numbers after *last* again: what had them never was."""
        self._last = last


def new_exp_id() -> str:
    """'exp-' and sixteen hexadecimal digits of eight random bytes."""
    return f"exp-{secrets.token_hex(8)}"


def check_exp_id(exp_id: str) -> str:
    """*exp_id*, fit to be a folder's name; raises BadValue."""
    if not _EXP_ID.fullmatch(exp_id):
        raise BadValue(f"'{exp_id}' is not an experiment id; use letters, digits, '-', '_', '.'")
    return exp_id


def check_label(label: str) -> str:
    """*label*, fit to be a host name and a folder's name; raises BadValue."""
    if not _LABEL.fullmatch(label):
        raise BadValue(
            f"'{label}' is not a label; begin with a letter, then letters, digits, '-', '_', '.'"
        )
    return label
