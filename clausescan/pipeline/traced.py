"""Folded texts and terms with the places that they come from.

What `clausescan.pipeline.terms` gives, character for character, and the way back to the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clausescan.pipeline.terms import (
    DECIMAL,
    DIGITS,
    NON_EXCLUSIVE,
    SPACE,
    WORD,
    analyzer,
    folded,
    simplified,
)

_QUOTE = re.compile("’")


@dataclass(frozen=True, slots=True)
class TracedTerm:
    """A term and the characters of the text that it was made of."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A text made of another one.

    Attributes:
        text: What became of it.
        starts: For each character the place in the other text where its origin starts.
        ends: For each character one past the end of its origin.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the other text that one or more characters come from."""
        return self.starts[start], self.ends[end - 1]

    def replaced(self, pattern: re.Pattern[str], new: str) -> Traced:
        """The text with `new` in the place of whatever the pattern finds."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        place = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            text += (self.text[place:start], new)
            starts += (*self.starts[place:start], *[self.starts[start]] * len(new))
            ends += (*self.ends[place:start], *[self.ends[end - 1]] * len(new))
            place = end
        text.append(self.text[place:])
        return Traced("".join(text), (*starts, *self.starts[place:]), (*ends, *self.ends[place:]))

    def stripped(self) -> Traced:
        """The text without blanks at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        kept = slice(start, start + len(self.text.strip()))
        return Traced(self.text[kept], self.starts[kept], self.ends[kept])


def trace_folded(text: str, language: str) -> Traced:
    """`clausescan.pipeline.terms.folded` with the way back."""
    if language == "zh":
        traced = _mapped(_simplified_characters(text))
    else:
        lowered = _mapped(_lowered_characters(text)).replaced(_QUOTE, "'")
        joined = _joined(lowered.replaced(SPACE, " ").stripped())
        traced = joined.replaced(DECIMAL, ",")
    return _trusted(traced, folded(text, language), text)


def trace_terms(text: str, language: str) -> list[TracedTerm]:
    """The terms of a text, as `clausescan.pipeline.terms.analyzer` finds them, with their places.

    The few texts whose lower case depends on neighbours are each taken as one place.
    """
    expected = analyzer(language)(text)
    found = list(_runs(text) if language == "zh" else _words(text))
    if [one.term for one in found] == expected:
        return found
    return [TracedTerm(term, 0, len(text)) for term in expected]


def _words(text: str) -> Iterator[TracedTerm]:
    traced = _joined(_mapped(_lowered_characters(text))).replaced(DIGITS, "0")
    words = [
        TracedTerm(match[0], *traced.origin(*match.span())) for match in WORD.finditer(traced.text)
    ]
    yield from words
    for left, right in pairwise(words):
        yield TracedTerm(f"{left.term} {right.term}", left.start, right.end)


def _runs(text: str) -> Iterator[TracedTerm]:
    traced = trace_folded(text, "zh")
    for size in (1, 2, 3):
        for start in range(len(traced.text) - size + 1):
            end = start + size
            yield TracedTerm(traced.text[start:end], *traced.origin(start, end))


def _lowered_characters(text: str) -> Iterator[tuple[int, str]]:
    return ((place, character.lower()) for place, character in enumerate(text))


def _simplified_characters(text: str) -> Iterator[tuple[int, str]]:
    for place, character in enumerate(text):
        plain = SPACE.sub("", unicodedata.normalize("NFKC", character)).lower()
        yield place, plain.translate(simplified())


def _mapped(pieces: Iterator[tuple[int, str]]) -> Traced:
    """A text in which every character became none, one or more others."""
    flat = [(character, place) for place, piece in pieces for character in piece]
    starts = tuple(place for _, place in flat)
    return Traced("".join(one for one, _ in flat), starts, tuple(place + 1 for place in starts))


def _joined(traced: Traced) -> Traced:
    return traced.replaced(NON_EXCLUSIVE, "non-") if "exclusiv" in traced.text else traced


def _trusted(traced: Traced, expected: str, text: str) -> Traced:
    """The tracing, or one that takes the text as one place where a character hung on another."""
    if traced.text == expected:
        return traced
    size = len(expected)
    return Traced(expected, (0,) * size, (len(text),) * size)
