"""Component `clausescan_clauses`: numbered clauses, headings and sentences.

The unit is the smallest numbered (sub)clause. Numbers are put together as a person cites them
("3.2(b)", "第五条（一）"), whether typed or computed by a word processor. Sentences are the unit of
labels and norms: 95 % of CUAD's annotated spans are covered by one sentence, 57 % by a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from clausescan.document import Block
from clausescan.pipeline.outline import Contents, Outline
from clausescan.pipeline.reading import (
    CLAUSES_KEY,
    SENTENCES_KEY,
    Reading,
    add_spans,
    as_records,
    reading_of,
)
from clausescan.pipeline.sentences import split_sentences
from clausescan.pipeline.units import BLANK, Unit, find_units

_INLINE_HEADING = re.compile(
    r"(?P<en>[A-Z][^.:;\n]{1,78}?)(?:[.:]|\s[–—-])\s+(?=[A-Z“\"(\[])"
    r"|(?P<zh>[\u4e00-\u9fff、]{2,14})[：:\u3000]\s*(?=[\u4e00-\u9fff“\"（(])"
)
_SMALL_WORDS = frozenset(
    [
        "and",
        "or",
        "of",
        "the",
        "to",
        "in",
        "for",
        "on",
        "by",
        "with",
        "a",
        "an",
        "from",
        "upon",
        "at",
        "as",
        "no",
    ]
)
_HEADING_NOISE = re.compile(r"[\s\u3000_＿…]+")
_RECITAL = re.compile(r"(?i)^\W*(?:whereas\b|recitals?\b|background\b|鉴于|序言)|^\W*WITNESSETH")
_SIGNATURE = re.compile(
    r"(?i)^\W*(?:in witness whereof|signature page|signed (?:for|by)|executed (?:as|by)"
    r"|authori[sz]ed (?:signatory|representative|signature)|by:\s*_|name:|title:|date:\s*_)"
    r"|^\W*(?:（?签字|（?盖章|签署页|授权代表|法定代表人(?:或授权代表)?[（(]?(?:签字|签章|盖章))"
)
_NOTE = re.compile(r"^[（(【\[](?:注|说明|备注|drafting note|note)\s*[:：]", re.IGNORECASE)
_LONGEST_OPENING = 2500
_MAX_HEADING = {"en": 90, "zh": 26}


@dataclass(frozen=True, slots=True)
class ClauseSpan:
    """One clause of a text.

    Attributes:
        start: First character, behind the number.
        end: One past the last character.
        number: Number as a person cites it, or "".
        heading: Own heading or that of the nearest clause above.
        level: Depth from 0.
        kind: ``clause``, ``heading``, ``title``, ``preamble``, ``recital``, ``signature``,
            ``annex`` or ``note``.
        parent: Index of the clause it hangs on, or -1.
        block: Index of the block it begins in.
        lead_in: Whether its last sentence is finished by its sub-clauses.
    """

    start: int
    end: int
    number: str
    heading: str
    level: int
    kind: str
    parent: int
    block: int
    lead_in: bool = False


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """One sentence; `clause` is the index of its clause."""

    start: int
    end: int
    clause: int
    is_heading: bool = False


def find_clauses(
    text: str, blocks: Sequence[Block], language: str
) -> tuple[list[ClauseSpan], list[SentenceSpan]]:
    """Clauses and sentences of a text.

    Args:
        text: The text of one language.
        blocks: Its blocks, in reading order.
        language: ``en`` or ``zh``.
    """
    clauses: list[ClauseSpan] = []
    outline = Outline()
    contents = Contents()
    section = "preamble"
    for unit in find_units(text, blocks):
        block = blocks[unit.block]
        body = text[unit.start : unit.end]
        if BLANK.match(body) or contents.holds(unit, body):
            continue
        section = _section(section, unit, body)
        is_heading = _is_heading(body, unit, block, language)
        number, level, parent = outline.place(unit.mark, len(clauses))
        kind = _kind(section, body, unit, is_heading=is_heading, first=not clauses)
        heading = body if is_heading else _inline_heading(body, unit)
        heading = _HEADING_NOISE.sub(" ", heading).strip(" .:：")
        if heading:
            outline.head(level, heading)
        clauses.append(
            ClauseSpan(
                unit.start,
                unit.end,
                number,
                heading or outline.heading(),
                level,
                kind,
                parent,
                unit.block,
            )
        )
    clauses = _with_lead_ins(text, _with_prose(text, clauses))
    return clauses, list(_sentences(text, clauses, language))


class Clauses:
    """Writes clauses and sentences to ``doc.spans``.

    ``doc.spans["clauses"].attrs["clauses"]`` and ``doc.spans["sentences"].attrs["sentences"]``
    hold one record a span, with exact character offsets.
    """

    def __init__(self, language: str, *, spans_key: str = CLAUSES_KEY) -> None:
        self.language = language
        self.spans_key = spans_key

    def read(self, reading: Reading) -> None:
        """Segment one text."""
        clauses, sentences = find_clauses(reading.text, reading.blocks, self.language)
        reading.clauses = as_records(clauses)
        reading.sentences = as_records(sentences)

    def __call__(self, doc: Doc) -> Doc:
        """Segment a `Doc`."""
        reading = reading_of(doc)
        self.read(reading)
        add_spans(doc, self.spans_key, reading.clauses)
        add_spans(doc, SENTENCES_KEY, reading.sentences)
        return doc


@Language.factory(
    "clausescan_clauses",
    assigns=["doc.spans"],
    default_config={"spans_key": CLAUSES_KEY},
)
def make_clauses(nlp: Language, name: str, spans_key: str) -> Clauses:
    """The clause component for a pipeline's own language."""
    return Clauses(nlp.lang or "en", spans_key=spans_key)


