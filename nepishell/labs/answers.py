"""Answers to questions: compared as people write them, or by a salted hash that tells nothing.

A number is right in any unit, and as near as the answer says: `40ms+-5%`, `3..5`.
"""

import hashlib
import hmac
import secrets

from nepishell.commands.bounds import parse_wanted
from nepishell.core.errors import BadValue
from nepishell.lang.quantities import parse_quantity

#: Rounds of the hash: a tenth of a second, so that short answers are not tried out in no time.
_ROUNDS = 100_000


def normal(answer: str) -> str:
    """The answer without differences that mean nothing: blanks, and capital letters."""
    return " ".join(answer.split()).casefold()


def answer_hash(answer: str, salt: str = "") -> str:
    """`salt:hash` of an answer, for lab.toml; a new *salt* where none is given."""
    salt = salt or secrets.token_hex(8)
    found = hashlib.pbkdf2_hmac("sha256", normal(answer).encode(), bytes.fromhex(salt), _ROUNDS)
    return f"{salt}:{found.hex()}"


def is_answer(answer: str, *, text: str = "", hashed: str = "") -> bool:
    """Whether *answer* is the *text*, within the bounds that it writes, or what was *hashed*."""
    if hashed:
        return hmac.compare_digest(answer_hash(answer, hashed.partition(":")[0]), hashed)
    return normal(answer) == normal(text) or _is_within(answer, text)


def _is_within(answer: str, text: str) -> bool:
    try:
        wanted = parse_wanted(text)
        value, kind = parse_quantity("".join(answer.split()))
        return wanted.bound is not None and wanted.holds("the answer", value, kind)
    except BadValue:
        return False
