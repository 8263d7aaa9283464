"""The checks of a step, out of lab.toml: fields by kind, points, and the moments they are for."""

import re
from collections.abc import Mapping
from dataclasses import replace

from nepishell.core.errors import did_you_mean
from nepishell.core.states import ResourceState
from nepishell.labs.files import LabError
from nepishell.labs.kinds import COMMON, KINDS
from nepishell.labs.parts import Check, Moment, Parameter, When
from nepishell.labs.tables import Table
from nepishell.labs.texts import NAME, unknown_names

_HASH = re.compile(r"[0-9a-f]{16,}:[0-9a-f]{64}")


def read_checks(
    step: Table, id_: str, parameters: Mapping[str, Parameter], known: set[str]
) -> tuple[tuple[Check, ...], float]:
    """The checks of the step of that id, and its points; *known*: ids of earlier steps' checks.

    Checks without points of their own share alike what is left of those of the step.
    """
    checks: list[Check] = []
    for table in step.tables("check"):
        check = _read(table, id_, len(checks) + 1, parameters)
        if check.id in known or check.id in [one.id for one in checks]:
            raise table.wrong(f"there are two checks '{check.id}'", "id")
        checks.append(check)
    given = {check.id for check, table in zip(checks, step.tables("check"), strict=True)
             if "points" in table.values}  # fmt: skip
    return _shared(step, checks, given)


def _shared(step: Table, checks: list[Check], given: set[str]) -> tuple[tuple[Check, ...], float]:
    spent = sum(check.points for check in checks if check.id in given)
    points = step.number("points", spent)
    others = len(checks) - len(given)
    if spent > points or (checks and not others and spent != points):
        raise step.wrong(f"its checks have {spent:g} points, the step {points:g}", "points")
    share = (points - spent) / others if others else 0.0
    return tuple(
        check if check.id in given else replace(check, points=share) for check in checks
    ), points


def _read(table: Table, step: str, number: int, parameters: Mapping[str, Parameter]) -> Check:
    kind = table.text("kind")
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"; kinds are {', '.join(KINDS)}"
        raise table.wrong(f"no check of kind '{kind}'{hint}", "kind")
    declared = KINDS[kind]
    table.only((*COMMON, *declared.fields), f"a check of kind '{kind}'")
    for field in declared.needs:
        if field not in table.values:
            raise table.wrong(f"a check of kind '{kind}' needs '{field}'")
    wanted = {field: table.plain(field) for field in declared.fields if field in table.values}
    id_ = table.text("id", f"{step}-{number}")
    if not NAME.fullmatch(id_):
        raise table.wrong(f"'{id_}' is no name: letters, digits, '-' and '_' only", "id")
    _check_names(table, wanted, parameters)
    _check_values(table, kind, wanted)
    return Check(
        id=id_,
        kind=kind,
        step=step,
        wanted=wanted,
        title=table.text("title", ""),
        within=table.seconds("within"),
        points=table.number("points", 0),
        moment=_moment(table),
        line=table.line,
    )


def _check_names(
    table: Table, wanted: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> None:
    for field, text in {**wanted, "title": table.text("title", "")}.items():
        for _, name in unknown_names(text, parameters):
            hint = did_you_mean(name, parameters)
            raise table.wrong(f"no parameter '{name}' in '{text}'{hint}", field)


def _check_values(table: Table, kind: str, wanted: Mapping[str, str]) -> None:
    """What can be known to be wrong before a student's values are filled in."""
    if "${" not in wanted.get("pattern", "${"):
        try:
            re.compile(wanted["pattern"])
        except re.error as problem:
            raise table.wrong(f"not a regular expression: {problem}", "pattern") from None
    if kind == "state" and "${" not in wanted["is"]:
        _state(table, wanted["is"], "is")
    if kind == "answer":
        if ("is" in wanted) == ("hash" in wanted):
            raise table.wrong("an answer is told by 'is' or by 'hash'")
        if not _HASH.fullmatch(wanted.get("hash", "0" * 16 + ":" + "0" * 64)):
            raise table.wrong("'hash' is what 'nepishell lab hash' prints for an answer", "hash")


def _state(table: Table, name: str, key: str) -> None:
    names = [state.name for state in ResourceState]
    if name.upper() not in names:
        hint = did_you_mean(name.upper(), names) or f"; states are {', '.join(names)}"
        raise table.wrong(f"no state '{name}'{hint}", key)


def _moment(table: Table) -> Moment:
    text = table.text("when", "")
    word, _, what = text.partition(" ")
    what = what.strip()
    if word in (When.NOW, When.EVER) and not what:
        return Moment(when=When(word))
    if word in (When.BEFORE, When.AFTER) and what:
        event = what.split()
        if len(event) == 2:
            _state(table, event[1], "when")
        if len(event) <= 2:
            return Moment(when=When(word), what=" ".join(event))
    raise _no_moment(table, text)


def _no_moment(table: Table, text: str) -> LabError:
    forms = "'ever', 'before CHECK', 'after CHECK', 'before LABEL STATE' or 'after LABEL STATE'"
    return table.wrong(f"'{text}' is no moment; write {forms}", "when")
