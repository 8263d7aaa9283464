"""Answers to questions: compared as people write them, or by a salted hash that tells nothing."""

import hashlib
import hmac
import secrets

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
    """Whether *answer* is the *text*, or what was *hashed*."""
    if hashed:
        return hmac.compare_digest(answer_hash(answer, hashed.partition(":")[0]), hashed)
    return normal(answer) == normal(text)
