"""Label Studio: tasks with annotations (JSON) or with the labels alone (JSON-MIN).

The export names the controls of the project (``Choices``, ``Labels``), not all that could be
chosen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from clausescan.annotation.files import json_tasks, write_text
from clausescan.annotation.items import (
    Item,
    Skipped,
    Span,
    Suggestion,
    hints_of,
    item_of,
    meta_of,
)
from clausescan.annotation.spans import span_of
from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError

CONTROL, OBJECT = "labels", "text"
"""Names of the tags in the labelling interface that `interface` writes."""
_SHORT = ("labels", "label", "choices", "choice")
"""Names of a control that JSON-MIN is believed to hold labels for, though they be one bare text."""


def read(path: Path) -> Iterator[Item | Skipped]:
    """What Label Studio exports as JSON or JSON-MIN.

    Raises:
        DataError: The file is no list of tasks.
    """
    for place, task in json_tasks(path):
        where = f"{path}: task {task['id']}" if "id" in task else place
        if isinstance(task.get("data"), dict):
            yield from _annotated(where, task)
        else:
            yield _short(where, task)


def _annotated(where: str, task: Mapping[str, Any]) -> Iterator[Item | Skipped]:
    data = task["data"]
    annotations = task.get("annotations", task.get("completions"))
    if not isinstance(annotations, list) or not annotations:
        yield Skipped(where, "not annotated")
        return
    for annotation in annotations:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            yield Skipped(where, "skipped by the annotator")
            continue
        result = annotation.get("result")
        labels, spans = _results(result if isinstance(result, list) else [], where)
        text = _text_of(data, where)
        yield item_of(where, text, data, labels=labels, spans=spans, answered=True)


def _results(results: Sequence[Any], where: str) -> tuple[list[object], list[Span]]:
    labels: list[object] = []
    spans: list[Span] = []
    for result in results:
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(value, dict):
            continue
        if isinstance(value.get("choices"), list):
            labels += value["choices"]
        for key in ("labels", "hypertextlabels"):
            names = value.get(key)
            place = value.get("globalOffsets", value)
            for name in names if isinstance(names, list) else []:
                spans.append(span_of([place.get("start"), place.get("end"), name], where))
    return labels, spans


def _text_of(data: Mapping[str, Any], where: str) -> str:
    if isinstance(data.get("text"), str):
        return str(data["text"])
    texts = [value for value in data.values() if isinstance(value, str)]
    if len(texts) != 1:
        raise DataError(f"{where}: no key 'text' in its data. Name the key with the text so.")
    return texts[0]


def _short(where: str, task: Mapping[str, Any]) -> Item:
    """A task of JSON-MIN: text and labels side by side."""
    labels: list[object] = []
    spans: list[Span] = []
    for key, value in task.items():
        if isinstance(value, str) and key in _SHORT:
            labels.append(value)
        parts = value if isinstance(value, list) else [value]
        found = _results([{"value": part} for part in parts], where)
        labels += found[0]
        spans += found[1]
    is_done = "annotation_id" in task
    return item_of(where, task.get("text"), task, labels=labels, spans=spans, answered=is_done)


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """Annotated tasks for Label Studio's import."""
    tasks: list[dict[str, Any]] = [
        {
            "id": number,
            "data": {"text": record.text, **meta_of(record)},
            "annotations": [{"result": _choices(record), "was_cancelled": False}],
        }
        for number, record in enumerate(records, start=1)
    ]
    _write(tasks, path)


def write_suggestions(suggestions: Sequence[Suggestion], path: Path) -> None:
    """Tasks to annotate, the suggested labels as a prediction."""
    tasks: list[dict[str, Any]] = [
        {
            "data": {"text": suggestion.record.text, **hints_of(suggestion)},
            "predictions": [
                {
                    "model_version": "clausescan",
                    "score": max((score for _, score in suggestion.scores), default=0.0),
                    "result": _choices(suggestion.record),
                }
            ],
        }
        for suggestion in suggestions
    ]
    _write(tasks, path)


def _choices(record: ClauseRecord) -> list[dict[str, Any]]:
    if not record.labels:
        return []
    return [
        {
            "from_name": CONTROL,
            "to_name": OBJECT,
            "type": "choices",
            "value": {"choices": list(record.labels)},
        }
    ]


def _write(tasks: Sequence[Mapping[str, Any]], path: Path) -> None:
    write_text(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")


def interface(labels: Sequence[str]) -> str:
    """The labelling interface that fits the tasks written here."""
    choices = "\n".join(f"    <Choice value={quoteattr(label)}/>" for label in labels)
    return (
        "<View>\n"
        '  <Header value="$heading"/>\n'
        f'  <Text name="{OBJECT}" value="$text"/>\n'
        f'  <Choices name="{CONTROL}" toName="{OBJECT}" choice="multiple" showInLine="true">\n'
        f"{choices}\n"
        "  </Choices>\n"
        "</View>\n"
    )
