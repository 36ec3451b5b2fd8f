"""What a reader of an annotation tool's file yields, and what all formats say of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clausescan.corpus import ClauseRecord
from clausescan.errors import DataError
from clausescan.pipeline.taxonomy import load_taxonomy

ALL = "*"
"""Stands in a file for "all labels are known"."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One annotated text of a file, in the file's own labels.

    Attributes:
        where: File and line or task, for messages.
        text: The text.
        labels: Labels of the whole text.
        spans: Start, end and label of labelled passages.
        answered: Whether the file says that somebody has decided on it; if not, a text without
            labels may not have been looked at.
        known: Labels whose absence is meant, `ALL` for all; None where the file does not say.
        near: Labels it looks like but does not carry.
        id: Its id as a record, or "".
        language: Its language, or "".
        heading: Heading of its clause, or "".
        previous: The sentence before it, or "".
        document: The contract it comes from, or "".
        part: Which sentence of a longer text it is, from 1; 0 for a text of its own.
    """

    where: str
    text: str
    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    answered: bool = False
    known: tuple[str, ...] | None = None
    near: tuple[str, ...] = ()
    id: str = ""
    language: str = ""
    heading: str = ""
    previous: str = ""
    document: str = ""
    part: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A text of a file that is not annotated, or not to the end.

    Attributes:
        where: File and line or task.
        reason: Why, as a short phrase.
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence worth annotating.

    Attributes:
        record: The sentence with the labels that the tool would give.
        scores: Labels that come into question, the likeliest first.
        why: Why it is worth annotating.
        page: Page of the draft, where it has pages.
        paragraph: Paragraph of the draft, from 1.
    """

    record: ClauseRecord
    scores: tuple[tuple[str, float], ...]
    why: str
    page: int | None = None
    paragraph: int | None = None


def item_of(
    where: str,
    text: object,
    meta: Mapping[str, Any],
    *,
    labels: Iterable[object] = (),
    spans: Iterable[Span] = (),
    answered: bool = False,
    offered: Sequence[str] | None = None,
) -> Item:
    """An item with what the file's meta data say of it.

    Args:
        where: File and line or task.
        text: The text.
        meta: Keys that `meta_of` wrote; others, and those of another type, mean nothing.
        labels: Labels of the whole text, of whatever type the file has.
        spans: Labelled passages.
        answered: Whether somebody has decided on it.
        offered: Labels that could be chosen; None where the file does not say.

    Raises:
        DataError: The text is no text, or blank.
    """
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: there is no text. Export the file again with its texts.")
    known = names_in(meta.get("known"))
    offered = names_in(meta.get("offered")) or offered
    language = meta.get("language")
    fits = isinstance(language, str) and _LANGUAGE.fullmatch(language)
    return Item(
        where=where,
        text=text,
        labels=tuple(
            str(name).strip() for name in labels if name is not None and str(name).strip()
        ),
        spans=tuple(spans),
        answered=answered or known is not None,
        known=offered_labels(offered) if known is None else known,
        near=names_in(meta.get("near")) or (),
        language=str(language) if fits else "",
        id=_text(meta, "record_id"),
        heading=_text(meta, "heading"),
        previous=_text(meta, "previous"),
        document=_text(meta, "document"),
    )


def _text(meta: Mapping[str, Any], key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def names_in(value: object) -> tuple[str, ...] | None:
    """Names in a list or behind each other with semicolons; None where there are none."""
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list | tuple):
        return None
    return tuple(str(name).strip() for name in value if str(name).strip())


def offered_labels(offered: Sequence[str] | None) -> tuple[str, ...] | None:
    """Labels that could be chosen as those that an item knows."""
    return None if offered is None else tuple(name.strip() for name in offered)


def meta_of(record: ClauseRecord, *, decided: bool = True) -> dict[str, Any]:
    """What a record says beside text and labels; empty values are left out.

    Args:
        record: The record.
        decided: Whether its labels are an annotator's, not a guess.
    """
    meta: dict[str, Any] = {
        "record_id": record.id,
        "document": record.document,
        "heading": record.heading,
        "previous": record.previous,
        "language": record.language,
        "near": list(record.near),
    }
    meta = {key: value for key, value in meta.items() if value}
    if decided:
        return meta | {"known": ALL if record.known is None else list(record.known)}
    # Not "known", which is for answers: whoever answers chooses among all labels.
    return meta | {"offered": ALL}


def hints_of(suggestion: Suggestion) -> dict[str, Any]:
    """What a suggestion says beside text and labels; empty values are left out."""
    hints: dict[str, Any] = {
        "page": suggestion.page,
        "paragraph": suggestion.paragraph,
        "why": suggestion.why,
        "scores": ", ".join(f"{label} {score:.2f}" for label, score in suggestion.scores),
    }
    return meta_of(suggestion.record, decided=False) | {k: v for k, v in hints.items() if v}


def all_labels(records: Iterable[ClauseRecord]) -> tuple[str, ...]:
    """The taxonomy's labels, and behind them others that records carry."""
    used = {label for record in records for label in (*record.labels, *(record.known or ()))}
    taxonomy = load_taxonomy()
    return (*taxonomy, *sorted(used - set(taxonomy)))


def offered_for(record: ClauseRecord, labels: Iterable[str]) -> list[str]:
    """Labels among which a record decides."""
    return [label for label in labels if record.knows(label)]
