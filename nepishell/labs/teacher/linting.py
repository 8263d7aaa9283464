"""What is wrong with a lab, found without playing it: each finding with its file.

Reading a lab finds most already. Here its recipes are checked as students will play them, the
solutions one after the other, and whether what checks name is there by then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from nepishell.commands.bounds import parse_wanted
from nepishell.core.errors import NepishellError, did_you_mean
from nepishell.engine.controller import ExperimentController
from nepishell.labs.files import LabError
from nepishell.labs.formulas import names_in as names_in_formula
from nepishell.labs.model import MUTANTS, SOLUTION, START, read_lab
from nepishell.labs.parts import Check, Lab, Mutant, Step
from nepishell.labs.teacher.selftest import needed
from nepishell.labs.texts import fill, names_in, unknown_names
from nepishell.labs.variants import Variant, practice_variant
from nepishell.replay.check import Checker
from nepishell.replay.recipe import Recipe, RecipeError

#: Students whose values are tried.
_STUDENTS = 5
#: Fields of checks in which nodes and other resources are named, and those with numbers.
_NODES, _OTHERS = ("on", "from"), ("of",)
_BOUNDS = ("answer", "metric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing. *is_error*: the lab is wrong; otherwise it is worth a look."""

    message: str
    is_error: bool = True
    caret: str = ""


def lint(path: Path) -> list[Finding]:
    """All findings about the lab at *path*; none where nothing is wrong."""
    try:
        lab = read_lab(path)
    except LabError as problem:
        return [Finding(message=str(problem), caret=problem.caret)]
    found = [*_of_steps(lab), *_of_parameters(lab)]
    try:
        variants = [practice_variant(lab, f"student-{n}") for n in range(1, _STUDENTS + 1)]
    except NepishellError as problem:
        return [*found, Finding(message=f"{lab.file}: {problem}")]
    for variant in variants:
        found += [one for one in _of_bounds(lab, variant) if one not in found]
    return [*found, *_of_recipes(lab, variants[0])]


def _of_steps(lab: Lab) -> Iterator[Finding]:
    where = f"{lab.file}/lab.toml"
    for step in lab.steps:
        if step.id not in lab.solutions:
            yield Finding(message=f"{where}:{step.line}: step '{step.id}' has no solution; "
                                  f"write {SOLUTION}{step.id}.nepi")  # fmt: skip
        if not step.checks:
            yield Finding(message=f"{where}:{step.line}: step '{step.id}' has no check")
        elif not step.points:
            yield Finding(message=f"{where}:{step.line}: step '{step.id}' gives no points",
                          is_error=False)  # fmt: skip
        for hint in step.hints:
            for _, name in unknown_names(hint.text, lab.parameters):
                told = f"a hint of step '{step.id}' names '{name}', which is no parameter"
                yield Finding(message=f"{where}:{step.line}: {told}"
                                      f"{did_you_mean(name, lab.parameters)}")  # fmt: skip
    if lab.solutions and not lab.mutants:
        told = "no [[mutant]]: nothing shows that wrong solutions are found"
        yield Finding(message=f"{where}: {told}", is_error=False)


def _of_parameters(lab: Lab) -> Iterator[Finding]:
    """Parameters that nothing uses."""
    texts = [*lab.files.values(), *lab.solutions.values(), *(m.text for m in lab.mutants)]
    used = {name for text in texts for name in names_in(text)}
    for parameter in lab.parameters.values():
        used.update(names_in_formula(parameter.formula) if parameter.formula else ())
    for name in lab.parameters:
        if name not in used:
            told = f"parameter '{name}' is used nowhere"
            yield Finding(message=f"{lab.file}/lab.toml: {told}", is_error=False)


