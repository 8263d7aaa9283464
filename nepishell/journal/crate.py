"""Metadata of a bundle that other programs understand: RO-Crate 1.1, JSON-LD of schema.org words.

Source: https://w3id.org/ro/crate/1.1, its chapters on data entities and on provenance.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from nepishell.journal.bundle import CRATE, ORIGINAL, RECIPE

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_FORMATS = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".pcap": "application/vnd.tcpdump.pcap",
}
_NAMES = {
    RECIPE: "what was done, as a recipe that does it again",
    ORIGINAL: "the recipe that the run was begun from, as it was written",
    "journal.jsonl": "the journal: each command and event, each line chained to the one before",
    "experiment.json": "the experiment as it was before it was released",
    "metrics.csv": "the numbers that the applications measured",
    "run.json": "the run: when, with what versions, and what each link really was",
    "log.txt": "messages that did not fit the screen",
}


class Entry(NamedTuple):
    """A file of the bundle; *size* in bytes."""

    name: str
    size: int
    sha256: str


def crate(entries: Sequence[Entry], about: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata document.

    *about*: `experiment`, `run`, `began` and `ended` (ISO 8601), `nepishell` (its version) and
    `outcome` (a sentence).
    """
    title = f"run {about['run']} of the network experiment {about['experiment']}"
    files = [_file(entry) for entry in entries]
    parts = [{"@id": one["@id"]} for one in files]
    whole = [_descriptor(), _root(title, about, parts), _action(about, parts), _program(about)]
    return {"@context": _CONTEXT, "@graph": [*whole, *files]}


def _descriptor() -> dict[str, Any]:
    return {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }


def _root(title: str, about: Mapping[str, Any], parts: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": f"Recipe, journal, traces and measured numbers of {title}.",
        "datePublished": about["ended"],
        "license": "No licence was chosen: ask whoever gave you this file.",
        "hasPart": parts,
        "mentions": {"@id": "#run"},
        "mainEntity": {"@id": RECIPE},
    }


def _action(about: Mapping[str, Any], parts: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"run {about['run']}",
        "startTime": about["began"],
        "endTime": about["ended"],
        "description": about["outcome"],
        "instrument": {"@id": "#nepishell"},
        "object": {"@id": RECIPE},
        "result": [part for part in parts if part["@id"] != RECIPE],
    }


def _program(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": "#nepishell",
        "@type": "SoftwareApplication",
        "name": "nepishell",
        "version": about["nepishell"],
    }


def _file(entry: Entry) -> dict[str, Any]:
    suffix = PurePosixPath(entry.name).suffix
    found: dict[str, Any] = {
        "@id": entry.name.replace("%", "%25").replace(" ", "%20"),
        "@type": ["File", "SoftwareSourceCode"] if entry.name == RECIPE else "File",
        "name": _NAMES.get(entry.name, entry.name),
        "contentSize": str(entry.size),
        "encodingFormat": _FORMATS.get(suffix, "text/plain" if suffix == ".nepi" else
                                       "application/octet-stream"),
        "sha256": entry.sha256,
    }  # fmt: skip
    return found
