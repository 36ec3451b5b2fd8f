"""Labelled passages: out of a file, and onto the sentences of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clausescan.annotation.items import Item, Span
from clausescan.document import language_of
from clausescan.errors import DataError
from clausescan.learning.cuad import labelled_sentences


def spans_in(value: object, where: str, keys: tuple[str, str, str]) -> list[Span]:
    """Passages of a list of objects.

    Args:
        value: What stands in the file; nothing, or no list, gives no passages.
        where: File and line or task.
        keys: Names of start, end and label.

    Raises:
        DataError: A passage has no offsets.
    """
    found = value if isinstance(value, list) else []
    return [
        span_of([part.get(key) for key in keys], where)
        for part in found
        if isinstance(part, dict) and part.get(keys[2]) is not None
    ]


def span_of(parts: Sequence[object], where: str) -> Span:
    """A passage from start, end and label.

    Raises:
        DataError: Start and end are no offsets.
    """
    start, end, label = parts
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        raise DataError(f"{where}: a span goes from {start!r} to {end!r}. Export it again.")
    return start, end, str(label).strip()


def sentence_items(item: Item) -> Iterator[Item]:
    """An item with passages as items of whole sentences.

    A text of one sentence carries the labels of all its passages. A longer one becomes its
    sentences; each carries a label if half of it lies in a passage or half of a passage in it.

    Raises:
        DataError: A passage ends behind the text.
    """
    if not item.spans:
        yield item
        return
    if max(end for _, end, _ in item.spans) > len(item.text):
        raise DataError(f"{item.where}: a span ends behind its text. Export the file again.")
    language = item.language or language_of(item.text) or "en"
    found = list(labelled_sentences(item.text, item.spans, language))
    if len(found) < 2:
        names = {*item.labels, *(label for _, _, label in item.spans)}
        yield replace(item, labels=tuple(sorted(names)), spans=())
        return
    for number, sentence in enumerate(found, start=1):
        if sentence.labelled:
            record = sentence.record
            yield replace(
                item,
                text=record.text,
                labels=tuple(sorted({*record.labels, *item.labels})),
                spans=(),
                id=f"{item.id}/{number}" if item.id else "",
                language=language,
                heading=record.heading,
                previous=record.previous,
                part=number,
            )