def _of_bounds(lab: Lab, variant: Variant) -> Iterator[Finding]:
    """Ranges that are none once a student's values are in them."""
    for check in lab.checks:
        text = fill(check.wanted.get("is", ""), variant.values)
        if check.kind in _BOUNDS and text:
            try:
                wanted = parse_wanted(text)
            except NepishellError as problem:
                yield Finding(message=_at(lab, check, str(problem)))
                continue
            if check.kind == "metric" and wanted.bound is None:
                told = f"'{text}' is no number or range, as in 35ms..60ms, 40ms+-10%"
                yield Finding(message=_at(lab, check, told))


def _at(lab: Lab, check: Check, message: str) -> str:
    return f"{lab.file}/lab.toml:{check.line}: check '{check.id}': {message}"


# -- recipes ----------------------------------------------------------------------------------


def _of_recipes(lab: Lab, variant: Variant) -> Iterator[Finding]:
    """The start alone, all solutions on it, and each mutant where it is played."""
    yield from _played(lab, {}, [(START, lab.start)])
    values = dict(variant.values)
    yield from _solved(lab, values)
    for mutant in lab.mutants:
        yield from _mutated(lab, mutant, values)


def _played(lab: Lab, values: dict[str, str], recipes: Iterable[tuple[str, str]]) -> list[Finding]:
    with ExperimentController() as ec:
        checker = _checker(ec, values)
        for name, text in recipes:
            checker.check(_recipe(lab, name, text))
        checker.forget()
        return [_finding(problem) for problem in checker.problems]


def _checker(ec: ExperimentController, values: dict[str, str]) -> Checker:
    made = Checker(ec, values)
    # a lab gives them before its start is played
    made.context.declared |= values.keys()
    return made


def _recipe(lab: Lab, name: str, text: str) -> Recipe:
    return Recipe(f"{lab.file}/{name}", text, Path(lab.file))


def _finding(problem: RecipeError) -> Finding:
    return Finding(message=str(problem), caret=problem.caret)


def _solved(lab: Lab, values: dict[str, str]) -> Iterator[Finding]:
    with ExperimentController() as ec:
        checker = _checker(ec, values)
        checker.check(_recipe(lab, START, lab.start))
        # what is wrong with the start was told where it was played alone
        known = {str(problem) for problem in checker.problems}
        for step in lab.steps:
            name = f"{SOLUTION}{step.id}.nepi"
            checker.check(_recipe(lab, name, lab.solutions.get(step.id, "")))
            yield from _unresolved(lab, step, ec, values)
        checker.forget()
        yield from (_finding(one) for one in checker.problems if str(one) not in known)


def _mutated(lab: Lab, mutant: Mutant, values: dict[str, str]) -> list[Finding]:
    before = [step.id for step in needed(lab, lab.step(mutant.step))]
    recipes = [
        (START, lab.start),
        *((f"{SOLUTION}{id_}.nepi", lab.solutions.get(id_, "")) for id_ in before),
        (mutant.file, mutant.text),
    ]
    place = f"{lab.file}/{MUTANTS}"
    return [one for one in _played(lab, values, recipes) if one.message.startswith(place)]


def _unresolved(
    lab: Lab, step: Step, ec: ExperimentController, values: dict[str, str]
) -> Iterator[Finding]:
    """What the checks of a step name, and what is not there once it is solved."""
    labels = {ec.label(guid) for guid in ec.resources} - {""}
    for check in step.checks:
        for name in _named(check, values):
            if name not in labels:
                hint = did_you_mean(name, labels)
                told = f"nothing is called '{name}' once the step is solved{hint}"
                yield Finding(message=_at(lab, check, told))


def _named(check: Check, values: dict[str, str]) -> Iterator[str]:
    wanted = {name: fill(text, values) for name, text in check.wanted.items()}
    yield from (wanted[name] for name in _NODES if name in wanted)
    if "to" in wanted and not _is_address(wanted["to"]):
        yield wanted["to"]
    for field in _OTHERS:
        # a metric names one resource, a state may name several
        first = wanted.get(field, "").partition(".")[0]
        yield from (name for name in first.split(",") if name and "[" not in first)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
