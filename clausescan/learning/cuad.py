"""CUAD (CC BY 4.0, The Atticus Project) as annotated sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from clausescan.corpus import ClauseRecord
from clausescan.document import Block, blocks_of
from clausescan.errors import DataError
from clausescan.pipeline.clauses import ClauseSpan, SentenceSpan, find_clauses
from clausescan.pipeline.labeller import UNLABELLED_KINDS, continued, lead_ins
from clausescan.pipeline.taxonomy import Label, cuad_labels, load_taxonomy


@dataclass(frozen=True, slots=True)
class CuadSentence:
    """A sentence of CUAD with its categories; `labelled` tells if its clause may carry labels."""

    record: ClauseRecord
    labelled: bool


def cuad_sentences(folder: str | Path) -> Iterator[CuadSentence]:
    """All sentences of a CUAD folder, with CUAD's own categories as labels.

    A sentence gets a category if at least half of it lies in a gold span or at least half of a
    gold span in it.

    Raises:
        DataError: The folder has no ``spans.jsonl``.
    """
    spans = Path(folder) / "spans.jsonl"
    if not spans.is_file():
        raise DataError(f"{spans}: no CUAD spans here; download CUAD and name its folder")
    for line in spans.read_text("utf8").splitlines():
        contract = json.loads(line)
        text = (Path(folder) / "txt" / contract["txt"]).read_text("utf8").replace("\r\n", "\n")
        yield from _contract_sentences(contract["title"], text, contract["labels"])


def _contract_sentences(
    title: str, text: str, spans: Mapping[str, Sequence[Sequence[int]]]
) -> Iterator[CuadSentence]:
    blocks: Sequence[Block] = blocks_of(text)
    clauses, sentences = find_clauses(text, blocks, "en")
    gold = [(label, span[0], span[1]) for label, found in spans.items() for span in found]
    bodies = [" ".join(text[s.start : s.end].split()) for s in sentences]
    earlier = _earlier(clauses, sentences)
    for index, sentence in enumerate(sentences):
        clause = clauses[sentence.clause]
        start, end = sentence.start, sentence.end
        labels = {label for label, left, right in gold if _covers(start, end, left, right)}
        record = ClauseRecord(
            id=f"{title}/{index}",
            text=bodies[index],
            language="en",
            labels=tuple(sorted(labels)),
            heading=clause.heading,
            previous=bodies[earlier[index]] if index in earlier else "",
            document=title,
        )
        yield CuadSentence(record, labelled=_may_carry(clause, sentence))


def _may_carry(clause: ClauseSpan, sentence: SentenceSpan) -> bool:
    return not sentence.is_heading and clause.kind not in UNLABELLED_KINDS


def _earlier(clauses: Sequence[ClauseSpan], sentences: Sequence[SentenceSpan]) -> dict[int, int]:
    """For each sentence that may carry labels the one it continues, as the labeller sees it."""
    places = [i for i, s in enumerate(sentences) if _may_carry(clauses[s.clause], s)]
    leads = lead_ins([asdict(c) for c in clauses], [sentences[i].clause for i in places])
    before = continued(leads)
    return {place: places[row] for place, row in zip(places, before, strict=True) if row >= 0}


def _covers(start: int, end: int, left: int, right: int) -> bool:
    common = min(end, right) - max(start, left)
    return common > 0 and 2 * common >= min(end - start, right - left)


def import_cuad(folder: str | Path) -> list[ClauseRecord]:
    """CUAD's sentences with our labels; ``known`` holds those that CUAD can deny.

    Raises:
        DataError: The folder has no ``spans.jsonl``.
    """
    taxonomy = load_taxonomy().values()
    return [
        _with_our_labels(sentence.record, taxonomy)
        for sentence in cuad_sentences(folder)
        if sentence.labelled
    ]


def _with_our_labels(record: ClauseRecord, taxonomy: Iterable[Label]) -> ClauseRecord:
    carried, known = cuad_labels(record.text, record.labels, taxonomy)
    return replace(record, labels=tuple(sorted(carried)), known=tuple(sorted(known)))
