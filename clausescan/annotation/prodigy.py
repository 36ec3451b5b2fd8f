"""Prodigy: tasks of `textcat.manual` and other choices, of binary labels, and of spans.

A choice's options tell which labels an annotator could give, so only their absence is meant. An
unanswered task is one that Prodigy has not shown yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clausescan.annotation.files import json_lines, json_tasks, write_text
from clausescan.annotation.items import (
    Item,
    Skipped,
    Suggestion,
    all_labels,
    hints_of,
    item_of,
    meta_of,
    offered_for,
)
from clausescan.annotation.spans import spans_in
from clausescan.corpus import ClauseRecord

MARKS = frozenset({"options", "accept", "answer", "_input_hash", "_task_hash", "_view_id"})
"""Keys by which a task of Prodigy is known."""
_REASONS = {"reject": "rejected", "ignore": "ignored"}


def read(path: Path) -> Iterator[Item | Skipped]:
    """What `prodigy db-out` wrote.

    Raises:
        DataError: A line is no task.
    """
    for where, task in json_tasks(path):
        yield _read(where, task)


def _read(where: str, task: Mapping[str, Any]) -> Item | Skipped:
    answer = task.get("answer")
    label = task.get("label")
    is_binary = isinstance(label, str) and not any(
        task.get(key) for key in ("accept", "options", "spans")
    )
    meta = task.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    if is_binary and answer in ("accept", "reject"):
        carried = [label] if answer == "accept" else []
        text = task.get("text")
        return item_of(where, text, meta, labels=carried, answered=True, offered=[str(label)])
    if answer != "accept":
        return Skipped(where, _REASONS.get(str(answer), "not answered"))
    names = _names(task.get("options"))
    accepted = task.get("accept")
    accepted = accepted if isinstance(accepted, list) else []
    return item_of(
        where,
        task.get("text"),
        meta,
        labels=[names.get(str(choice), str(choice)) for choice in accepted],
        spans=spans_in(task.get("spans"), where, ("start", "end", "label")),
        answered=True,
        offered=list(names.values()) or None,
    )


def _names(options: object) -> dict[str, str]:
    """Labels by the options' ids; an id that is a bare number stands for its text."""
    found = options if isinstance(options, list) else []
    return {
        str(option["id"]): option["id"]
        if isinstance(option["id"], str)
        else str(option.get("text", option["id"]))
        for option in found
        if isinstance(option, dict) and "id" in option
    }


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """Answered choice tasks, for `prodigy db-in`."""
    labels = all_labels(records)
    rows = [_task(r, offered_for(r, labels), meta_of(r)) | {"answer": "accept"} for r in records]
    write_text(path, json_lines(rows))


def write_suggestions(suggestions: Sequence[Suggestion], path: Path) -> None:
    """Choice tasks that wait for an answer, the suggested labels ticked."""
    labels = all_labels(item.record for item in suggestions)
    write_text(path, json_lines(_task(s.record, labels, hints_of(s)) for s in suggestions))


def _task(record: ClauseRecord, offered: Iterable[str], meta: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": record.text,
        "options": [{"id": label, "text": label} for label in offered],
        "accept": list(record.labels),
        "config": {"choice_style": "multiple"},
        "meta": meta,
        "_view_id": "choice",
    }
