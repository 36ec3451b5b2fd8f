"""clausescan's own JSON Lines, as `clausescan.corpus` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from clausescan.annotation.files import json_lines, json_tasks, write_text
from clausescan.annotation.items import ALL, Item, Skipped, Suggestion, hints_of, item_of
from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError

SUGGESTED = "suggested"
"""Key of a line whose labels are a guess; `clausescan.corpus.read_corpus` refuses it."""


def read(path: Path) -> Iterator[Item | Skipped]:
    """The lines of a file, or of all ``*.jsonl`` files of a folder.

    A line that is still marked as suggested is left out.

    Raises:
        DataError: A line is no record.
    """
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for where, row in json_tasks(file):
            if SUGGESTED in row:
                yield Skipped(where, "still marked as suggested")
                continue
            labels = row.get("labels")
            if not isinstance(labels, list):
                raise DataError(f"{where}: 'labels' must be a list of texts, not {labels!r}.")
            meta = {**row, "record_id": row.get("id"), "known": row.get("known", ALL)}
            yield item_of(where, row.get("text"), meta, labels=labels, answered=True)


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """A corpus file."""
    write_text(path, json_lines(record.to_dict() for record in records))


def write_suggestions(suggestions: Sequence[Suggestion], path: Path) -> None:
    """Corpus lines with one key more; whoever has checked a line deletes that key."""
    rows = []
    for suggestion in suggestions:
        own = suggestion.record.to_dict()
        hints = {k: v for k, v in hints_of(suggestion).items() if k not in (*own, "record_id")}
        rows.append(own | {SUGGESTED: hints})
    write_text(path, json_lines(rows))
