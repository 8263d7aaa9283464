"""Each student's own values: drawn from a course key and the student's name, one stream by name.

HMAC-SHA256(key, lab, version, student, attempt) is a student's seed; HMAC-SHA256(seed, parameter)
draws a value, so adding a parameter moves no other. Who is given a seed cannot find the key.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from nepishell.core.errors import BadValue, NepishellError
from nepishell.labs import formulas
from nepishell.labs.parts import Lab, Parameter, ParameterKind

#: Bytes that a course key has at least, attempts to find values that nobody has, and letters of
#: the id of a variant.
SHORTEST_KEY, ATTEMPTS, ID_LENGTH = 16, 1000, 12
SUFFIX = ".variant"
_MOST_STUDENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The values of one student. *seed*: hexadecimal. *practice*: drawn without a course key."""

    lab: str
    version: str
    student: str
    seed: str
    values: Mapping[str, str]
    practice: bool = False

    @property
    def id(self) -> str:
        """Tells variants apart, and tells nothing of the seed."""
        told = f"variant\0{self.lab}\0{self.version}\0{self.student}\0{self.seed}"
        return hashlib.sha256(told.encode()).hexdigest()[:ID_LENGTH]


def read_key(path: Path) -> bytes:
    """The course key in a file; raises NepishellError when it cannot be read, or is too short."""
    try:
        key = path.read_bytes().strip()
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: the key cannot be read: {reason}") from None
    if len(key) < SHORTEST_KEY:
        raise NepishellError(
            f"{path}: a course key has at least {SHORTEST_KEY} bytes; "
            f"make one with: head -c 32 /dev/urandom | base64 > {path}"
        )
    return key


def read_roster(path: Path) -> tuple[str, ...]:
    """The students of a file, one on each line, before the first comma; raises NepishellError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "not UTF-8 text"
        raise NepishellError(f"{path}: the roster cannot be read: {reason.lower()}") from None
    names = [line.partition(",")[0].strip() for line in lines]
    found = [name for name in names if name and not name.startswith("#")]
    if len(found) > _MOST_STUDENTS:
        raise NepishellError(f"{path}: more than {_MOST_STUDENTS:,} students")
    for name in found:
        check_student(name)
        if found.count(name) > 1:
            raise NepishellError(f"{path}: '{name}' is there twice")
    return tuple(found)


def check_student(name: str) -> None:
    """Raise BadValue for what is no name of a student, or no name of a file."""
    if not name or len(name) > 100 or not name.isprintable() or "/" in name or name[0] in ".-":
        raise BadValue(f"'{name}' is no name of a student: letters, digits and '-' will do")


def seed_of(key: bytes, lab: Lab, student: str, attempt: int = 0) -> str:
    """The seed of a student under a course key, hexadecimal."""
    told = f"{lab.id}\0{lab.version}\0{student}\0{attempt}"
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()


def variant(lab: Lab, student: str, seed: str, *, practice: bool = False) -> Variant:
    """The values that come of a seed; raises NepishellError for a formula that has no result."""
    values: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for name, parameter in lab.parameters.items():
        number = hmac.new(bytes.fromhex(seed), name.encode(), hashlib.sha256).digest()
        values[name] = _drawn(parameter, int.from_bytes(number), numbers)
    return Variant(
        lab=lab.id, version=lab.version, student=student, seed=seed, values=values,
        practice=practice,
    )  # fmt: skip


def _drawn(parameter: Parameter, number: int, numbers: dict[str, float]) -> str:
    """The value of a parameter; *numbers*: of those before it, without units; it is added."""
    match parameter.kind:
        case ParameterKind.CHOICE:
            chosen = parameter.choices[number % len(parameter.choices)]
            if isinstance(chosen, str):
                return f"{chosen}{parameter.unit}"
            found = float(chosen)
        case ParameterKind.RANGE:
            count = int((parameter.high - parameter.low) / parameter.step + 1e-9) + 1
            found = parameter.low + parameter.step * (number % count)
        case ParameterKind.FORMULA:
            found = formulas.evaluate(parameter.formula, numbers)
        case ParameterKind.CIDR:
            inside = ip_network(parameter.inside)
            at = number % (1 << (parameter.prefix - inside.prefixlen))
            first = int(inside.network_address) + (at << (inside.max_prefixlen - parameter.prefix))
            kind = type(inside.network_address)
            return f"{kind(first)}/{parameter.prefix}"
        case ParameterKind.HASH:
            return f"{number:064x}"[: parameter.digits]
    numbers[parameter.name] = found
    return f"{formulas.show(found)}{parameter.unit}"


def practice_variant(lab: Lab, student: str = "") -> Variant:
    """The values of whoever has no seed from a teacher: the same for everybody of that name."""
    told = f"practice\0{lab.id}\0{lab.version}\0{student}"
    seed = hashlib.sha256(told.encode()).hexdigest()
    return variant(lab, student, seed, practice=True)


def variants(lab: Lab, key: bytes, roster: Sequence[str]) -> dict[str, Variant]:
    """The values of each student of a roster, in its order; raises NepishellError.

    Of parameters that are `unique` no two students have the same value: whoever stands later in
    the roster draws again. Students that are added at its end change nobody before them.
    """
    unique = [name for name, parameter in lab.parameters.items() if parameter.unique]
    taken: dict[str, set[str]] = {name: set() for name in unique}
    found: dict[str, Variant] = {}
    for student in roster:
        drawn = _unlike(lab, key, student, taken)
        for name in unique:
            taken[name].add(drawn.values[name])
        found[student] = drawn
    return found


def _unlike(lab: Lab, key: bytes, student: str, taken: Mapping[str, set[str]]) -> Variant:
    for attempt in range(ATTEMPTS):
        drawn = variant(lab, student, seed_of(key, lab, student, attempt))
        if not any(drawn.values[name] in values for name, values in taken.items()):
            return drawn
    names = ", ".join(taken)
    raise NepishellError(
        f"no values of {names} are left for '{student}': widen their ranges in {lab.file}"
    )


def spell(found: Variant) -> str:
    """What a student is given, as text of a file."""
    told = {"lab": found.lab, "version": found.version, "student": found.student,
            "seed": found.seed}  # fmt: skip
    return json.dumps(told, indent=1) + "\n"


def read_variant(lab: Lab, text: str, file: str) -> Variant:
    """The values of whoever was given this text; raises NepishellError where it is for no such lab.

    *file*: named in errors.
    """
    try:
        told = json.loads(text)
        student, seed = str(told["student"]), str(told["seed"])
        is_seed = len(bytes.fromhex(seed)) == hashlib.sha256().digest_size
    except (ValueError, KeyError, TypeError, RecursionError):
        is_seed = False
    if not is_seed:
        raise NepishellError(f"{file}: not a variant; it is what your teacher gave you as a file")
    check_student(student)
    mine = (lab.id, lab.version)
    if (told.get("lab"), told.get("version")) != mine:
        raise NepishellError(
            f"{file}: for lab {told.get('lab')} {told.get('version')}, this is {' '.join(mine)}"
        )
    return variant(lab, student, seed)
