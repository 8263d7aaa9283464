"""Descriptions in files: which form a file has, what it is read and written with."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nepishell.core.errors import BadValue, NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.engine.saving import Forms, Writer
from nepishell.formats.description import Description, describe, fill
from nepishell.formats.network import network
from nepishell.formats.optional import load, optional

#: form -> what reads a text, and what writes a description
_FORMS = {
    "xml": ("nepishell.formats.xml_reading:read", "nepishell.formats.xml_form:write"),
    "json": ("nepishell.formats.json_form:read", "nepishell.formats.json_form:write"),
}
FORMS = tuple(_FORMS)
#: form of a picture of the network -> what makes it
GRAPHS = {
    "svg": "nepishell.formats.picture:svg",
    "dot": "nepishell.formats.graph_text:dot",
    "graphml": "nepishell.formats.graph_text:graphml",
    "mmd": "nepishell.formats.graph_text:mermaid",
}
#: form of a picture that is made of SVG -> what makes it, the extra of ours that has it, its name
OF_SVG = {
    "png": ("nepishell.formats.png:png", "pictures", "a PNG"),
    "pdf": ("nepishell.formats.pdf:pdf", "pictures", "a PDF"),
}
#: No description of a hundred thousand resources is as large.
MOST_BYTES = 512 * 2**20


def form_of(path: Path) -> str:
    """The form that the name of a file says; raises BadValue."""
    form = path.suffix[1:].lower()
    if form not in FORMS:
        endings = " or ".join(f".{each}" for each in FORMS)
        raise BadValue(f"'{path}': a description is a file that ends in {endings}")
    return form


def text_of(found: Description, form: str) -> str:
    """A description as the text of a file."""
    text: str = load(_FORMS[form][1])(found)
    return text


def read(path: Path, form: str = "") -> Description:
    """What a file describes; raises NepishellError with the file and the place in it."""
    form = form or form_of(path)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be read: {reason}") from None
    if len(data) > MOST_BYTES:
        raise BadValue(f"{path}: larger than {MOST_BYTES // 2**20} MiB")
    with _in(path):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise BadValue(f"byte {problem.start}: no text in UTF-8") from None
        found: Description = load(_FORMS[form][0])(text)
        return found


def write(path: Path, ec: ExperimentController) -> Description:
    """Save *ec* in a file, whole or not at all; raises NepishellError."""
    found = describe(ec)
    text = text_of(found, form_of(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None
    finally:
        beside.unlink(missing_ok=True)
    return found


def load_into(ec: ExperimentController, path: Path) -> Description:
    """Add what a file describes to *ec*: all of it, or with an error, which is raised, nothing."""
    found = read(path)
    with _in(path), ec.recording():
        fill(ec, found)
    return found


def load_new(
    path: Path, make: type[ExperimentController], keywords: dict[str, Any]
) -> ExperimentController:
    """A controller of the experiment in a file; *keywords*: for its constructor, and format."""
    form = keywords.pop("format", "")
    if form and form not in FORMS:
        raise BadValue(f"'{form}' is not a form of files; use one of {', '.join(FORMS)}")
    found = read(path, form)
    with _in(path):
        usual = {"nthreads": found.nthreads, "seed": found.seed}
        ec = make(found.exp_id or None, **{**usual, **keywords})
        try:
            fill(ec, found)
        except BaseException:
            ec.shutdown()
            raise
    return ec


@contextmanager
def _in(path: Path) -> Iterator[None]:
    """Errors inside name the file."""
    try:
        yield
    except NepishellError as problem:
        raise BadValue(f"{path}: {problem}") from None


def register_all() -> None:
    """Tell the engine which files there are, for its methods save, load and plot."""
    Forms.writers.update({form: _writer(form) for form in FORMS})
    Forms.plotters.update({form: _plotter(form) for form in (*GRAPHS, *OF_SVG)})
    Forms.reader = load_new


def _writer(form: str) -> Writer:
    return lambda ec: text_of(describe(ec), form)


def _plotter(form: str) -> Writer:
    def plot(ec: ExperimentController) -> str | bytes:
        graph: Callable[..., str] = load(GRAPHS.get(form, GRAPHS["svg"]))
        drawn = graph(network(list(ec.managers.values())))
        if form not in OF_SVG:
            return drawn
        make: Callable[[str], bytes] = optional(*OF_SVG[form])
        return make(drawn)

    return plot
