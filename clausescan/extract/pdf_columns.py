"""Pages set in columns: finds the gutters and keeps the columns apart."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median
from typing import Protocol

from clausescan.document import language_of
from clausescan.extract.numbers import is_numbered
from clausescan.extract.pdf_lines import TextLine

GUTTER = 6.0
"""Narrowest gap between columns, in points."""

_FROM, _TO = 0.3, 0.7
"""Where a gutter may stand, in shares of the width it divides."""

_SAMPLE = 6
_LEAST_LINES = 4
_LEAST_WIDTH = 0.15
"""Narrowest usual line of a column, in shares of the page's width."""

_FULL = 0.6
_LEAST_WORDS = 4
"""Running text: its usual line fills this share of its column and has so many words."""


Gutter = tuple[float, float]


class Cutter(Protocol):
    """Looks at the characters of single lines."""

    def cut(self, line: TextLine, at: Sequence[float]) -> list[TextLine]:
        """The pieces of a line between the given x."""
        ...

    def gaps(self, line: TextLine) -> list[tuple[float, float]]:
        """The stretches of x inside a line that no character covers."""
        ...


def split_columns(lines: list[TextLine], width: float, glyphs: Cutter) -> list[TextLine]:
    """The lines with those in columns cut at the gutters, marked and put in reading order.

    Columns of two languages become the rows of a table, for their clauses answer each other;
    columns of one language are read left to right between lines that run across.

    Args:
        lines: All lines of a page; one with ruled tables is left as it is.
        width: The page's width in points.
        glyphs: Cuts lines that run through a gutter.
    """
    if len(lines) < 2 * _LEAST_LINES or any(line.region for line in lines):
        return lines
    gutters = _gutters(lines, (0.0, width), glyphs, least=_LEAST_WIDTH * width)
    if not gutters:
        return lines
    pieces = [piece for line in lines for piece in _cut(line, gutters, glyphs)]
    left, right = _column(pieces, 0), _column(pieces, 1)
    return _in_order(pieces, bilingual=_language(left) != _language(right))


def _gutters(
    lines: list[TextLine], span: Gutter, glyphs: Cutter, *, least: float, depth: int = 1
) -> list[Gutter]:
    """The gutters of the lines between two x, from the left; a column may hold columns itself."""
    gutter = _gutter_between(lines, span) or _gutter_inside(lines, span, glyphs)
    if gutter is None:
        return []
    pieces = [piece for line in lines for piece in _cut(line, [gutter], glyphs)]
    left, right = _column(pieces, 0), _column(pieces, 1)
    found: list[Gutter] = []
    if _is_column(left, least) and _is_column(right, least):
        if _language(left) != _language(right):
            found = [gutter]
        elif _is_running(left) and _is_running(right):
            found = [gutter]
            for side in (left, right) if depth else ():
                edges = min(line.box[0] for line in side), max(line.box[2] for line in side)
                found += _gutters(side, edges, glyphs, least=least, depth=depth - 1)
    for line in lines:
        line.region = ()
    return sorted(found)


def _column(lines: Sequence[TextLine], number: int) -> list[TextLine]:
    return [line for line in lines if line.region == (number,)]


