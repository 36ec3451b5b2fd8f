"""Component `clausescan_clauses`: numbered clauses, headings and sentences.

The unit is the smallest numbered (sub)clause. Numbers are put together as a person cites them
("3.2(b)", "第五条（一）"), whether typed or computed by a word processor. Sentences are the unit of
labels and norms: 95 % of CUAD's annotated spans are covered by one sentence, 57 % by a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from clausescan.document import Block, blocks_of
from clausescan.pipeline.marks import Mark, follows, read_mark, reading_as_letter, word_mark
from clausescan.pipeline.sentences import split_sentences

BLOCKS_KEY = "clausescan_blocks"
"""Key of `Doc.user_data` under which a caller may hand over the blocks of the source."""
CLAUSES_KEY = "clauses"
SENTENCES_KEY = "sentences"

_INLINE = re.compile(
    r"(?:(?<=[;:；：。])|(?<=[.,] )|(?<= and )|(?<= or ))\s*"
    r"(?=[(（](?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳])"
    r"|(?<=[.;。；])\s+(?=(?:\d{1,2}[.．]){1,3}\d{1,2}\.?\s+[A-Z\u4e00-\u9fff“\"])"
    r"|(?<=[。；])\s*(?=\d{1,2}[．.]\d{1,2}(?![\d%]))"
)
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
_CONTENTS = re.compile(r"(?i)^\W*(?:table of contents|contents|index)\W*$|^\s*目\s*[录錄]\s*$")
_LEADER = re.compile(r"(?:\.\s?|…|·){4,}\s*\d{1,3}\s*$")
_BLANK = re.compile(r"^[\s_＿…\.\-—×xX*□○/\\|┌┐└┘├┤┬┴┼─│\u3000]*$")
_LEAD = " \t\n\u3000\xa0:：、"
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


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch of text with at most one mark at its head."""

    start: int
    end: int
    mark: Mark | None
    block: int


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
    outline = _Outline()
    contents = _Contents()
    section = "preamble"
    for unit in _units(text, blocks):
        block = blocks[unit.block]
        body = text[unit.start : unit.end]
        if _BLANK.match(body) or contents.holds(unit, body):
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

    def __call__(self, doc: Doc) -> Doc:
        """Segment one text."""
        blocks = doc.user_data.get(BLOCKS_KEY) or blocks_of(doc.text)
        clauses, sentences = find_clauses(doc.text, blocks, self.language)
        add_spans(doc, self.spans_key, [asdict(clause) for clause in clauses])
        add_spans(doc, SENTENCES_KEY, [asdict(sentence) for sentence in sentences])
        return doc


@Language.factory(
    "clausescan_clauses",
    assigns=["doc.spans"],
    default_config={"spans_key": CLAUSES_KEY},
)
def make_clauses(nlp: Language, name: str, spans_key: str) -> Clauses:
    """The clause component for a pipeline's own language."""
    return Clauses(nlp.lang or "en", spans_key=spans_key)


def add_spans(doc: Doc, key: str, records: list[dict[str, Any]], label: str = "") -> None:
    """Put records with ``start`` and ``end`` (characters) into a span group of the same order.

    Spans snap outwards to tokens; the records in ``attrs`` keep the exact offsets.
    """
    spans = []
    kept = []
    for record in records:
        span = doc.char_span(
            record["start"],
            record["end"],
            label=str(record.get(label, "")) if label else "",
            alignment_mode="expand",
        )
        if isinstance(span, Span):
            spans.append(span)
            kept.append(record)
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs={key: kept})


class _Contents:
    """The table of contents, which repeats headings and is no part of the contract's text."""

    def __init__(self) -> None:
        self._first: Mark | None = None
        self._open = False

    def holds(self, unit: _Unit, body: str) -> bool:
        """Whether a unit is a line of the table of contents."""
        if _LEADER.search(body):
            return True
        if _CONTENTS.match(body):
            self._open, self._first = True, None
            return True
        if not self._open:
            return False
        again = (
            self._first is not None
            and unit.mark is not None
            and ((unit.mark.scheme, unit.mark.value) == (self._first.scheme, self._first.value))
        )
        if again or len(body) > 90:
            self._open = False
            return False
        self._first = self._first or unit.mark
        return True


