"""Writes the annotated sentences that explanations show beside a label model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clausescan.corpus import ClauseRecord
from clausescan.pipeline.examples import Example, write_examples


def add_examples(
    records: Sequence[ClauseRecord], folder: Path, *, base: Sequence[Example] = ()
) -> None:
    """Put records behind the examples of a base, into a pipeline's folder.

    Args:
        records: Annotated sentences; whoever has the folder can read them.
        folder: The pipeline's.
        base: Examples to keep, but for those whose id a record has too.
    """
    ids = {record.id for record in records}
    kept = [example for example in base if example.id not in ids]
    own = [Example(one.id, one.text, one.labels, one.near) for one in records]
    write_examples([*kept, *own], folder)
