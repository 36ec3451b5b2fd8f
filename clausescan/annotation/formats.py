"""The formats by name, and which one a file is in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clausescan.annotation import cuad, docbin, doccano, label_studio, lines, prodigy, table
from clausescan.annotation.files import read_bytes
from clausescan.annotation.items import Item, Skipped, Suggestion
from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError, UsageError

_HEAD = 1_000_000
"""Bytes of a file that are looked at to tell its format; a task with 37 options has 3,000."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: As a caller names it.
        read: Yields what a file holds.
        write: Writes records; None for a format that is read only.
        suggest: Writes suggestions; None where nobody would annotate in it.
    """

    name: str
    read: Callable[[Path], Iterator[Item | Skipped]]
    write: Callable[[Sequence[ClauseRecord], Path], None] | None = None
    suggest: Callable[[Sequence[Suggestion], Path], None] | None = None


FORMATS = {
    form.name: form
    for form in (
        Format("jsonl", lines.read, lines.write, lines.write_suggestions),
        Format("prodigy", prodigy.read, prodigy.write, prodigy.write_suggestions),
        Format("doccano", doccano.read, doccano.write, doccano.write_suggestions),
        Format(
            "label-studio", label_studio.read, label_studio.write, label_studio.write_suggestions
        ),
        Format("csv", table.read, table.write, table.write_suggestions),
        Format("spacy", docbin.read, docbin.write),
        Format("cuad", cuad.read),
    )
}
_BY_SUFFIX = {".spacy": "spacy", ".csv": "csv", ".tsv": "csv"}
_WRITTEN = {".jsonl": "jsonl", ".json": "label-studio", **_BY_SUFFIX}
_NAME_IT = "Name it with --format (jsonl, prodigy, doccano, label-studio, csv, spacy or cuad)."


def format_named(name: str) -> Format:
    """The format of a name.

    Raises:
        UsageError: There is none.
    """
    if name not in FORMATS:
        raise UsageError(f"There is no format {name!r}, only {', '.join(FORMATS)}.")
    return FORMATS[name]


def format_to_write(path: Path) -> Format:
    """The format that a file's suffix asks for.

    Raises:
        UsageError: It asks for none.
    """
    if path.suffix.lower() not in _WRITTEN:
        raise UsageError(f"{path}: the suffix tells no format. {_NAME_IT}")
    return FORMATS[_WRITTEN[path.suffix.lower()]]


def suggestion_writer(path: Path, name: str | None) -> Callable[[Sequence[Suggestion], Path], None]:
    """What writes suggestions in a format.

    Args:
        path: The file to write; its suffix tells the format if no name does.
        name: Name of the format.

    Raises:
        UsageError: Nothing tells the format, or nobody annotates in it.
    """
    form = format_named(name) if name else format_to_write(path)
    if form.suggest is None:
        named = ", ".join(other.name for other in FORMATS.values() if other.suggest)
        raise UsageError(f"Nobody annotates in the format {form.name}; take one of {named}.")
    return form.suggest


def format_of(path: Path) -> Format:
    """The format of a file or folder, by its suffix and its first bytes.

    Raises:
        DataError: There is no such file, or nothing tells.
    """
    if path.is_dir():
        return FORMATS["cuad" if (path / "spans.jsonl").is_file() else "jsonl"]
    if not path.is_file():
        raise DataError(f"{path}: no such file or folder. Check the path.")
    name = _BY_SUFFIX.get(path.suffix.lower()) or _by_content(path)
    if not name:
        raise DataError(f"{path}: nothing tells its format. {_NAME_IT}")
    return FORMATS[name]


def _by_content(path: Path) -> str:
    head = read_bytes(path, _HEAD).decode("utf-8-sig", errors="replace").lstrip()
    if '"paragraphs"' in head and '"data"' in head and not head.startswith("["):
        return "cuad"
    keys = _first_keys(head.lstrip("[ \t\r\n"))
    if "text" not in keys and "data" not in keys:
        return ""
    if prodigy.MARKS & keys or {"spans", "meta"} <= keys:
        return "prodigy"
    if head.startswith("[") and ("annotations" in keys or "annotation_id" in keys):
        return "label-studio"
    if {"id", "language", "labels"} <= keys and "record_id" not in keys:
        return "jsonl"
    if set(doccano.LABELS) & keys:
        return "doccano"
    return "label-studio" if "data" in keys or head.startswith("[") else ""


def _first_keys(text: str) -> set[str]:
    """Keys of the object that a text begins with."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return set()
    return set(value) if isinstance(value, dict) else set()