def _is_heading(body: str, unit: Unit, block: Block, language: str) -> bool:
    text = body.strip()
    whole = unit.start <= block.start + 40 and unit.end == block.end
    if not whole or len(text) > _MAX_HEADING.get(language, 90) or text[-1] in ";；。,，":
        return False
    if block.kind == "heading":
        return True
    if language == "zh":
        return unit.mark is not None and not re.search(r"[，,。；：:]|应|不得|有权", text)
    words = [word for word in re.findall(r"[A-Za-z’']+", text) if len(word) > 3]
    if not words or re.search(r"\b(?:shall|will|must|may|agrees?)\b", text):
        return False
    if text[0] in '"“„‘' or (text[-1] == "." and not all(word[0].isupper() for word in words)):
        return False
    titled = sum(word[0].isupper() for word in words) >= 0.75 * len(words)
    return titled and (text.isupper() or block.bold or text[-1] not in "." or unit.mark is not None)


def _inline_heading(body: str, unit: Unit) -> str:
    match = _INLINE_HEADING.match(body)
    if match is None:
        return ""
    if match["zh"]:
        return match["zh"] if unit.mark is not None else ""
    words = re.findall(r"[A-Za-z][\w’'-]*", match["en"])
    titled = all(word[0].isupper() or word in _SMALL_WORDS for word in words)
    return match["en"].strip() if titled else ""


def _section(section: str, unit: Unit, body: str) -> str:
    if unit.mark is not None and unit.mark.scheme in ("annex", "zh-annex"):
        return "annex"
    if _SIGNATURE.match(body):
        return "signature"
    if unit.mark is not None and unit.mark.scheme != "bullet":
        return "annex" if section == "annex" else ("recital" if _RECITAL.match(body) else "clause")
    if section in ("preamble", "recital") and _RECITAL.match(body):
        return "recital"
    if section == "signature" and len(body) > 160:
        return "annex"
    return section


def _kind(section: str, body: str, unit: Unit, *, is_heading: bool, first: bool) -> str:
    if _NOTE.match(body):
        return "note"
    if is_heading:
        return "title" if first and unit.mark is None else "heading"
    return "clause" if section == "preamble" and unit.mark is not None else section


def _with_prose(text: str, clauses: list[ClauseSpan]) -> list[ClauseSpan]:
    """What is no preamble: paragraphs of a draft without numbers, a contract on one line."""
    numbered = sum(clause.kind == "clause" and bool(clause.number) for clause in clauses)
    return [
        replace(clause, kind="clause")
        if (clause.end - clause.start > _LONGEST_OPENING and clause.kind in ("preamble", "recital"))
        or (
            numbered < 3
            and clause.kind == "preamble"
            and clause.end - clause.start > 40
            and text[clause.end - 1] in ".。;；:："
        )
        else clause
        for clause in clauses
    ]


def _with_lead_ins(text: str, clauses: list[ClauseSpan]) -> list[ClauseSpan]:
    """Mark the clauses whose sub-clauses finish their last sentence."""
    parents = {clause.parent for clause in clauses}
    return [
        replace(clause, lead_in=True)
        if index in parents and text[clause.end - 1] not in ".。;；" and clause.kind != "heading"
        else clause
        for index, clause in enumerate(clauses)
    ]


def _sentences(text: str, clauses: Sequence[ClauseSpan], language: str) -> Iterator[SentenceSpan]:
    for index, clause in enumerate(clauses):
        if clause.kind in ("heading", "title"):
            yield SentenceSpan(clause.start, clause.end, index, is_heading=True)
            continue
        for start, end in split_sentences(text, clause.start, clause.end, language):
            is_heading = (
                end < clause.end
                and start == clause.start
                and (text[start:end].strip(" .:：") == clause.heading)
            )
            yield SentenceSpan(start, end, index, is_heading=is_heading)
