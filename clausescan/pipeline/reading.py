"""What the components find in one text, with or without a spaCy `Doc` round it.

Every component fills in its part of a `Reading`; called by spaCy it does so for a `Doc` and puts
the result on ``doc.spans``. A scan needs the records alone and skips the tokens, which would cost
more than all components together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from clausescan.document import Block, blocks_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Record = dict[str, Any]

BLOCKS_KEY = "clausescan_blocks"
"""Key of `Doc.user_data` under which a caller may hand over the blocks of the source."""
PARTIES_DATA = "clausescan_parties"
"""Key of `Doc.user_data` with the parties; ``doc.spans["parties"]`` holds their mentions."""
CLAUSES_KEY = "clauses"
SENTENCES_KEY = "sentences"
PARTIES_KEY = "parties"
LABELS_KEY = "labels"
NORMS_KEY = "norms"


@dataclass(slots=True)
class Reading:
    """One text and the records found in it; offsets are characters of `text`.

    Attributes:
        text: A text of one language.
        blocks: Its paragraphs.
        clauses: See `clausescan.pipeline.clauses.ClauseSpan`.
        sentences: See `clausescan.pipeline.clauses.SentenceSpan`.
        parties: See `clausescan.pipeline.parties.PartyRecord`.
        mentions: ``start``, ``end`` and ``party`` of every mention of a party.
        labels: See `clausescan.pipeline.labels.LabelRecord`.
        norms: See `clausescan.pipeline.norms.NormRecord`.
    """

    text: str
    blocks: Sequence[Block]
    clauses: list[Record] = field(default_factory=list)
    sentences: list[Record] = field(default_factory=list)
    parties: list[Record] = field(default_factory=list)
    mentions: list[Record] = field(default_factory=list)
    labels: list[Record] = field(default_factory=list)
    norms: list[Record] = field(default_factory=list)


@runtime_checkable
class Reader(Protocol):
    """A component that can fill in its part of a reading."""

    def read(self, reading: Reading) -> None:
        """Add what it finds."""


def read_text(nlp: Language, text: str, blocks: Sequence[Block]) -> Reading:
    """Run a pipeline's readers over a text, without tokens.

    Args:
        nlp: A pipeline with this package's components; others in it are left out.
        text: A text of the pipeline's language.
        blocks: Its paragraphs.
    """
    reading = Reading(text, blocks)
    for _, component in nlp.pipeline:
        if isinstance(component, Reader):
            component.read(reading)
    return reading


def reading_of(doc: Doc) -> Reading:
    """The reading that the components before have left on a `Doc`."""
    text = doc.text
    return Reading(
        text,
        doc.user_data.get(BLOCKS_KEY) or blocks_of(text),
        _records(doc, CLAUSES_KEY),
        _records(doc, SENTENCES_KEY),
        list(doc.user_data.get(PARTIES_DATA, ())),
        _records(doc, PARTIES_KEY),
        _records(doc, LABELS_KEY),
        _records(doc, NORMS_KEY),
    )


def as_records(items: Sequence[Any]) -> list[Record]:
    """Flat dataclasses as dicts; `dataclasses.asdict` would copy every value deeply."""
    if not items:
        return []
    names = [item.name for item in fields(items[0])]
    return [dict(zip(names, values, strict=True)) for values in map(attrgetter(*names), items)]


def add_spans(doc: Doc, key: str, records: list[Record], label: str = "") -> None:
    """Put records with ``start`` and ``end`` (characters) into a span group of the same order.

    Spans snap outwards to tokens; the records in ``attrs`` keep the exact offsets.

    Args:
        doc: The `Doc` they were found in.
        key: Name of the span group and of the records in its ``attrs``.
        records: What was found.
        label: Key of the records whose value becomes the spans' label.
    """
    from spacy.tokens import SpanGroup

    spans = []
    kept = []
    for record in records:
        name = str(record.get(label, "")) if label else ""
        span = doc.char_span(record["start"], record["end"], name, alignment_mode="expand")
        if span is not None:
            spans.append(span)
            kept.append(record)
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs={key: kept})


def _records(doc: Doc, key: str) -> list[Record]:
    group = doc.spans.get(key)
    return list(group.attrs.get(key, ())) if group is not None else []
