"""The characters of a PDF's Chinese lines in the order in which they are shown, with true blanks.

A writer that takes single marks from another font, as LibreOffice does with Chinese quotation
marks, draws all marks of a stretch at once; PDFium then gives them behind what they stand in. It
also takes for blanks the air that typesetters put between Chinese and Latin letters, and between
the characters of a justified line; some writers set a blank there that the next letter covers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from clausescan.document import Box, language_of
from clausescan.extract.numbers import is_numbered

CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
LINE = re.compile("[^\r\n\ufffe\x02]+")

_BACK = 0.3
"""Something begins so far, in line heights, before the end of what precedes it: out of order."""

_AIR = 0.45
"""Widest gap, in line heights, that typesetters leave between Chinese and Latin letters."""

_WIDE = 1.5
"""Line heights; a line is in pieces where it is empty so far."""

_THINNEST = 0.15
"""Narrowest blank between Chinese characters, beyond the usual gap of the line."""

_SET_OFF = frozenset(")）、：")
"""Marks at the end of a clause number that part it from its text without a blank."""

_LEAST = 0.5
"""Points that boxes may be out by."""

_LEVEL = 0.5
"""Line heights that characters of one line may stand above or below its first."""


class Signs(Protocol):
    """Looks at the characters of a page by their index in PDFium's text."""

    def box(self, first: int, last: int) -> Box:
        """The box from one character to another."""
        ...

    def spans(self, first: int, count: int) -> list[tuple[float, float]]:
        """The stretches of x that characters cover, one for each object they were drawn with."""
        ...

    def is_guessed(self, index: int) -> bool:
        """Whether a blank is PDFium's, not the file's."""
        ...

    def turn_at(self, index: int) -> int:
        """Clockwise quarter turns that would set a character upright."""
        ...


@dataclass(slots=True)
class _Sign:
    """A character.

    Attributes:
        text: The character.
        index: Its index in PDFium's text.
        rank: Its place among the characters of its line as PDFium gives them, from 0.
        box: Its box.
        apart: Whether PDFium has set a blank behind it.
        kept: Whether that blank sets off a clause number.
    """

    text: str
    index: int
    rank: int
    box: Box
    apart: bool = False
    kept: bool = False


def shown_order(text: str, signs: Signs) -> tuple[str, Sequence[int]]:
    """A page's text as it is shown, and for each character its index in PDFium's text.

    A blank that is put in has the index of the character before it.

    Args:
        text: The text as PDFium gives it, one character for each of PDFium's.
        signs: Looks at single characters.
    """
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in LINE.finditer(text):
        if not CJK.search(match[0]):
            continue
        line = _mended(match[0], match.start(), signs)
        if line is None:
            continue
        parts.append(text[done : match.start()])
        places.extend(range(done, match.start()))
        for sign in line:
            parts.append(sign.text)
            places.append(sign.index)
        done = match.end()
    if not done:
        return text, range(len(text))
    parts.append(text[done:])
    places.extend(range(done, len(text)))
    return "".join(parts), places


def _mended(text: str, first: int, signs: Signs) -> list[_Sign] | None:
    """A line's characters as shown; None where they are so already, or nothing tells."""
    mixed = _is_mixed(text, first, signs)
    guessed = {
        index
        for index in range(len(text))
        if text[index] == " "
        and (mixed or _by_cjk(text, index))
        and (signs.is_guessed(first + index) or _is_covered(text, index, first, signs))
    }
    if (not mixed and not guessed) or signs.turn_at(first) != 0:
        return None
    found = _signs(text, first, guessed, signs)
    if mixed:
        if not _is_level(found):
            return None
        found.sort(key=lambda sign: sign.box[0] + sign.box[2])
    return _with_blanks(found)


def _is_mixed(text: str, first: int, signs: Signs) -> bool:
    """Whether a line was drawn in pieces one of which begins before the last has ended."""
    spans = signs.spans(first, len(text))
    if len(spans) < 2:
        return False
    low = _BACK * _height(signs.box(first, first))
    return any(other[0] < one[1] - low for one, other in itertools.pairwise(spans))


