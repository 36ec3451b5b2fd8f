"""Tells headings by their weight: short bold paragraphs in a text that is not bold itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausescan.extract.numbers import numbered_start
from clausescan.extract.pdf_paragraphs import Paragraph

LONGEST = 90
MOST_LINES = 2
MOST_BOLD = 0.3
"""Share of bold lines from which weight says nothing about a line."""

_WORD = re.compile(r"[^\W\d_]{2}")
_SENTENCE_END = ".;:,。；：，、"


def weight_tells(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a document's bold lines stand out."""
    lines = [spot.line for paragraph in paragraphs for spot in paragraph.spots]
    return sum(line.bold for line in lines) <= MOST_BOLD * len(lines)


def is_heading(paragraph: Paragraph, text: str) -> bool:
    """Whether a paragraph looks like a heading, where weight tells.

    Args:
        paragraph: Its lines.
        text: Their joined text.
    """
    if paragraph.first.kind != "paragraph" or not 0 < len(text) <= LONGEST:
        return False
    if len(paragraph.spots) > MOST_LINES or not all(spot.line.bold for spot in paragraph.spots):
        return False
    words = text[numbered_start(text) :].lstrip(" .")
    return (
        text[-1] not in _SENTENCE_END
        and not words[:1].islower()
        and _WORD.search(words) is not None
    )
