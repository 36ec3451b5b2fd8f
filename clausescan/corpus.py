"""Annotated clauses: one JSON object a line, in and out.

A record is one sentence with the labels it carries. ``known`` names the labels whose absence is
meant as a negative; without it all labels are known.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clausescan.errors import DataError
from clausescan.pipeline.taxonomy import load_taxonomy

Bools = NDArray[np.bool_]

_REQUIRED = ("id", "text", "language", "labels")
_OPTIONAL = ("heading", "previous", "document", "near", "known")
_SAMPLE = 32
_SHINGLE = 8
_SAME_TEXT = 0.25


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """One annotated sentence.

    Attributes:
        id: Unique in its corpus.
        text: The sentence.
        language: ``en`` or ``zh``.
        labels: Labels it carries, sorted.
        heading: Heading of its clause, or "".
        previous: The sentence before it, or "".
        document: The contract or drafting voice it comes from; splits go by it.
        near: Labels it looks like but does not carry.
        known: Labels whose absence is a negative; None for all.
    """

    id: str
    text: str
    language: str
    labels: tuple[str, ...]
    heading: str = ""
    previous: str = ""
    document: str = ""
    near: tuple[str, ...] = ()
    known: tuple[str, ...] | None = None

    def knows(self, label: str) -> bool:
        """Whether the record tells if it carries a label."""
        return self.known is None or label in self.known or label in self.labels

    def to_dict(self) -> dict[str, Any]:
        """The record as it is written to a file."""
        data: dict[str, Any] = {
            "id": self.id,
            "text": self.text,
            "language": self.language,
            "labels": list(self.labels),
            "heading": self.heading,
            "previous": self.previous,
            "document": self.document,
            "near": list(self.near),
        }
        if self.known is not None:
            data["known"] = list(self.known)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ClauseRecord:
        """A record from its written form.

        Raises:
            DataError: A key is missing, unknown or of the wrong type.
        """
        if missing := [key for key in _REQUIRED if key not in data]:
            raise DataError(f"key {missing[0]!r} is missing")
        if extra := sorted(set(data) - {*_REQUIRED, *_OPTIONAL}):
            raise DataError(f"key {extra[0]!r} is unknown")
        known = data.get("known")
        return cls(
            id=_string(data, "id"),
            text=_string(data, "text"),
            language=_string(data, "language"),
            labels=_strings(data, "labels"),
            heading=_string(data, "heading"),
            previous=_string(data, "previous"),
            document=_string(data, "document"),
            near=_strings(data, "near"),
            known=None if known is None else _strings(data, "known"),
        )


def _string(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str) or (key in _REQUIRED and not value.strip()):
        raise DataError(f"{key!r} must be a text, not {value!r}")
    return value


def _strings(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DataError(f"{key!r} must be a list of texts, not {value!r}")
    return tuple(sorted(value))


def read_corpus(source: str | Path, *, labels: Collection[str] | None = None) -> list[ClauseRecord]:
    """Records of one file, or of all ``*.jsonl`` files of a folder in order of their names.

    Args:
        source: A file or folder.
        labels: The labels that may occur; those of the taxonomy if left out.

    Raises:
        DataError: A line is no valid record, a label is unknown or an id occurs twice. The
            message names file and line.
    """
    path = Path(source)
    allowed = set(load_taxonomy() if labels is None else labels)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise DataError(f"{path}: there is no corpus here; give a .jsonl file or a folder of them")
    records: list[ClauseRecord] = []
    seen: set[str] = set()
    for file in files:
        for number, line in enumerate(file.read_text("utf8").split("\n"), start=1):
            if line.strip():
                records.append(_parsed(line, f"{file}:{number}", allowed, seen))
    return records


def _parsed(line: str, where: str, allowed: set[str], seen: set[str]) -> ClauseRecord:
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise DataError("a line must be a JSON object")
        record = ClauseRecord.from_dict(data)
    except (json.JSONDecodeError, DataError) as error:
        raise DataError(f"{where}: {error}") from error
    named = {*record.labels, *record.near, *(record.known or ())}
    if unknown := sorted(named - allowed):
        raise DataError(f"{where}: {unknown[0]!r} is no label")
    if both := sorted({*record.labels} & {*record.near}):
        raise DataError(f"{where}: {both[0]!r} stands in labels and in near")
    if record.id in seen:
        raise DataError(f"{where}: the id {record.id!r} occurs twice")
    seen.add(record.id)
    return record


def write_corpus(records: Iterable[ClauseRecord], path: str | Path) -> None:
    """Write records as JSON lines; the same records give the same bytes."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record.to_dict(), ensure_ascii=False) for record in records]
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf8")


def label_tables(records: Sequence[ClauseRecord], labels: Sequence[str]) -> tuple[Bools, Bools]:
    """What records carry, and of which labels they tell (both records × labels)."""
    shape = (len(records), len(labels))
    carried = np.array([[label in r.labels for label in labels] for r in records], bool)
    known = np.array([[r.knows(label) for label in labels] for r in records], bool)
    return carried.reshape(shape), known.reshape(shape)


def families(records: Iterable[ClauseRecord]) -> dict[str, str]:
    """A family for each document: same filer, or near-duplicate by its word shingles.

    Documents of a family must stand on one side of every split.
    """
    sketches: dict[str, set[int]] = {}
    for record in records:
        sketches.setdefault(record.document, set()).update(_sketch(record.text))
    parent = {document: document for document in sketches}
    _join_filers(parent)
    _join_duplicates(parent, sketches)
    return {document: _root(parent, document) for document in sketches}


def _sketch(text: str) -> Iterator[int]:
    words = re.findall(r"\w+", text.lower())
    for index in range(len(words) - _SHINGLE + 1):
        value = zlib.crc32(" ".join(words[index : index + _SHINGLE]).encode())
        if value % _SAMPLE == 0:
            yield value


def _join_filers(parent: dict[str, str]) -> None:
    first: dict[str, str] = {}
    for document in parent:
        name = document.split("_")[0] if "_" in document else document
        filer = re.sub(r"[^a-z]", "", name.lower())[:24] if "_" in document else document
        _join(parent, first.setdefault(filer, document), document)


def _join_duplicates(parent: dict[str, str], sketches: Mapping[str, set[int]]) -> None:
    holders: dict[int, list[str]] = {}
    for document, sketch in sketches.items():
        for value in sketch:
            holders.setdefault(value, []).append(document)
    common: dict[tuple[str, str], int] = {}
    for documents in holders.values():
        for index, left in enumerate(documents if len(documents) <= 12 else []):
            for right in documents[index + 1 :]:
                common[left, right] = common.get((left, right), 0) + 1
    for (left, right), shared in common.items():
        if shared >= _SAME_TEXT * min(len(sketches[left]), len(sketches[right])) and shared >= 8:
            _join(parent, left, right)


def _root(parent: dict[str, str], document: str) -> str:
    while parent[document] != document:
        document = parent[document]
    return document


def _join(parent: dict[str, str], left: str, right: str) -> None:
    first, second = sorted((_root(parent, left), _root(parent, right)))
    parent[second] = first
