"""Many hosts in one word, as Ansible writes them: web[01:20], db[a:c], h[1:9:2].example.org."""

import re
from ipaddress import ip_address
from itertools import product

from nepishell.core.errors import BadValue

_RANGE = re.compile(r"\[([^\[\]:]*):([^\[\]:]*)(?::(\d+))?\]")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.%:-]{0,254}")
_PORT = re.compile(r"(.+?):(\d{1,5})")
#: Hosts of one inventory: more is a slip of the finger.
MOST = 100_000


def expand(text: str) -> list[str]:
    """The names that *text* stands for, in order; itself where it has no range. Raises BadValue."""
    if _is_address(text):
        return [text.strip("[]")]
    parts = _RANGE.split(text)
    choices = [_steps(text, *parts[i + 1 : i + 4]) for i in range(0, len(parts) - 1, 4)]
    count = 1
    for choice in choices:
        count *= len(choice)
        if count > MOST:
            raise BadValue(f"'{text}' stands for more than {MOST:,} hosts")
    fixed = parts[::4]
    names = [
        "".join(map("".join, zip(fixed, (*each, ""), strict=True))) for each in product(*choices)
    ]
    for name in names[:1]:
        if not _NAME.fullmatch(name):
            raise BadValue(f"'{name}' is not a host name; write letters, digits, '.', '-'")
    return names


def split_port(text: str) -> tuple[str, int | None]:
    """(name, port) of 'web1:2222' or '[::1]:2222'; None where there is no port."""
    found = _PORT.fullmatch(text)
    if found is None or ip_like(text) or ":" in _RANGE.sub("", found[1]).split("]")[-1]:
        return text, None
    return found[1], int(found[2])


def ip_like(text: str) -> bool:
    """Whether it is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_address(text: str) -> bool:
    return text.startswith("[") and text.endswith("]") and ip_like(text[1:-1])


def _steps(text: str, first: str, last: str, step: str | None) -> list[str]:
    by = int(step or "1")
    if first.isdecimal() and last.isdecimal() and len(last) < 10 and by:
        low, high = int(first), int(last)
        width = len(first) if first.startswith("0") else 0
        if low <= high and (high - low) // by < MOST:
            return [str(number).zfill(width) for number in range(low, high + 1, by)]
    elif len(first) == len(last) == 1 and first.isalpha() and last.isalpha() and by:
        found = [chr(code) for code in range(ord(first), ord(last) + 1, by)]
        if found:
            return found
    raise BadValue(f"'{text}' has a range that is none; write it as in web[01:20] or db[a:c]")
