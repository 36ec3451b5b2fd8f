"""spaCy's DocBin: labels in ``doc.cats`` and on span groups, the rest in ``doc.user_data``.

A DocBin is msgpack, packed by zlib; no code is in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from clausescan.annotation.files import read_bytes, write_bytes
from clausescan.annotation.items import (
    Item,
    Skipped,
    Span,
    all_labels,
    item_of,
    meta_of,
    offered_for,
)
from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError
from clausescan.limits import DEFAULT
from clausescan.pipeline.reading import CLAUSES_KEY, NORMS_KEY, PARTIES_KEY, SENTENCES_KEY

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

META = "clausescan_record"
"""Key of `Doc.user_data` with what a record says beside text and labels."""
_OTHER_SPANS = frozenset({CLAUSES_KEY, SENTENCES_KEY, PARTIES_KEY, NORMS_KEY})
_YES = 0.5


def read(path: Path) -> Iterator[Item | Skipped]:
    """The documents of a ``.spacy`` file.

    Raises:
        DataError: It is none, or unpacks to too much.
    """
    # Imported late: spaCy costs a second, and most formats need none of it.
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    data = read_bytes(path)
    _check_size(data, path)
    try:
        for number, doc in enumerate(DocBin().from_bytes(data).get_docs(Vocab()), start=1):
            yield _read(f"{path}: doc {number}", doc)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise DataError(
            f"{path} is no DocBin of spaCy 3 ({error}). Write it again with DocBin.to_disk."
        ) from error


def _check_size(data: bytes, path: Path) -> None:
    unpack = zlib.decompressobj()
    try:
        size = len(unpack.decompress(data, DEFAULT.unpacked_bytes))
    except zlib.error as error:
        raise DataError(f"{path} is no DocBin; write it with DocBin.to_disk.") from error
    if size >= DEFAULT.unpacked_bytes:
        limit = DEFAULT.unpacked_bytes
        raise DataError(f"{path} unpacks to more than the limit of {limit:,} bytes. Split it.")


def _read(where: str, doc: Doc) -> Item:
    meta = doc.user_data.get(META)
    cats = {str(name): float(score) for name, score in doc.cats.items()}
    return item_of(
        where,
        doc.text,
        meta if isinstance(meta, dict) else {},
        labels=[name for name, score in cats.items() if score >= _YES],
        spans=_spans(doc),
        answered=bool(cats),
        offered=list(cats) or None,
    )


def _spans(doc: Doc) -> list[Span]:
    return [
        (span.start_char, span.end_char, span.label_)
        for key, group in doc.spans.items()
        if key not in _OTHER_SPANS
        for span in group
        if span.label_
    ]


@cache
def _tokenizer(language: str) -> Language:
    import spacy

    return spacy.blank(language)


def write(records: Sequence[ClauseRecord], path: Path) -> None:
    """Documents with a category for every label that a record knows, 1 or 0."""
    from spacy.tokens import DocBin

    labels = all_labels(records)
    store = DocBin(attrs=["ORTH"], store_user_data=True)
    for record in records:
        doc = _tokenizer("zh" if record.language == "zh" else "en").make_doc(record.text)
        doc.cats = {name: float(name in record.labels) for name in offered_for(record, labels)}
        doc.user_data[META] = meta_of(record)
        store.add(doc)
    write_bytes(path, store.to_bytes())
