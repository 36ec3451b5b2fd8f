"""doccano: labels of whole texts, and labelled passages, as JSON Lines.

doccano keeps every other key of a line as meta data and writes it back, so a record's own keys
stand beside ``text`` and ``label``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clausescan.annotation.files import json_lines, json_tasks, write_text
from clausescan.annotation.items import Item, Skipped, Span, Suggestion, hints_of, item_of, meta_of
from clausescan.annotation.spans import span_of
from clausescan.corpus import ClauseRecord

_TEXTS = ("text", "data")
LABELS = ("label", "labels", "cats", "entities", "annotations")
"""Keys under which versions of doccano keep labels."""


def read(path: Path) -> Iterator[Item | Skipped]:
    """What doccano exports as JSONL, of any version.

    Raises:
        DataError: A line is no annotated text.
    """
    for where, task in json_tasks(path):
        if _is_unapproved(task):
            yield Skipped(where, "not approved")
        else:
            yield _read(where, task)


def _is_unapproved(task: Mapping[str, Any]) -> bool:
    """Whether a version that tells who approved a text names nobody."""
    return ("annotation_approver" in task and not task["annotation_approver"]) or (
        task.get("is_confirmed") is False
    )


def _read(where: str, task: Mapping[str, Any]) -> Item:
    labels: list[object] = []
    spans: list[Span] = []
    for part in _parts(task):
        if isinstance(part, list) and len(part) == 3:
            spans.append(span_of(part, where))
        elif isinstance(part, dict) and "start_offset" in part:
            span = [part["start_offset"], part.get("end_offset"), part.get("label")]
            spans.append(span_of(span, where))
        elif isinstance(part, dict):
            labels.append(part.get("label"))
        else:
            labels.append(part)
    meta = task.get("meta")
    known = {**(meta if isinstance(meta, dict) else {}), **task}
    is_sure = bool(task.get("annotation_approver") or task.get("is_confirmed"))
    text = next((task[key] for key in _TEXTS if key in task), None)
    return item_of(where, text, known, labels=labels, spans=spans, answered=is_sure)


def _parts(task: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    for key in LABELS:
        value = task.get(key)
        found += value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return found


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """Lines for doccano's data set import (text classification, JSONL, column ``label``)."""
    rows = [{"text": r.text, "label": list(r.labels), **meta_of(r)} for r in records]
    write_text(path, json_lines(rows))


def write_suggestions(suggestions: Sequence[Suggestion], path: Path) -> None:
    """The same lines with the suggested labels and why each is worth a look."""
    rows = [
        {"text": s.record.text, "label": list(s.record.labels), **hints_of(s)} for s in suggestions
    ]
    write_text(path, json_lines(rows))
