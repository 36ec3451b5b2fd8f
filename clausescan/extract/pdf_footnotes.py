"""Tells footnotes from a page's text: small lines at its foot, the first with a note's mark."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from statistics import median

from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_page import PageText

SMALLER = 0.93
"""Height of a note's lines, as a share of the page's usual line."""

MOST = 0.6
"""Share of a page's lines that its notes may take."""

_LEAST_LINES = 4
_LEAST_LETTERS = 20
_NOTE = re.compile(
    r"(?:\[?\d{1,3}[\]\s.)]?|[*†‡§¶]{1,3}|[\u2460-\u2473¹²³⁴-⁹]+)\s*(?=\S*[^\W\d_]{2})"
)
_MARK = re.compile(r"\[?\d{1,3}\]?|[*†‡§¶]{1,3}|[\u2460-\u2473¹²³⁴-⁹]+")


def footnotes(page: PageText, kinds: Mapping[int, str]) -> list[list[TextLine]]:
    """The notes at the foot of a page, each as its lines.

    Args:
        page: The page.
        kinds: Kinds of the lines that are not body text, by `id` of the line.
    """
    body = [line for line in page.lines if id(line) not in kinds and len(line.region) < 3]
    if len(body) < _LEAST_LINES:
        return []
    limit = SMALLER * _usual_height(body)
    columns: dict[tuple[int, ...], list[TextLine]] = {}
    for line in body:
        columns.setdefault(line.region, []).append(line)
    found: list[list[TextLine]] = []
    for region in sorted(columns):
        lines = columns[region]
        upwards = sorted(lines, key=lambda line: -line.box[3])
        foot = {
            id(line) for line in itertools.takewhile(lambda one: _height(one) <= limit, upwards)
        }
        if 0 < len(foot) <= MOST * len(lines):
            found.extend(_notes([line for line in lines if id(line) in foot]))
    return found


def _usual_height(lines: Sequence[TextLine]) -> float:
    """Of the page's long lines; titles and marks are none."""
    heights = [_height(line) for line in lines if len(line.text) >= _LEAST_LETTERS]
    return median(heights) if heights else 0.0


def _height(line: TextLine) -> float:
    return line.box[3] - line.box[1]


def _notes(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    found: list[list[TextLine]] = []
    for line in lines:
        if _NOTE.match(line.text) or _MARK.fullmatch(line.text):
            found.append([line])
        elif found:
            found[-1].append(line)
    long = any(len(line.text) >= _LEAST_LETTERS for note in found for line in note)
    return found if long else []
