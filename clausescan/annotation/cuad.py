"""CUAD, read only: its categories become this package's labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clausescan.annotation.files import check_file
from clausescan.annotation.items import Item
from clausescan.learning.cuad import import_cuad


def read(path: Path) -> Iterator[Item]:
    """The sentences of a folder with ``spans.jsonl``, or of the published ``CUAD_v1.json``.

    Raises:
        DataError: There is no CUAD.
    """
    if not path.is_dir():
        check_file(path)
    for record in import_cuad(path):
        yield Item(
            where=f"{path}: {record.id}",
            text=record.text,
            labels=record.labels,
            answered=True,
            known=record.known,
            id=record.id,
            language=record.language,
            heading=record.heading,
            previous=record.previous,
            document=record.document,
        )