class _Outline:
    """The list the reader is in: a stack of marks with their numbers and headings."""

    def __init__(self) -> None:
        self._stack: list[tuple[Mark, str, int]] = []
        self._headings: dict[int, str] = {}

    def place(self, mark: Mark | None, index: int) -> tuple[str, int, int]:
        """Number, level and parent index for the next clause."""
        if mark is None:
            parent = self._stack[-1] if self._stack else None
            return (parent[1], len(self._stack), parent[2]) if parent else ("", 0, -1)
        mark = self._settled(mark)
        while self._stack and not self._holds(self._stack[-1][0], mark):
            self._stack.pop()
        level = len(self._stack)
        for deeper in [key for key in self._headings if key >= level]:
            del self._headings[deeper]
        parent = self._stack[-1] if self._stack else None
        number = self._number(mark, parent)
        self._stack.append((mark, number, index))
        return number, level, parent[2] if parent else -1

    def head(self, level: int, heading: str) -> None:
        """Remember a heading for the clauses below it."""
        self._headings[level] = heading

    def heading(self) -> str:
        """The nearest heading above."""
        return self._headings[max(self._headings)] if self._headings else ""

    def _settled(self, mark: Mark) -> Mark:
        """Decide between ``(i)`` the letter and ``(i)`` the roman figure."""
        if mark.scheme not in ("paren-roman", "roman"):
            return mark
        for earlier, _, _ in reversed(self._stack):
            if follows(mark, earlier):
                return mark
            letter = reading_as_letter(mark)
            if follows(letter, earlier):
                return letter
        return mark if mark.value == (1,) else reading_as_letter(mark)

    def _holds(self, above: Mark, mark: Mark) -> bool:
        """Whether `mark` is a sub-clause of `above`."""
        if mark.scheme == above.scheme == "dotted":
            return mark.value[: len(above.value)] == above.value and len(mark.value) > len(
                above.value
            )
        if above.scheme == mark.scheme:
            return False
        in_stack = any(earlier.scheme == mark.scheme for earlier, _, _ in self._stack)
        if mark.scheme == "dotted":
            return not in_stack and _RANK.get(above.scheme, 5) < 3
        if in_stack and mark.scheme not in _OUTER:
            return False
        return _RANK.get(above.scheme, 5) < _RANK.get(mark.scheme, 5) or (
            mark.scheme not in _OUTER and not in_stack and mark.value[-1] <= 1
        )

    def _number(self, mark: Mark, parent: tuple[Mark, str, int] | None) -> str:
        if mark.scheme == "bullet":
            return parent[1] if parent else ""
        if mark.whole or parent is None or parent[0].scheme in ("zh-part", "zh-section", "annex"):
            return mark.text
        if mark.scheme == "zh-comma" and parent[0].scheme in ("zh-article", "zh-part"):
            return parent[1] + mark.text
        return parent[1] + (mark.text if mark.text[0] in "(（①②③④⑤⑥⑦⑧⑨⑩" else f"({mark.text})")


_RANK = {
    "zh-part": 0, "annex": 0, "zh-annex": 0, "article": 1, "zh-section": 1, "zh-article": 2,
    "label": 2, "zh-comma": 2.5, "number": 2.6, "dotted": 3, "zh-paren": 3.5, "upper": 2.5,
    "paren-upper": 4, "paren-number": 4, "paren-lower": 4, "lower": 4, "paren-roman": 5,
    "roman": 2.4, "circled": 5, "bullet": 9,
}  # fmt: skip
_OUTER = {"zh-part", "annex", "zh-annex", "article", "zh-section", "zh-article"}