def _gutter_between(lines: Sequence[TextLine], span: Gutter) -> Gutter | None:
    """A band of x that few lines cover, where the file keeps the columns' lines apart."""
    width = span[1] - span[0]
    low, high = int(span[0] + width * _FROM), int(span[0] + width * _TO)
    if not any(line.box[0] > low for line in lines):
        return None
    steps = [0] * (high - low + 2)
    for line in lines:
        start, end = max(int(line.box[0]), low), min(int(line.box[2]), high)
        if start <= end:
            steps[start - low] += 1
            steps[end - low + 1] -= 1
    cover = itertools.accumulate(steps[:-1])
    return _widest([x + low for x, count in enumerate(cover) if count <= len(lines) // 8])


def _widest(points: Sequence[int]) -> Gutter | None:
    best: Gutter | None = None
    start = 0
    for index, x in enumerate(points):
        if index and x != points[index - 1] + 1:
            start = index
        run = (float(points[start]), float(x + 1))
        if best is None or run[1] - run[0] > best[1] - best[0]:
            best = run
    return best if best is not None and best[1] - best[0] >= GUTTER else None


def _gutter_inside(lines: Sequence[TextLine], span: Gutter, glyphs: Cutter) -> Gutter | None:
    """A gap that a sample of lines across the page share, where the file runs columns together."""
    width = span[1] - span[0]
    low, high = span[0] + width * _FROM, span[0] + width * _TO
    across = [line for line in lines if line.box[0] < low and line.box[2] > high]
    if len(across) < max(2 * _LEAST_LINES, len(lines) // 4):
        return None
    step = len(across) / _SAMPLE
    sample = [across[int(index * step)] for index in range(_SAMPLE)]
    gathered: list[tuple[float, float]] = []
    for index, line in enumerate(sample):
        gaps = [(max(a, low), min(b, high)) for a, b in glyphs.gaps(line)]
        gaps = [gap for gap in gaps if gap[1] - gap[0] >= GUTTER]
        if not gaps and index >= 2 and len(gathered) < 2:
            return None
        gathered.extend(gaps)
    return _common_gap(gathered)


def _common_gap(gaps: Sequence[tuple[float, float]]) -> Gutter | None:
    for start, end in sorted(gaps, key=lambda gap: gap[1] - gap[0]):
        middle = (start + end) / 2
        meet = [gap for gap in gaps if gap[0] <= middle <= gap[1]]
        low, high = max(gap[0] for gap in meet), min(gap[1] for gap in meet)
        if len(meet) >= _SAMPLE - 2 and high - low >= GUTTER:
            return low, high
    return None


def _cut(line: TextLine, gutters: Sequence[Gutter], glyphs: Cutter) -> list[TextLine]:
    """The line marked by column; cut at the gutters that it runs through and where it is empty."""
    through = [one for one in gutters if line.box[0] < one[0] - 1.0 and line.box[2] > one[1] + 1.0]
    if not through:
        line.region = (sum(line.box[0] >= one[0] - 1.0 for one in gutters),)
        return [line]
    gaps = [gap for gap in glyphs.gaps(line) if gap[1] - gap[0] >= GUTTER]
    middles = [(low + high) / 2 for low, high in through]
    empty = [x for x in middles if any(low <= x <= high for low, high in gaps)]
    if len(empty) < len(through):
        return [line]
    pieces = glyphs.cut(line, empty)
    for piece in pieces:
        piece.region = (sum(piece.box[0] >= (one[0] + one[1]) / 2 for one in gutters),)
    return pieces


def _is_column(lines: Sequence[TextLine], least: float) -> bool:
    if len(lines) < _LEAST_LINES:
        return False
    return median(line.box[2] - line.box[0] for line in lines) >= least


def _language(lines: Sequence[TextLine]) -> str:
    return language_of(" ".join(line.text for line in lines))


def _in_order(lines: Sequence[TextLine], *, bilingual: bool) -> list[TextLine]:
    """Band by band: what stands between two lines across the page is read by column or by row."""
    order = _by_rows if bilingual else _by_columns
    if bilingual or _interleaved(lines):
        lines = sorted(lines, key=_top)
    found: list[TextLine] = []
    band: list[TextLine] = []
    tables = 0
    for line in lines:
        if line.region:
            band.append(line)
            continue
        found.extend(order(band, tables))
        tables += bool(band)
        band = []
        found.append(line)
    return found + order(band, tables)


def _top(line: TextLine) -> float:
    return line.box[1]


def _interleaved(lines: Sequence[TextLine]) -> bool:
    """Whether the file goes to and fro between the columns line by line."""
    sides = [line.region for line in lines if line.region]
    turns = sum(one != other for one, other in itertools.pairwise(sides))
    return turns > len(sides) / 3


def _is_running(lines: Sequence[TextLine]) -> bool:
    """Whether a column holds wrapped text, not entries of a list."""
    widths = [line.box[2] - line.box[0] for line in lines]
    words = median(line.text.count(" ") + 1 for line in lines)
    wordy = words >= _LEAST_WORDS or _language(lines) == "zh"
    return wordy and median(widths) >= _FULL * max(widths)


def _by_columns(band: list[TextLine], _table: int) -> list[TextLine]:
    if not _interleaved(band):
        return band
    return sorted(band, key=lambda line: (line.region, line.box[1]))


def _by_rows(band: list[TextLine], table: int) -> list[TextLine]:
    """Rows begin where both columns begin a paragraph at one height."""
    left = sorted((line for line in band if line.region == (0,)), key=_top)
    right = sorted((line for line in band if line.region == (1,)), key=_top)
    starts = _common_starts(left, right)
    for column, lines in enumerate((left, right)):
        for line in lines:
            row = sum(start <= line.box[1] + 9.0 for start in starts)
            line.region = (table, row, column)
    return sorted(left + right, key=lambda line: (line.region, line.box[1]))


def _common_starts(left: Sequence[TextLine], right: Sequence[TextLine]) -> list[float]:
    """Heights at which both columns begin a paragraph."""
    tops = _starts(right)
    return [top for top in _starts(left) if any(abs(top - other) < 9.0 for other in tops)]


def _starts(lines: Sequence[TextLine]) -> list[float]:
    """Tops of the lines that begin with a number or stand further below than usual."""
    steps = [other.box[3] - one.box[3] for one, other in itertools.pairwise(lines)]
    usual = sorted(steps)[len(steps) // 4] if steps else 0.0
    found = [lines[0].box[1]] if lines else []
    for step, line in zip(steps, lines[1:], strict=True):
        far = step > usual + 0.3 * (line.box[3] - line.box[1])
        if far or is_numbered(line.text):
            found.append(line.box[1])
    return found