def _by_cjk(text: str, index: int) -> bool:
    return CJK.search(text[max(index - 1, 0) : index + 2]) is not None


def _is_covered(text: str, index: int, first: int, signs: Signs) -> bool:
    """Whether the next letter stands on a blank instead of behind it."""
    if not text[index + 1 : index + 2].strip():
        return False
    place = first + index
    blank, letter = signs.box(place, place), signs.box(place + 1, place + 1)
    return blank[0] - _LEAST < letter[0] < (blank[0] + blank[2]) / 2


def _signs(text: str, first: int, guessed: set[int], signs: Signs) -> list[_Sign]:
    found: list[_Sign] = []
    head = len(text) - len(text.lstrip())
    head += len(text[head:].partition(" ")[0])
    for index, sign in enumerate(text):
        if index not in guessed:
            place = first + index
            found.append(_Sign(sign, place, len(found), signs.box(place, place)))
        elif found:
            found[-1].apart = True
            found[-1].kept = index == head and _is_bare_number(text[:head].lstrip())
    return found


def _is_bare_number(head: str) -> bool:
    """Whether a clause number would run into its text, having no bracket or mark at its end."""
    return head[-1:] not in _SET_OFF and is_numbered(head + " ")


def _is_level(signs: Sequence[_Sign]) -> bool:
    """Whether characters stand in one row, not in two that come close."""
    letters = [sign.box for sign in signs if not sign.text.isspace()]
    return all(
        abs(box[1] + box[3] - letters[0][1] - letters[0][3]) <= 2 * _LEVEL * _height(box)
        for box in letters
    )


def _with_blanks(signs: Sequence[_Sign]) -> list[_Sign]:
    usual = _usual_gap(signs)
    found: list[_Sign] = []
    for stretch in _stretches(signs):
        # English writers do set a blank between the scripts, and one as narrow as the air.
        chinese = language_of("".join(sign.text for sign in stretch)) == "zh"
        if found:
            found.append(_blank(found[-1]))
        for one, other in itertools.pairwise(stretch):
            found.append(one)
            if (one.apart and not chinese) or _are_apart(one, other, usual):
                found.append(_blank(one))
        found.append(stretch[-1])
    return found


def _blank(before: _Sign) -> _Sign:
    return _Sign(" ", before.index, before.rank, before.box)


def _stretches(signs: Sequence[_Sign]) -> list[list[_Sign]]:
    """A line's characters parted where it is empty, as between the columns of a table."""
    found = [[signs[0]]]
    for one, other in itertools.pairwise(signs):
        wide = other.box[0] - one.box[2] > _WIDE * _height(one.box)
        if wide and (one.apart or other.rank != one.rank + 1):
            found.append([])
        found[-1].append(other)
    return found


def _usual_gap(signs: Sequence[_Sign]) -> float:
    """What the characters of a spaced or justified line stand apart, in points."""
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(signs)
        if CJK.match(one.text) and CJK.match(other.text) and other.rank == one.rank + 1
    ]
    if not pairs:
        return 0.0
    gap = median(other.box[0] - one.box[2] for one, other in pairs)
    return min(max(gap, 0.0), _AIR * _height(pairs[0][0].box))


def _are_apart(one: _Sign, other: _Sign, usual: float) -> bool:
    """Whether a blank is shown between two characters."""
    seam = other.rank != one.rank + 1
    if not (one.apart or seam) or one.text.isspace() or other.text.isspace():
        return False
    chinese = bool(CJK.match(one.text)) + bool(CJK.match(other.text))
    if not seam and (one.kept or not chinese):
        return True
    gap, height = other.box[0] - one.box[2], _height(one.box)
    return gap > (usual + _THINNEST * height if chinese == 2 else _AIR * height)


def _height(box: Box) -> float:
    return max(box[3] - box[1], 1.0)
