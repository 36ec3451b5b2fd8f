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
)
BLANK = re.compile(r"^[\s_＿…\.\-—×xX*□○/\\|┌┐└┘├┤┬┴┼─│\u3000]*$")
_LEAD = " \t\n\u3000\xa0:：、"


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
