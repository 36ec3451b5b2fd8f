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

Contract = tuple[str, str, list[tuple[int, int, str]]]
"""Title, text, and start, end and category of each gold span."""


@dataclass(frozen=True, slots=True)
class CuadSentence:
    """A sentence with the labels of its spans; `labelled` tells if its clause may carry labels."""

    record: ClauseRecord
    labelled: bool


def cuad_sentences(source: str | Path) -> Iterator[CuadSentence]:
    """All sentences of CUAD, with CUAD's own categories as labels.

    A sentence gets a category if at least half of it lies in a gold span or at least half of a
    gold span in it.

    Args:
        source: A folder with ``spans.jsonl`` and ``txt``, or the published ``CUAD_v1.json``.

    Raises:
        DataError: Neither is there, or its form is another one.
    """
    path = Path(source)
    contracts = _contracts_of_json(path) if path.is_file() else _contracts_of_folder(path)
    for title, text, spans in contracts:
        for number, sentence in enumerate(labelled_sentences(text, spans, "en")):
            record = replace(sentence.record, id=f"{title}/{number}", document=title)
            yield replace(sentence, record=record)


def _contracts_of_folder(folder: Path) -> Iterator[Contract]:
    spans = folder / "spans.jsonl"
    if not spans.is_file():
        raise DataError(f"{spans}: no CUAD spans here; download CUAD and name its folder")
    for number, line in enumerate(spans.read_text("utf8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            contract = json.loads(line)
            name, title = contract["txt"], contract["title"]
            gold = [
                (s[0], s[1], label) for label, found in contract["labels"].items() for s in found
            ]
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise DataError(f"{spans}:{number}: this is no contract of CUAD ({error})") from error
        if not isinstance(name, str) or Path(name).name != name:
            raise DataError(f"{spans}:{number}: {name!r} is no plain file name")
        file = folder / "txt" / name
        try:
            text = file.read_text("utf8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{file}: this text of CUAD cannot be read ({error})") from error
        yield str(title), text, gold


def _contracts_of_json(path: Path) -> Iterator[Contract]:
    """Contracts of CUAD in the form of SQuAD: a question a category, its id ends in its name."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
        for contract in data["data"]:
            for paragraph in contract["paragraphs"]:
                gold = [
                    (a["answer_start"], a["answer_start"] + len(a["text"]), _category(question))
                    for question in paragraph["qas"]
                    for a in question["answers"]
                ]
                yield str(contract["title"]), str(paragraph["context"]), gold
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"{path}: this is no CUAD_v1.json ({error!r}); download it again"
        ) from error


def _category(question: Mapping[str, str]) -> str:
    return question["id"].rpartition("__")[2]


def labelled_sentences(
    text: str, spans: Sequence[tuple[int, int, str]], language: str
) -> Iterator[CuadSentence]:
    """The sentences of a text, each with the labels of the spans that it covers half of.

    Args:
        text: A contract, a clause or a sentence.
        spans: Start, end and label.
        language: ``en`` or ``zh``.
    """
    blocks: Sequence[Block] = blocks_of(text)
    clauses, sentences = find_clauses(text, blocks, language)
    bodies = [" ".join(text[s.start : s.end].split()) for s in sentences]
    earlier = _earlier(clauses, sentences)
    for index, sentence in enumerate(sentences):
        clause = clauses[sentence.clause]
        start, end = sentence.start, sentence.end
        labels = {label for left, right, label in spans if _covers(start, end, left, right)}
        record = ClauseRecord(
            id=str(index),
            text=bodies[index],
            language=language,
            labels=tuple(sorted(labels)),
            heading=clause.heading,
            previous=bodies[earlier[index]] if index in earlier else "",
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


def import_cuad(source: str | Path) -> list[ClauseRecord]:
    """CUAD's sentences with our labels; ``known`` holds those that CUAD can deny.

    Args:
        source: As for `cuad_sentences`.

    Raises:
        DataError: There is no CUAD.
    """
    taxonomy = load_taxonomy().values()
    return [
        _with_our_labels(sentence.record, taxonomy)
        for sentence in cuad_sentences(source)
        if sentence.labelled
    ]


def _with_our_labels(record: ClauseRecord, taxonomy: Iterable[Label]) -> ClauseRecord:
    carried, known = cuad_labels(record.text, record.labels, taxonomy)
    return replace(record, labels=tuple(sorted(carried)), known=tuple(sorted(known)))
