"""CSV for a spreadsheet: one text a row, its labels with semicolons between them.

A spreadsheet takes a cell that begins with one of `_ACTIVE` for a formula, which may fetch or run
something. Such cells get an apostrophe in front, which is taken off again when they are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clausescan.annotation.files import read_text, write_text
from clausescan.annotation.items import Item, Skipped, Suggestion, hints_of, item_of, meta_of
from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError, UsageError

LONGEST = 100_000
"""Characters of a cell; what is longer is no sentence."""
_COLUMNS = (
    "text", "labels", "heading", "previous", "document", "language", "near", "known", "record_id",
)  # fmt: skip
_SUGGESTED = (
    "done", "labels", "text", "heading", "previous", "document", "page", "paragraph", "scores",
    "why", "language", "offered", "record_id",
)  # fmt: skip
_ACTIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_SHIELDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_NO = frozenset({"", "0", "no", "n", "false", "否"})
_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""


def read(path: Path) -> Iterator[Item | Skipped]:
    """A table with the columns ``text`` and ``labels``, and any others.

    Where there is a column ``done``, rows that have nothing (or "no") in it are left out.

    Raises:
        DataError: A column is missing, or a row is broken.
    """
    text = read_text(path)
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        label_column = next((name for name in ("labels", "label") if name in columns), None)
        if "text" not in columns or label_column is None:
            raise DataError(
                f"{path}: the first row must name the columns 'text' and 'labels', and names "
                f"{', '.join(columns) or 'none'}."
            )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                # strict=False: a spreadsheet leaves out empty cells at the end.
                row = dict(zip(columns, map(_unshielded, cells), strict=False))
                yield _read(f"{path}:{reader.line_num}", row, label_column)
    except csv.Error as error:
        raise DataError(
            f"{path}:{reader.line_num}: the row is broken ({error}). Save it as CSV again."
        ) from error


def _read(where: str, row: Mapping[str, str], label_column: str) -> Item | Skipped:
    done = row.get("done")
    if done is not None and done.strip().lower() in _NO:
        return Skipped(where, "not done")
    labels = [name for name in row.get(label_column, "").split(";") if name.strip()]
    return item_of(where, row.get("text"), row, labels=labels, answered=done is not None)


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """A table of records.

    Raises:
        UsageError: A text is too long for a cell, or a label has a semicolon.
    """
    rows = [{"text": r.text, "labels": list(r.labels), **meta_of(r)} for r in records]
    _write(rows, _COLUMNS, path)


def write_suggestions(suggestions: Sequence[Suggestion], path: Path) -> None:
    """A table to fill in: what is in ``labels`` is a guess until something stands in ``done``."""
    rows = [
        {"text": s.record.text, "labels": list(s.record.labels), **hints_of(s)} for s in suggestions
    ]
    _write(rows, _SUGGESTED, path)


def _write(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], path: Path) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        cells = [_cell(row.get(column, "")) for column in columns]
        if any(len(cell) > LONGEST for cell in cells):
            raise UsageError(
                f"{path}: a text of more than {LONGEST:,} characters does not fit into a table. "
                "Take another format."
            )
        writer.writerow(cells)
    write_text(path, _BOM + out.getvalue())


def _cell(value: object) -> str:
    if isinstance(value, list):
        if any(";" in name for name in value):
            raise UsageError("A label with a semicolon does not fit into a table; rename it.")
        value = ";".join(value)
    text = str(value)
    return f"'{text}" if _ACTIVE.match(text) else text


def _unshielded(cell: str) -> str:
    return cell[1:] if _SHIELDED.match(cell) else cell