def _units(text: str, blocks: Sequence[Block]) -> Iterator[_Unit]:
    """Blocks, cut at the numbers that stand inside them."""
    pending: Mark | None = None
    for index, block in enumerate(blocks):
        mark = word_mark(block.number) if block.number else read_mark(text[block.start : block.end])
        start = block.start + (mark.end if mark and not block.number else 0)
        if mark is not None and not block.number and _BLANK.match(text[start : block.end]):
            pending = mark
            continue
        mark, pending = mark or pending, None
        cuts = [start, *_inline_cuts(text, start, block.end, mark), block.end]
        for position, (left, right) in enumerate(pairwise(cuts)):
            inner = read_mark(text[left:right]) if position else mark
            head = left + (inner.end if position and inner else 0)
            body = text[head:right]
            stop = head + len(body.rstrip())
            head += len(body) - len(body.lstrip(_LEAD)) if body.strip() else 0
            if stop > head:
                yield _Unit(head, stop, inner, index)


def _inline_cuts(text: str, start: int, end: int, head: Mark | None) -> list[int]:
    """Where numbers inside a paragraph begin sub-clauses.

    A run of numbers counts when it begins with the first of its list (or goes on from the number
    at the paragraph's head) and has a second, and its
    items are long enough to be clauses rather than an enumeration of names: 40 characters, 15
    behind a dotted number, which enumerations do not have.
    """
    groups: dict[str, list[tuple[int, Mark]]] = {}
    for match in _INLINE.finditer(text, start, end):
        mark = read_mark(text[match.end() : match.end() + 40])
        if mark is not None:
            groups.setdefault(mark.scheme, []).append((match.end(), mark))
    cuts: list[int] = []
    for scheme, found in groups.items():
        first = [(start, head)] if head is not None and head.scheme == scheme else []
        loose = scheme == "dotted"
        for run in _runs([*first, *found], loose=loose, begun=bool(first)):
            if (run[-1] - run[0]) >= (15 if loose else 40) * (len(run) - 1) > 0:
                cuts += [cut for cut in run if cut > start]
    return sorted(cuts)


def _runs(found: list[tuple[int, Mark]], *, loose: bool, begun: bool) -> Iterator[list[int]]:
    """Positions of marks that count up from the first of their list.

    Loose runs (dotted numbers) may begin anywhere and step from 2.9 to 3.1.
    """
    run: list[int] = []
    last: Mark | None = None
    for position, mark in found:
        if last is not None and (follows(mark, last) or (loose and _steps(mark, last))):
            run.append(position)
        elif loose and last is not None and mark.value <= last.value:
            continue
        else:
            yield run or [position]
            run = [position] if loose or begun or mark.value[-1] == 1 else []
            begun = False
        last = mark if run else None
    if run:
        yield run


def _steps(mark: Mark, last: Mark) -> bool:
    return mark.value > last.value and mark.value[0] - last.value[0] <= 1


def _is_heading(body: str, unit: _Unit, block: Block, language: str) -> bool:
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
    titled = sum(word[0].isupper() for word in words) >= 0.75 * len(words)
    return titled and (text.isupper() or block.bold or text[-1] not in "." or unit.mark is not None)


def _inline_heading(body: str, unit: _Unit) -> str:
    match = _INLINE_HEADING.match(body)
    if match is None:
        return ""
    if match["zh"]:
        return match["zh"] if unit.mark is not None else ""
    words = re.findall(r"[A-Za-z][\w’'-]*", match["en"])
    titled = all(word[0].isupper() or word in _SMALL_WORDS for word in words)
    return match["en"].strip() if titled else ""


def _section(section: str, unit: _Unit, body: str) -> str:
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


def _kind(section: str, body: str, unit: _Unit, *, is_heading: bool, first: bool) -> str:
    if _NOTE.match(body):
        return "note"
    if is_heading:
        return "title" if first and unit.mark is None else "heading"
    return "clause" if section == "preamble" and unit.mark is not None else section


def _with_prose(text: str, clauses: list[ClauseSpan]) -> list[ClauseSpan]:
    """In a draft without numbers, paragraphs of whole sentences are its clauses."""
    if sum(clause.kind == "clause" and bool(clause.number) for clause in clauses) >= 3:
        return clauses
    return [
        replace(clause, kind="clause")
        if clause.kind == "preamble"
        and clause.end - clause.start > 40
        and text[clause.end - 1] in ".。;；:："
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
