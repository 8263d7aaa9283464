"""Grades as files: CSV for a table, JSON for programs, HTML to be read; nothing else is needed."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path

from nepishell.core.errors import NepishellError
from nepishell.labs.grading import Grade
from nepishell.labs.parts import Lab

CSV, JSON, HTML = "grades.csv", "grades.json", "grades.html"
#: What a table program would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_report(folder: Path, lab: Lab, grades: Sequence[Grade]) -> list[Path]:
    """Write the report into *folder*, made if missing; gives its files. Raises NepishellError."""
    texts = {CSV: as_csv(lab, grades), JSON: as_json(lab, grades), HTML: as_html(lab, grades)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{folder}: the report cannot be written: {reason}") from None
    return [folder / name for name in texts]


def as_csv(lab: Lab, grades: Sequence[Grade]) -> str:
    """A row for each submission, a column for each step and check."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    steps, checks = [step.id for step in lab.steps], [check.id for check in lab.checks]
    writer.writerow(["student", "file", "points", "most", "refused", "flags", "hints",
                     *(f"step {one}" for one in steps), *(f"check {one}" for one in checks),
                     *(f"seconds {one}" for one in steps)])  # fmt: skip
    for grade in grades:
        writer.writerow([
            _cell(grade.student), _cell(grade.file), f"{grade.points:g}", f"{grade.most:g}",
            _cell(grade.refused), _cell("; ".join(grade.flags)), "; ".join(grade.hints),
            *(f"{grade.steps[one]:g}" if one in grade.steps else "" for one in steps),
            *(("yes" if grade.checks[one]["ok"] else "no") if one in grade.checks else ""
              for one in checks),
            *(f"{grade.seconds[one]:.0f}" if one in grade.seconds else "" for one in steps),
        ])  # fmt: skip
    return out.getvalue()


def _cell(text: str) -> str:
    # what a student wrote is text, also for a program that computes tables
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_json(lab: Lab, grades: Sequence[Grade]) -> str:
    """All that is known, for programs."""
    told = {"lab": lab.id, "version": lab.version, "most": lab.points,
            "grades": [asdict(grade) for grade in grades]}  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
td,th{border:1px solid #8886;padding:.25rem .5rem;text-align:left;vertical-align:top}
.flag{background:#fe93}.no{background:#f763}.yes{background:#6c63}
code{font-size:90%} summary{cursor:pointer;font-weight:600} :root{color-scheme:light dark}
"""


def as_html(lab: Lab, grades: Sequence[Grade]) -> str:
    """A page to be read: a table of all, then each submission in detail."""
    rows = "".join(_row(grade) for grade in grades)
    details = "".join(_detail(lab, grade) for grade in grades)
    title = escape(f"{lab.title} ({lab.id} {lab.version})")
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n"
        "<p>Points are of checks that held when the submission was done again. Flags inform; they "
        "take no points. A journal shows that lines of it were changed, not that nobody wrote "
        "another one.</p>\n"
        "<table><tr><th>student<th>points<th>hints<th>flags</tr>\n"
        f"{rows}</table>\n{details}</html>\n"
    )


def _row(grade: Grade) -> str:
    points = "refused" if grade.refused else f"{grade.points:g} of {grade.most:g}"
    flags = "<br>".join(map(escape, [*([grade.refused] if grade.refused else []), *grade.flags]))
    return (
        f"<tr><td>{escape(grade.student or grade.file)}<td>{points}"
        f'<td>{len(grade.hints) or ""}<td class="{"flag" if flags else ""}">{flags}</tr>\n'
    )


def _detail(lab: Lab, grade: Grade) -> str:
    if not grade.checks:
        return ""
    rows = []
    for step in lab.steps:
        spent = f", {grade.seconds[step.id]:.0f} s" if step.id in grade.seconds else ""
        points = f"{grade.steps.get(step.id, 0):g} of {step.points:g}{spent}"
        rows.append(f'<tr><th colspan="5">{escape(step.title)}: {points}</tr>')
        rows += [_check(grade, check.id) for check in step.checks if check.id in grade.checks]
    name = escape(grade.student or grade.file)
    return (
        f"<details><summary>{name}: {grade.points:g} of {grade.most:g}</summary>"
        "<table><tr><th>check<th>expected<th>seen<th>by<th>first held</tr>"
        f"{''.join(rows)}</table></details>\n"
    )


def _check(grade: Grade, check: str) -> str:
    result = grade.checks[check]
    held = f"{grade.first_held[check]:.0f} s" if check in grade.first_held else ""
    cells = "".join(f"<td>{escape(str(result[name]))}" for name in ("expected", "seen"))
    return (
        f'<tr class="{"yes" if result["ok"] else "no"}"><td>{escape(check)}{cells}'
        f"<td><code>{escape(str(result['command']))}</code><td>{held}</tr>"
    )
