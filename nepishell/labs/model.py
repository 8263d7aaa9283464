"""Reading a lab: its folder or zip into values; what is wrong with it by file, line, column.

    lab.toml  steps/*.md  start.nepi        what students have
    solution/<step id>.nepi  mutants/*.nepi   what only teachers have

Values of parameters are not filled in here: see `variants`.
"""

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.labs.check_reading import read_checks
from nepishell.labs.files import MANIFEST, LabError, read_files
from nepishell.labs.formulas import names_in
from nepishell.labs.parts import (
    Check,
    Hint,
    Lab,
    Moment,
    Mutant,
    Parameter,
    ParameterKind,
    Scalar,
    Step,
    When,
)
from nepishell.labs.tables import Table, read_toml
from nepishell.labs.texts import NAME, unknown_names

__all__ = [
    "Check",
    "Hint",
    "Lab",
    "LabError",
    "Moment",
    "Mutant",
    "Parameter",
    "ParameterKind",
    "Scalar",
    "Step",
    "When",
    "read_lab",
]

START, SOLUTION, MUTANTS = "start.nepi", "solution/", "mutants/"
_UNITS = ("unit", "unique")
_FIELDS = {
    ParameterKind.CHOICE: ("choice", *_UNITS),
    ParameterKind.RANGE: ("range", "step", *_UNITS),
    ParameterKind.CIDR: ("cidr_from", "prefix", "unique"),
    ParameterKind.HASH: ("hash", "unique"),
    ParameterKind.FORMULA: ("formula", "unit"),
}
_KEYS = {
    ParameterKind.CHOICE: "choice",
    ParameterKind.RANGE: "range",
    ParameterKind.CIDR: "cidr_from",
    ParameterKind.HASH: "hash",
    ParameterKind.FORMULA: "formula",
}
#: Values that a range may have, and hexadecimal digits of a hash.
_MOST_VALUES, _MOST_DIGITS = 1_000_000, 64


def read_lab(path: Path) -> Lab:
    """The lab at *path*, a folder or a zip; raises LabError."""
    files = read_files(path)
    top = read_toml(files[MANIFEST], str(path / MANIFEST) if path.is_dir() else MANIFEST)
    top.only(("lab", "params", "step", "mutant"), MANIFEST)
    about = top.table("lab")
    about.only(("id", "version", "title", "summary", "minutes"), "[lab]")
    parameters = _parameters(top.table("params"))
    steps = _steps(top, files, parameters)
    solutions = {step.id: files[name] for step in steps
                 if (name := f"{SOLUTION}{step.id}.nepi") in files}  # fmt: skip
    if START not in files:
        raise about.wrong(f"no file {START} is beside it: what students begin with, may be empty")
    return Lab(
        id=_name(about, "id"),
        version=about.plain("version"),
        title=about.text("title"),
        summary=about.text("summary", ""),
        minutes=about.number("minutes", 0),
        parameters=parameters,
        steps=steps,
        start=files[START],
        file=str(path),
        solutions=solutions,
        mutants=_mutants(top, files, steps) if solutions else (),
        files={name: text for name, text in files.items()
               if not name.startswith((SOLUTION, MUTANTS))},
    )  # fmt: skip


def _name(table: Table, key: str) -> str:
    found = table.text(key)
    if not NAME.fullmatch(found):
        raise table.wrong(f"'{found}' is no name: letters, digits, '-' and '_' only", key)
    return found


def _parameters(table: Table) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for name in table.values:
        if not NAME.fullmatch(name):
            raise table.wrong(f"'{name}' is no name: letters, digits, '-' and '_' only", name)
        found[name] = _parameter(name, table.table(name), found)
    return found


def _parameter(name: str, table: Table, earlier: Mapping[str, Parameter]) -> Parameter:
    kinds = [kind for kind, key in _KEYS.items() if key in table.values]
    if len(kinds) != 1:
        raise table.wrong(f"'{name}' wants one of {', '.join(_KEYS.values())}")
    (kind,) = kinds
    table.only(_FIELDS[kind], f"a parameter with '{_KEYS[kind]}'")
    unit, unique = table.text("unit", ""), table.flag("unique")
    match kind:
        case ParameterKind.CHOICE:
            return Parameter(name=name, kind=kind, unit=unit, unique=unique,
                             choices=table.scalars("choice"))  # fmt: skip
        case ParameterKind.RANGE:
            low, high, step = _range(table)
            return Parameter(name=name, kind=kind, unit=unit, unique=unique,
                             low=low, high=high, step=step)  # fmt: skip
        case ParameterKind.CIDR:
            inside, prefix = _network(table)
            return Parameter(name=name, kind=kind, unique=unique, inside=inside, prefix=prefix)
        case ParameterKind.FORMULA:
            formula = _formula(table, earlier)
            return Parameter(name=name, kind=kind, unit=unit, formula=formula)
    digits = int(table.number("hash"))
    if not 1 <= digits <= _MOST_DIGITS:
        raise table.wrong(f"'hash' is a number of digits, from 1 to {_MOST_DIGITS}", "hash")
    return Parameter(name=name, kind=kind, unique=unique, digits=digits)


