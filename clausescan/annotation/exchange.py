"""A corpus from an annotation tool's file, and back into one.

What is not annotated to the end is left out and counted. Annotations of one text that agree become
one record; of those that disagree none is taken, and they are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from clausescan.annotation import lines
from clausescan.annotation.formats import format_named, format_of, format_to_write
from clausescan.annotation.items import ALL, Item, Skipped
from clausescan.annotation.labels import check_labels, mapped
from clausescan.annotation.spans import sentence_items
from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.document import language_of
from clausescan.errors import DataError, UsageError
from clausescan.limits import DEFAULT

_SHOWN = 3
"""Records of one text that a message names."""
_QUOTED = 60
"""Characters of a text that a message quotes."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        records: The records, in the file's order.
        form: Name of the format.
        skipped: Number of texts left out, by reason.
        repeated: Number of annotations that said the same as one before.
        clashes: A sentence for each text whose annotations disagree.
        doubtful: The same for records with ids of their own; these are kept.
    """

    records: tuple[ClauseRecord, ...]
    form: str
    skipped: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0
    clashes: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def import_corpus(
    source: str | Path,
    *,
    form: str | None = None,
    label_map: Mapping[str, str] | None = None,
    new_labels: bool = False,
    keep_empty: bool = False,
) -> Imported:
    """Records of an annotation tool's file.

    Args:
        source: The file, or a folder of CUAD or of JSON Lines.
        form: Name of the format; guessed if left out.
        label_map: What each of the file's labels becomes, "" for nothing.
        new_labels: Whether labels outside the taxonomy are new ones.
        keep_empty: Whether a text without labels carries none, where the file does not say if
            anybody looked at it.

    Raises:
        DataError: The file is not in the format, or a label is unknown.
        UsageError: There is no such format.
    """
    path = Path(source)
    chosen = format_named(form) if form else format_of(path)
    items: list[Item] = []
    skipped: Counter[str] = Counter()
    for found in chosen.read(path):
        if isinstance(found, Skipped):
            skipped[found.reason] += 1
        elif keep_empty or found.answered or found.labels or found.spans:
            items.append(mapped(_checked(found), label_map or {}))
        else:
            skipped["without labels"] += 1
    check_labels(items, path, new_labels=new_labels)
    items = [one for item in items for one in sentence_items(item)]
    used = tuple(sorted({label for item in items for label in item.labels}))
    records, repeated, clashes = _joined(items, used, path.stem)
    doubtful = tuple(_doubtful(records))
    return Imported(tuple(records), chosen.name, dict(skipped), repeated, tuple(clashes), doubtful)


def export_corpus(source: str | Path, out: str | Path, *, form: str | None = None) -> int:
    """Write a corpus for an annotation tool; the number of records.

    Args:
        source: A corpus file or folder; it may carry labels of its own.
        out: The file to write.
        form: Name of the format; as the suffix of `out` says if left out.

    Raises:
        DataError: The corpus is not valid.
        UsageError: The format cannot be written, or not with these records.
    """
    path = Path(out)
    chosen = format_named(form) if form else format_to_write(path)
    if chosen.write is None:
        raise UsageError(f"The format {chosen.name} can be read, not written.")
    records = read_any_labels(source)
    chosen.write(records, path)
    return len(records)


def read_any_labels(source: str | Path) -> list[ClauseRecord]:
    """The records of a corpus file or folder, whatever their labels.

    Raises:
        DataError: The corpus is not valid.
    """
    found = [item for item in lines.read(Path(source)) if isinstance(item, Item)]
    labels = {name for item in found for name in (*item.labels, *item.near, *(item.known or ()))}
    return read_corpus(source, labels=labels)


def _checked(item: Item) -> Item:
    texts = (item.text, item.heading, item.previous, item.document, item.id, *item.labels)
    if len(item.text) > DEFAULT.characters:
        raise DataError(
            f"{item.where}: the text has more than {DEFAULT.characters:,} characters. Split it."
        )
    if any("\ud800" <= character <= "\udfff" for text in texts for character in text):
        raise DataError(f"{item.where}: half a character stands in it. Export the file again.")
    return item


def _joined(
    items: Sequence[Item], used: tuple[str, ...], stem: str
) -> tuple[list[ClauseRecord], int, list[str]]:
    """Records of items, the number of repeated ones, and the texts that are disputed."""
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        groups.setdefault(_key(item), []).append(item)
    taken = {item.id for item in items if item.id}
    records: list[ClauseRecord] = []
    clashes: list[str] = []
    repeated = 0
    for number, group in enumerate(groups.values(), start=1):
        if group[0].id and len({item.text for item in group}) > 1:
            places = " and ".join(item.where for item in group[:2])
            raise DataError(f"{places}: the id {group[0].id!r} stands for two texts. Rename one.")
        found = [_record(item, used) for item in group]
        if disputed := _disputed(found):
            clashes.append(_clash(group, found, disputed))
            continue
        record = _merged(found)
        if not record.id:
            record = replace(record, id=_free(f"{stem}-{number:04d}", taken))
        records.append(record)
        repeated += len(group) - 1
    return records, repeated, clashes


def _key(item: Item) -> tuple[str, ...]:
    if item.id:
        return (item.id,)
    words = " ".join(item.text.split())
    return (words, item.heading, item.previous, item.document, str(item.part))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-"
    taken.add(name)
    return name


def _record(item: Item, used: tuple[str, ...]) -> ClauseRecord:
    labels = set(item.labels)
    known = used if item.known is None else tuple(sorted(set(item.known)))
    return ClauseRecord(
        id=item.id,
        text=item.text,
        language=item.language or language_of(item.text) or "en",
        labels=tuple(sorted(labels)),
        heading=item.heading,
        previous=item.previous,
        document=item.document,
        # Whoever gives a label to a text that only seemed to carry it has changed their mind.
        near=tuple(sorted(set(item.near) - labels)),
        known=None if ALL in known else known,
    )


def _disputed(records: Iterable[ClauseRecord]) -> list[str]:
    """Labels that one record carries and another denies."""
    found = list(records)
    carried = {label for record in found for label in record.labels}
    return sorted(
        label for label in carried if any(label not in r.labels and r.knows(label) for r in found)
    )


def _merged(records: Sequence[ClauseRecord]) -> ClauseRecord:
    if len(records) == 1:
        return records[0]
    labels = tuple(sorted({label for record in records for label in record.labels}))
    known: set[str] | None = set()
    for record in records:
        known = None if known is None or record.known is None else {*known, *record.known}
    near = {label for record in records for label in record.near} - set(labels)
    return replace(
        records[0],
        labels=labels,
        near=tuple(sorted(near)),
        known=None if known is None else tuple(sorted(known)),
    )


def _clash(group: Sequence[Item], records: Sequence[ClauseRecord], disputed: Sequence[str]) -> str:
    answers = dict.fromkeys(
        f"{item.where} says {', '.join(record.labels) or 'none'}"
        for item, record in zip(group, records, strict=True)
    )
    return f"{_quote(records[0])} is disputed ({', '.join(disputed)}): {'; '.join(answers)}"


def _doubtful(records: Iterable[ClauseRecord]) -> Iterator[str]:
    """Records of the same words in the same place that disagree."""
    groups: dict[tuple[str, ...], list[ClauseRecord]] = {}
    for record in records:
        words = " ".join(record.text.split())
        place = (words, record.heading, record.previous, record.document)
        groups.setdefault(place, []).append(record)
    for group in groups.values():
        if len(group) > 1 and (disputed := _disputed(group)):
            ids = ", ".join(record.id for record in group[:_SHOWN])
            more = f" and {len(group) - _SHOWN} more" if len(group) > _SHOWN else ""
            names = ", ".join(disputed)
            yield f"{_quote(group[0])} is disputed ({names}): {ids}{more}; all are kept"


def _quote(record: ClauseRecord) -> str:
    text = " ".join(record.text.split())
    return f'"{text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"}"'
