"""Stretches of text with at most one number at their head: blocks, cut at inner numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clausescan.document import Block
from clausescan.pipeline.marks import Mark, follows, read_mark, word_mark

_INLINE = re.compile(
    r"(?:(?<=[;:；：。])|(?<=[.,] )|(?<= and )|(?<= or ))\s*"
    r"(?=[(（](?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳])"
    r"|(?<=[.;。；])\s+(?=(?:\d{1,2}[.．]){1,3}\d{1,2}\.?\s+[A-Z\u4e00-\u9fff“\"])"
    r"|(?<=[。；])\s*(?=\d{1,2}[．.]\d{1,2}(?![\d%]))"
    r"|(?:(?<=[.;:] )|(?<=[ \xa0]{2}))(?=\d{1,2}\.\s+[A-Z“\"])"
)
_INNER_NUMBER = re.compile(
    r"[(（](?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[①-⑳]"
    r"|\d[.．](?:\d|\s+[A-Z\u4e00-\u9fff“\"])"
)
"""Where a paragraph has none of these, the slower search above finds none either."""
BLANK = re.compile(r"^[\s_＿…\.\-—×xX*□○/\\|┌┐└┘├┤┬┴┼─│\u3000]*$")
_LEAD = " \t\n\u3000\xa0:：、"


@dataclass(frozen=True, slots=True)
class _RunKind:
    """How the numbers of one scheme run on inside a paragraph.

    Attributes:
        least: How many make a list.
        apart: How many characters apart they stand, on the average.
        loose: Whether they may begin anywhere and step from 2.9 to 3.1.
        sticky: Whether a number out of order is passed over instead of ending the run.
    """

    least: int
    apart: int
    loose: bool = False
    sticky: bool = False


_LISTED = _RunKind(2, 40)
_KINDS = {"dotted": _RunKind(2, 15, loose=True), "number": _RunKind(3, 60, sticky=True)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text with at most one mark at its head."""

    start: int
    end: int
    mark: Mark | None
    block: int


def find_units(text: str, blocks: Sequence[Block]) -> Iterator[Unit]:
    """Blocks, cut at the numbers that stand inside them."""
    pending: Mark | None = None
    for index, block in enumerate(blocks):
        mark = word_mark(block.number) if block.number else read_mark(text[block.start : block.end])
        start = block.start + (mark.end if mark and not block.number else 0)
        if mark is not None and not block.number and BLANK.match(text[start : block.end]):
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
                yield Unit(head, stop, inner, index)


def _inline_cuts(text: str, start: int, end: int, head: Mark | None) -> list[int]:
    """Where numbers inside a paragraph begin sub-clauses.

    A run of numbers counts when it begins with the first of its list, or goes on from the number
    at the paragraph's head, and its items are long enough to be clauses rather than names.
    """
    if not _INNER_NUMBER.search(text, start, end):
        return []
    groups: dict[str, list[tuple[int, Mark]]] = {}
    for match in _INLINE.finditer(text, start, end):
        mark = read_mark(text[match.end() : match.end() + 40])
        if mark is not None:
            groups.setdefault(mark.scheme, []).append((match.end(), mark))
    cuts: list[int] = []
    for scheme, found in groups.items():
        first = [(start, head)] if head is not None and head.scheme == scheme else []
        kind = _KINDS.get(scheme, _LISTED)
        for run in _runs([*first, *found], kind, begun=bool(first)):
            if len(run) >= kind.least and run[-1] - run[0] >= kind.apart * (len(run) - 1):
                cuts += [cut for cut in run if cut > start]
    return sorted(cuts)


def _runs(found: list[tuple[int, Mark]], kind: _RunKind, *, begun: bool) -> Iterator[list[int]]:
    """Positions of marks that count up from the first of their list."""
    run: list[int] = []
    last: Mark | None = None
    for position, mark in found:
        if last is not None and (follows(mark, last) or (kind.loose and _steps(mark, last))):
            run.append(position)
        elif last is not None and (kind.sticky or (kind.loose and mark.value <= last.value)):
            continue
        else:
            yield run or [position]
            run = [position] if kind.loose or begun or mark.value[-1] == 1 else []
            begun = False
        last = mark if run else None
    if run:
        yield run


def _steps(mark: Mark, last: Mark) -> bool:
    return mark.value > last.value and mark.value[0] - last.value[0] <= 1