def _range(table: Table) -> tuple[float, float, float]:
    ends = table.scalars("range")
    if len(ends) != 2 or any(isinstance(end, str) for end in ends):
        raise table.wrong("'range' must be two numbers, as in [10, 50]", "range")
    low, high = (float(end) for end in ends)
    step = table.number("step", 1)
    if low > high:
        raise table.wrong("'range' is empty; write the smaller end first", "range")
    if step <= 0 or (high - low) / step > _MOST_VALUES:
        raise table.wrong(f"'step' must leave from 1 to {_MOST_VALUES:,} values", "step")
    return low, high, step


def _network(table: Table) -> tuple[str, int]:
    text, prefix = table.text("cidr_from"), int(table.number("prefix", 24))
    try:
        network = ip_network(text)
    except ValueError:
        raise table.wrong(f"'{text}' is no network; write it as 10.0.0.0/8", "cidr_from") from None
    if not network.prefixlen <= prefix <= network.max_prefixlen - 1:
        raise table.wrong(
            f"'prefix' must be from {network.prefixlen} to {network.max_prefixlen - 1}", "prefix"
        )
    return text, prefix


def _formula(table: Table, earlier: Mapping[str, Parameter]) -> str:
    formula = table.text("formula")
    try:
        names = names_in(formula)
    except NepishellError as problem:
        raise table.wrong(str(problem), "formula") from None
    for name in names:
        if name not in earlier:
            hint = did_you_mean(name, earlier)
            raise table.wrong(f"no parameter '{name}' before this one{hint}", "formula")
    return formula


def _steps(top: Table, files: dict[str, str], parameters: dict[str, Parameter]) -> tuple[Step, ...]:
    found: dict[str, Step] = {}
    known: set[str] = set()
    for table in top.tables("step"):
        step = _step(table, files, parameters, known)
        if step.id in found:
            raise table.wrong(f"there are two steps '{step.id}'", "id")
        for need in step.needs:
            if need not in found:
                hint = did_you_mean(need, found)
                raise table.wrong(f"no step '{need}' comes before '{step.id}'{hint}", "needs")
        found[step.id] = step
        known.update(check.id for check in step.checks)
    if not found:
        raise top.wrong("a lab has at least one [[step]]")
    _check_moments(top, found, known)
    return tuple(found.values())


def _step(
    table: Table, files: dict[str, str], parameters: dict[str, Parameter], known: set[str]
) -> Step:
    table.only(("id", "title", "points", "text", "needs", "check", "hint"), "[[step]]")
    id_, name = _name(table, "id"), table.text("text")
    if name not in files:
        raise table.wrong(f"no file '{name}' in the lab{did_you_mean(name, files)}", "text")
    for place, unknown in unknown_names(files[name], parameters):
        hint = did_you_mean(unknown, parameters)
        raise LabError(f"{name}:{place}: no parameter '{unknown}'{hint}")
    checks, points = read_checks(table, id_, parameters, known)
    return Step(
        id=id_,
        title=table.text("title"),
        text=files[name],
        points=points,
        needs=table.words("needs"),
        checks=checks,
        hints=tuple(_hint(hint) for hint in table.tables("hint")),
        line=table.line,
    )


def _hint(table: Table) -> Hint:
    table.only(("text", "after_fails", "cost", "reveal"), "a hint")
    hint = Hint(
        text=table.text("text", ""),
        after_fails=int(table.number("after_fails", 0)),
        cost=table.number("cost", 0),
        reveal=table.text("reveal", ""),
    )
    if hint.reveal not in ("", "solution"):
        raise table.wrong("'reveal' can only be \"solution\"", "reveal")
    if bool(hint.text) == bool(hint.reveal):
        raise table.wrong('a hint has a text, or reveal = "solution"')
    return hint


def _check_moments(top: Table, steps: dict[str, Step], known: set[str]) -> None:
    """Raise LabError where `before` or `after` name a check that is not there."""
    for step, table in zip(steps.values(), top.tables("step"), strict=True):
        for check, inner in zip(step.checks, table.tables("check"), strict=True):
            what = check.moment.what
            if what and " " not in what and what not in known:
                hint = did_you_mean(what, known) or "; or write LABEL STATE, as in 'web STARTED'"
                raise inner.wrong(f"no check '{what}'{hint}", "when")


def _mutants(top: Table, files: dict[str, str], steps: tuple[Step, ...]) -> tuple[Mutant, ...]:
    by_id = {step.id: step for step in steps}
    found = []
    for table in top.tables("mutant"):
        table.only(("name", "step", "file", "fails"), "[[mutant]]")
        step, fails, file = (table.text(key) for key in ("step", "fails", "file"))
        if step not in by_id:
            raise table.wrong(f"no step '{step}'{did_you_mean(step, by_id)}", "step")
        checks = [check.id for check in by_id[step].checks]
        if fails not in checks:
            raise table.wrong(
                f"no check '{fails}' in step '{step}'{did_you_mean(fails, checks)}", "fails"
            )
        if file not in files:
            raise table.wrong(f"no file '{file}' in the lab{did_you_mean(file, files)}", "file")
        found.append(
            Mutant(name=table.text("name"), step=step, fails=fails, file=file, text=files[file])
        )
    return tuple(found)
