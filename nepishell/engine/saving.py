"""Saving and loading an experiment with NEPI's methods (NEPI sections 1.4, 12 and 13).

How a file looks is not known here: those who know register it, as resource types are registered.
"""

import os
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.timestamps import tsformat

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.lifecycle import Lifecycle

Writer = Callable[["ExperimentController"], str | bytes]
Reader = Callable[[Path, "type[ExperimentController]", dict[str, Any]], "ExperimentController"]


class SFormats(StrEnum):
    """Files that an experiment is saved in."""

    XML = "xml"
    JSON = "json"


class PFormats(StrEnum):
    """Files that an experiment is drawn in: NEPI's names, and those of files."""

    FIGURE = "figure"
    DOT = "dot"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    GRAPHML = "graphml"
    MERMAID = "mmd"


class Forms:
    """Who writes and reads which form; one table for the process."""

    writers: ClassVar[dict[str, Writer]] = {}
    plotters: ClassVar[dict[str, Writer]] = {}
    reader: ClassVar[Reader | None] = None

    @staticmethod
    def writer(table: dict[str, Writer], form: str) -> Writer:
        """Who writes *form*; raises BadValue."""
        if form in table:
            return table[form]
        if not table:
            raise NepishellError(
                "no form of files is known; write: from nepishell import ExperimentController"
            )
        raise BadValue(f"'{form}' is not a form of files; use one of {', '.join(table)}")


class Saving:
    """The part of the controller that saves, loads and draws."""

    if TYPE_CHECKING:

        @property
        def exp_id(self) -> str: ...
        @property
        def run_id(self) -> str: ...
        @property
        def run_dir(self) -> Path: ...

    _persist: bool
    _life: "Lifecycle"

    @property
    def persist(self) -> bool:
        """Whether the experiment is saved in run_dir when all of it was released."""
        return self._persist

    def serialize(self, format: str = SFormats.XML) -> str:  # noqa: A002 - NEPI's parameter name
        """The experiment as the text of a file: its description, states, times, conditions."""
        text = Forms.writer(Forms.writers, str(format))(self)  # type: ignore[arg-type]
        return text if isinstance(text, str) else text.decode()

    def save(
        self,
        dirpath: str | os.PathLike[str] | None = None,
        format: str = SFormats.XML,  # noqa: A002 - NEPI's parameter name
    ) -> str:
        """Write <exp_id>_<time>.<format> into *dirpath* (default run_dir); gives the file's path.

        Raises BadValue for another format, NepishellError when it cannot be written.
        """
        name = f"{self.exp_id}_{tsformat(datetime.now().astimezone())[:14]}.{format}"
        return _write(Path(dirpath or self.run_dir) / name, self.serialize(format).encode())

    @classmethod
    def load(
        cls,
        filepath: str | os.PathLike[str],
        format: str | None = None,  # noqa: A002 - NEPI's parameter name
        **keywords: Any,
    ) -> Self:
        """A controller of its own with the experiment of a file, everything in it NEW.

        *format*: as the name of the file says when None. *keywords*: for the constructor, as
        clock; its local_dir is that of this machine. Raises BadValue with the place of what is
        wrong.
        """
        if Forms.reader is None:
            Forms.writer(Forms.writers, "")
            raise AssertionError("a table without a reader")
        if format is not None:
            keywords["format"] = str(format)
        found: Any = Forms.reader(Path(filepath), cls, keywords)  # type: ignore[arg-type]
        return found  # type: ignore[no-any-return]

    def _keep(self) -> None:
        """Save what was released, where that was asked for; what is wrong is told, not raised."""
        if not self._persist:
            return
        try:
            self.save()
        except NepishellError as problem:
            self._life.note(0, "error", f"the experiment was not saved: {problem}")

    def plot(
        self,
        dirpath: str | os.PathLike[str] | None = None,
        format: str = PFormats.FIGURE,  # noqa: A002 - NEPI's parameter name
        show: bool = False,
    ) -> str:
        """Draw <exp_id>_<run_id> into *dirpath* (default run_dir); gives the file's path.

        FIGURE is a PNG. Raises BadValue for another format, or when *show* asks for a window.
        """
        if show:
            raise BadValue("show=True: there is no window here; open the file that plot() names")
        form = "png" if format == PFormats.FIGURE else str(format)
        drawn = Forms.writer(Forms.plotters, form)(self)  # type: ignore[arg-type]
        data = drawn.encode() if isinstance(drawn, str) else drawn
        return _write(Path(dirpath or self.run_dir) / f"{self.exp_id}_{self.run_id}.{form}", data)


def _write(path: Path, data: bytes) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None
    return str(path)
