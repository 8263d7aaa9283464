"""Results in files: the name of the file says in which form, as in `> run.png`, `> rtt.csv`."""

from collections.abc import Callable
from pathlib import Path

from nepishell.commands.notes import Note, Shown, tell
from nepishell.core.errors import BadValue, NepishellError
from nepishell.formats.optional import optional
from nepishell.output.records import Drawing, Message, Record, Records, Result
from nepishell.output.render import render

#: Pictures that are made of SVG: form -> what makes them, the extra of ours that has it, its name.
_OF_SVG = {
    "png": ("nepishell.formats.png:png", "pictures", "a PNG"),
    "pdf": ("nepishell.formats.pdf:pdf", "pictures", "a PDF"),
}
_OTHERS = ("jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "ps", "eps")
_TABLES = ("csv", "json", "parquet")
_PARQUET = ("nepishell.formats.parquet:parquet", "data", "Parquet")


def pictures(drawing: Drawing) -> tuple[str, ...]:
    """The forms in which a drawing can be written as a picture."""
    return (*(("svg", *_OF_SVG) if drawing.svg is not None else ()), *drawing.files)


def form_of(name: str, result: Result) -> str:
    """The form that the name of a file asks for, '' for none; raises BadValue."""
    form = Path(name).suffix[1:].lower() or (name[1:].lower() if name.startswith(".") else "")
    if isinstance(result, Message):
        return ""  # what a file of text is called is its own affair
    if isinstance(result, Drawing):
        known = pictures(result)
        if form in known:
            return form
        if known and form in _OTHERS:
            raise BadValue(f"'{name}': pictures are written as {', '.join(known)}")
    if form in (*_OF_SVG, "svg", *_OTHERS):
        raise BadValue(
            f"'{name}': there is no picture of this: only 'timeline' and 'plot' draw one"
        )
    return form if form in _TABLES else ""


def encoded(result: Result, form: str) -> bytes:
    """*result* as it stands in a file of this form; raises NepishellError."""
    if form == "parquet" and not isinstance(result, Message):
        return _table(result)
    if isinstance(result, Drawing):
        if form in _OF_SVG and result.svg is not None:
            make: Callable[[str], bytes] = optional(*_OF_SVG[form])
            return make(result.svg())
        if form in result.files:
            return f"{result.files[form]()}\n".encode()
    return f"{render(result, form)}\n".encode()


def _table(result: Record | Records | Drawing) -> bytes:
    make: Callable[[Records], bytes] = optional(*_PARQUET)
    match result:
        case Drawing(records):
            return make(records)
        case Record():
            return make(result.as_records())
    return make(result)


def write(path: Path, shown: Shown, *, append: bool = False) -> None:
    """Write a result into a file; raises NepishellError, and then nothing is written."""
    form = shown.form or form_of(path.name, shown.result) or "table"
    if append and form in (*_OF_SVG, "svg", "parquet"):
        raise BadValue(f"'{path}': nothing can be added to such a file; write '>'")
    data = encoded(shown.result, form)
    try:
        with path.open("ab" if append else "wb") as file:
            file.write(data)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None


def save(file: str, drawing: Drawing) -> Note:
    """Write a drawing as a picture, in the form that the file's name asks for."""
    path, known = Path(file).expanduser(), pictures(drawing)
    if form_of(path.name, drawing) not in known:
        endings = ", ".join(f".{each}" for each in known)
        raise NepishellError(f"'{file}': the ending of a picture's name is one of {endings}")
    write(path, Shown(drawing))
    return tell(f"wrote {path}", file=str(path))
