"""Joins lines into paragraphs by gaps, page turns and clause numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from clausescan.document import language_of
from clausescan.extract.pdf_lines import TextLine

_CLOSING = re.compile(r"[.;:!?。；：！？][\"”’')）」】\]]*$")
_NUMBERED = re.compile(
    r"(?P<word>(?:article|section|clause|schedule|exhibit|annex|appendix)\s+(?:\d|[IVX]+\b|[A-Z]\b))"
    r"|第\s*[\d一二三四五六七八九十百零〇]{1,5}\s*[条章节款编部]"
    r"|(?P<decimal>\d{1,3}(?:[.．]\d{1,3}){0,4})[.．、]?(?=[\s\u3400-\u9fff]|$)"
    r"|[（(](?:\d{1,2}|[a-zA-Z]{1,2}|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[)）]"
    r"|(?:[A-Z]|[ivxIVX]{1,5}|[a-z])[.)](?=\s)"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[•●▪◦■\uf0b7]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Spot:
    """A line in its place: page, column or cell, and the kind that the margins gave it."""

    line: TextLine
    page: int
    region: tuple[int, ...] = ()
    kind: str = "paragraph"
    right: float = 0.0


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, in reading order."""

    kind: str
    spots: list[Spot] = field(default_factory=list)


def paragraphs(spots: Sequence[Spot]) -> list[Paragraph]:
    """Join lines of one flow (a page's body, a column, a cell) into paragraphs."""
    pitches = _pitches(spots)
    found: list[Paragraph] = []
    for index, spot in enumerate(spots):
        before = spots[index - 1] if index else None
        if before is None or _breaks(before, spot, pitches):
            found.append(Paragraph(spot.kind))
        found[-1].spots.append(spot)
    return found


def _pitches(spots: Sequence[Spot]) -> dict[int, float]:
    """The usual distance of two lines of a paragraph, by page."""
    steps: dict[int, list[float]] = {}
    for before, spot in itertools.pairwise(spots):
        if before.page != spot.page:
            continue
        step = spot.line.box[3] - before.line.box[3]
        if 0.5 * _height(spot) < step < 3.5 * _height(spot):
            steps.setdefault(spot.page, []).append(step)
    every = [step for page in steps.values() for step in page]
    whole = median(every) if every else 0.0
    return {spot.page: _pitch(steps.get(spot.page, []), whole) for spot in spots}


def _pitch(steps: list[float], whole: float) -> float:
    if len(steps) < 4:
        return whole
    return min(median(steps), max(whole, min(steps)))


def _height(spot: Spot) -> float:
    return max(spot.line.box[3] - spot.line.box[1], 1.0)


def _breaks(before: Spot, spot: Spot, pitches: dict[int, float]) -> bool:
    if before.line.hyphen:
        return False
    if before.page != spot.page:
        return _breaks_at_page(before, spot)
    step = spot.line.box[3] - before.line.box[3]
    height = min(_height(before), _height(spot))
    if step < -0.5 * height:
        return True
    if step < 0.4 * height:
        return False
    if step > pitches[spot.page] + 0.5 * height:
        return True
    return _breaks_by_text(before, spot, height)


def _breaks_at_page(before: Spot, spot: Spot) -> bool:
    return _is_short(before) or _is_closed(before) or _changes_script(before, spot)


def _breaks_by_text(before: Spot, spot: Spot, height: float) -> bool:
    closed, short = _is_closed(before), _is_short(before)
    if closed and short:
        return True
    if _NUMBERED.match(spot.line.text) and (closed or short):
        return True
    if closed and spot.line.box[0] > before.line.box[0] + 1.5 * height:
        return True
    if short and before.line.bold and not spot.line.bold:
        return True
    return _changes_script(before, spot)


def _is_closed(spot: Spot) -> bool:
    return _CLOSING.search(spot.line.text) is not None


def _is_short(spot: Spot) -> bool:
    """Whether the line ends so far from the right edge that a word more had found room."""
    return spot.line.box[2] < spot.right - 6.0 * _height(spot)


def _changes_script(before: Spot, spot: Spot) -> bool:
    one, other = language_of(before.line.text), language_of(spot.line.text)
    return bool(one and other and one != other)


def right_edges(spots: Iterable[Spot]) -> None:
    """Set each line's `right` to where the lines of its region end."""
    by_region: dict[tuple[int, ...], list[float]] = {}
    spots = list(spots)
    for spot in spots:
        by_region.setdefault(spot.region, []).append(spot.line.box[2])
    edges = {region: _upper(ends) for region, ends in by_region.items()}
    for spot in spots:
        spot.right = edges[spot.region]


def _upper(ends: list[float]) -> float:
    """The end that one line in ten reaches or passes."""
    ends.sort()
    return ends[int(0.9 * (len(ends) - 1))]
