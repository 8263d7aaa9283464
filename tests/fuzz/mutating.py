"""Mutations of what is right, by a seed: the same in every run, as many as NEPISHELL_FUZZ says."""

import os
import random
from collections.abc import Iterator, Sequence
from typing import Any

#: Inputs of each kind; `./dev bench fuzz` does ten thousand.
COUNT = int(os.environ.get("NEPISHELL_FUZZ", "300"))
#: What has broken readers before.
ODD = (
    "", " ", "\t", "\x00", "\x1b[", "\r", "\n", "\n\n", "  ", "\u2028", "\ufffd", "é", "日本", "'",
    '"', "\\", "${", "}", "$(", "`", "#", ";", "|", ">", "&", "*", "[", "]", "[1-", "{", "(", ":",
    "::", "=", ",", "-", "--", "@", "%", "~", "0", "-1", "1e999", "nan", "inf", "9" * 40, "0x10",
    "1_0", "٣", "99999999999s", "-5ms", "null", "true", "[1-99999999999]", "&a [*a]",
    "!!python/object/apply:os.system",
)  # fmt: skip


def mutated(random_: random.Random, text: str, others: Sequence[str]) -> str:
    """*text* with up to three changes; *others*: texts that pieces are taken from."""
    for _ in range(random_.randint(0, 3)):
        at, end = sorted(random_.randint(0, len(text)) for _ in range(2))
        match random_.randrange(7):
            case 0:
                text = text[:at] + random_.choice(ODD) + text[at:]
            case 1:
                text = text[:at] + random_.choice(ODD) + text[end:]
            case 2:
                text = text[:at] + text[end:]
            case 3:
                text = text[:end] + text[at:end] + text[end:]
            case 4:
                other = random_.choice(others)
                text = text[:at] + other[random_.randint(0, len(other)) :]
            case 5:
                words = text.split(" ")
                random_.shuffle(words)
                text = " ".join(words)
            case _:
                words = text.split(" ")
                words[random_.randrange(len(words))] = random_.choice(
                    random_.choice(others).split(" ")
                )
                text = " ".join(words)
    return text


_ODD_JSON: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 99, 2**63, -(2**64), 10**400, 0.5, -0.5, 1e308, float("nan"),
    float("inf"), "", "s", "x" * 300, "\x1b[2J", [], [[]], [1, 2], {}, {"a": {}}, "../../up", "0",
)  # fmt: skip


def bent(random_: random.Random, value: Any) -> Any:
    """A JSON *value* with something in it replaced, taken out, or there twice."""
    if not isinstance(value, dict | list) or not value or not random_.randrange(6):
        return random_.choice(_ODD_JSON)
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = random_.choice(keys)
    found: Any = value.copy()
    match random_.randrange(8):
        case 0:
            del found[key]
        case 1 if isinstance(found, list):
            found.insert(key, found[key])
        case _:
            found[key] = bent(random_, value[key])
    return found


def mutations(seed: int, texts: Sequence[str], count: int = COUNT) -> Iterator[str]:
    """*count* of them, each of another text."""
    random_ = random.Random(seed)
    for _ in range(count):
        yield mutated(random_, random_.choice(texts), texts)


def damaged(seed: int, data: bytes, count: int = COUNT) -> Iterator[bytes]:
    """*data* with bytes changed, dropped, repeated or cut off."""
    random_ = random.Random(seed)
    for _ in range(count):
        found = bytearray(data)
        for _ in range(random_.randint(1, 5)):
            if not found:
                break
            at = random_.randrange(len(found))
            match random_.randrange(5):
                case 0:
                    found[at] = random_.randrange(256)
                case 1:
                    del found[at : at + random_.randint(1, 200)]
                case 2:
                    found[at:at] = found[at : at + random_.randint(1, 200)]
                case 3:
                    found[at:at] = random_.randbytes(random_.randint(1, 20))
                case _:
                    del found[at:]
        yield bytes(found)


def in_a_line(problem: BaseException) -> None:
    """What is told of an input that is refused: something, and no traceback."""
    told = str(problem)
    assert told.strip()
    assert "Traceback" not in told
    assert "\n" not in told
