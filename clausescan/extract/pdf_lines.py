"""Lines of text with their boxes out of a PDF page.

For speed a line costs one slice of the page's text and two boxes, not one box a character.
Callers hold `clausescan.extract.pdf_page.LOCK`.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.document import Box
from clausescan.extract.pdf_order import LINE, shown_order

_BOLD = re.compile(rb"bold|black|heavy|cmbx|bd(?:mt|it)?$", re.IGNORECASE)
_NAME_SIZE = 200
_LEAST = 3
_SOFT_HYPHEN = "\u00ad"
_THIN = 0.5
"""Points; what is narrower is not drawn."""

_GREEK_QUESTION_MARK = "\u037e"
_HYPHEN = "\ufffe\x02"

SLANTED = -1
NO_GLYPHS = -1
"""`first` of a line that is no part of the page's text, such as a filled field."""

_SLANT = 0.1
"""Radians that letters may stand off the upright or level."""

_WATERMARK = 3
"""Lines; a page with more that are slanted is no page with a watermark."""

_TALL = 40.0
"""Points; a higher line is looked at twice, for it may run aslant across the page."""


@dataclass(slots=True)
class TextLine:
    """A line as it stands on a page.

    Attributes:
        text: Its text as PDFium gives it, outer blanks cut.
        box: x0, top, x1, bottom in points from the page's top left corner; top and bottom are
            those of the font, not of the glyphs.
        bold: Whether its first and last characters are bold.
        hyphen: Whether PDFium took a hyphen off its end.
        first: Index of its first character in the page's text, which `Glyphs` keeps.
        turn: Clockwise quarter turns that would set it upright; `SLANTED` where none does.
        shown: Its box on the page as displayed, where the page was turned to be read.
        region: Empty for a line across the page, ``(column,)`` in a column, ``(table, row,
            column)`` in a cell; tables and rows count from 0 on each page.
    """

    text: str
    box: Box
    bold: bool
    hyphen: bool
    first: int
    region: tuple[int, ...] = ()
    turn: int = 0
    shown: Box | None = None


class Frame:
    """The way from PDF coordinates of one page to points from its top left as it is read.

    Attributes:
        turn: Clockwise quarter turns between the page as displayed and as it is read.
    """

    __slots__ = ("height", "rotation", "turn", "width", "x", "y")

    def __init__(self, page: Any, turn: int = 0) -> None:
        self.turn = turn
        self.rotation = pdfium.FPDFPage_GetRotation(page)
        self.width = pdfium.FPDF_GetPageWidthF(page)
        self.height = pdfium.FPDF_GetPageHeightF(page)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDF_DeviceToPage(page, 0, 0, 1000, 1000, 0, 0, 0, x, y)
        self.x, self.y = x.value, y.value

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in PDF coordinates as x0, top, x1, bottom."""
        x, y = self.x, self.y
        if self.rotation == 0:
            return left - x, y - top, right - x, y - bottom
        if self.rotation == 1:
            return bottom - y, left - x, top - y, right - x
        if self.rotation == 2:
            return x - right, bottom - y, x - left, top - y
        return y - top, x - right, y - bottom, x - left

    def shown(self, box: Box) -> Box | None:
        """A box on the page as displayed; None where that is how it is read."""
        x0, top, x1, bottom = box
        if self.turn == 1:
            return top, self.width - x1, bottom, self.width - x0
        if self.turn == 2:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        if self.turn == 3:
            return self.height - bottom, x0, self.height - top, x1
        return None


class Glyphs:
    """The text of one page: its lines at once, single characters only where a line must be cut."""

    __slots__ = ("_frame", "_handle", "_name", "_places", "_text")

    def __init__(self, handle: Any, frame: Frame) -> None:
        self._handle = handle
        self._frame = frame
        self._name = ctypes.create_string_buffer(_NAME_SIZE)
        self._text, self._places = shown_order(self._page_text(), self)

    def lines(self) -> Iterator[TextLine]:
        """The lines in the order of the content stream."""
        for match in LINE.finditer(self._text):
            piece = match[0].strip()
            if not piece:
                continue
            first = match.start() + match[0].index(piece[0])
            end = match.end()
            hyphen = end < len(self._text) and self._text[end] in _HYPHEN
            yield self._line(piece, first, hyphen=hyphen)

    def cut(self, line: TextLine, at: Sequence[float]) -> list[TextLine]:
        """The pieces of a line between the given x, empty ones left out."""
        if line.first == NO_GLYPHS:
            return [line]
        starts = [line.first]
        ends: list[int] = []
        pending = list(at)
        for index in range(line.first, line.first + len(line.text)):
            box = self._box(index, index)
            while pending and (box[0] + box[2]) / 2 >= pending[0]:
                pending.pop(0)
                ends.append(index)
                starts.append(index)
        ends.append(line.first + len(line.text))
        pieces = [self._piece(start, end) for start, end in zip(starts, ends, strict=True)]
        found = [piece for piece in pieces if piece is not None]
        if found:
            found[-1].hyphen = line.hyphen
        return found

    def gaps(self, line: TextLine) -> list[tuple[float, float]]:
        """The stretches of x inside a line that no character covers."""
        if line.first == NO_GLYPHS:
            return []
        places = self._places[line.first : line.first + len(line.text)]
        first, last = min(places), max(places)
        if last - first + 1 == len(line.text):
            return _uncovered(self.spans(first, len(line.text)))
        boxes = [self.box(place, place) for place in places]
        return _uncovered([(box[0], box[2]) for box in boxes])

    def spans(self, first: int, count: int) -> list[tuple[float, float]]:
        """The stretches of x that characters cover, one for each object they were drawn with."""
        found: list[tuple[float, float]] = []
        edges = [ctypes.c_double() for _ in range(4)]
        for index in range(min(pdfium.FPDFText_CountRects(self._handle, first, count), 200)):
            pdfium.FPDFText_GetRect(self._handle, index, *edges)
            left, top, right, bottom = (edge.value for edge in edges)
            box = self._frame.box(left, bottom, right, top)
            found.append((box[0], box[2]))
        return found

    def is_guessed(self, index: int) -> bool:
        """Whether a blank is PDFium's, not the file's."""
        return bool(pdfium.FPDFText_IsGenerated(self._handle, index) == 1)

    def turn(self, line: TextLine) -> int:
        """Clockwise quarter turns that would set a line upright, or `SLANTED`."""
        return self.turn_at(self._places[line.first])

    def turn_at(self, index: int) -> int:
        """Clockwise quarter turns that would set a character upright, or `SLANTED`."""
        angle = pdfium.FPDFText_GetCharAngle(self._handle, index)
        quarters = (2 * math.pi - angle) / (math.pi / 2)
        if angle < 0 or abs(quarters - round(quarters)) > _SLANT:
            return SLANTED if angle >= 0 else 0
        return int(round(quarters) - self._frame.rotation) % 4

    def mark_turned(self, lines: Sequence[TextLine]) -> None:
        """Set the `turn` of lines that by their shape may not be upright."""
        for line in lines:
            wide, high = line.box[2] - line.box[0], line.box[3] - line.box[1]
            if (high > wide and len(line.text) >= _LEAST) or high > _TALL:
                line.turn = self.turn(line)
        slanted = [line for line in lines if line.turn == SLANTED]
        if len(slanted) > max(_WATERMARK, len(lines) // 4):
            # The text itself stands aslant, as on a badly fed scan.
            for line in slanted:
                line.turn = 0

    def _piece(self, start: int, end: int) -> TextLine | None:
        text = self._text[start:end]
        piece = text.strip()
        if not piece:
            return None
        return self._line(piece, start + text.index(piece[0]), hyphen=False)

    def _line(self, text: str, first: int, *, hyphen: bool) -> TextLine:
        last = first + len(text) - 1
        bold = self._is_bold(first) and self._is_bold(last)
        return TextLine(text, self._box(first, last), bold, hyphen, first)

    def _page_text(self) -> str:
        """The text with one character for each of PDFium's, so that indexes agree."""
        count = pdfium.FPDFText_CountChars(self._handle)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._handle, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) != count:
            text = "".join(self._character(index) for index in range(count))
        if _SOFT_HYPHEN in text:
            text = self._with_drawn_hyphens(text)
        # Fonts of converters name the semicolon by its Greek twin.
        return text.replace(_GREEK_QUESTION_MARK, ";")

    def _with_drawn_hyphens(self, text: str) -> str:
        """The text with the soft hyphens that have a width as the hyphens they are shown as."""
        places = [index for index, sign in enumerate(text) if sign == _SOFT_HYPHEN]
        drawn = {index for index in places if self._width(index) > _THIN}
        return "".join("-" if index in drawn else sign for index, sign in enumerate(text))

    def _width(self, index: int) -> float:
        edges = [ctypes.c_double() for _ in range(4)]
        pdfium.FPDFText_GetCharBox(self._handle, index, *edges)
        return edges[1].value - edges[0].value

    def _character(self, index: int) -> str:
        code = pdfium.FPDFText_GetUnicode(self._handle, index)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"

    def _box(self, first: int, last: int) -> Box:
        return self.box(self._places[first], self._places[last])

    def box(self, first: int, last: int) -> Box:
        """The box from one character to another, by their index in PDFium's text."""
        one, other = pdfium.FS_RECTF(), pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._handle, first, one)
        pdfium.FPDFText_GetLooseCharBox(self._handle, last, other)
        return self._frame.box(
            min(one.left, other.left),
            min(one.bottom, other.bottom),
            max(one.right, other.right),
            max(one.top, other.top),
        )

    def _is_bold(self, index: int) -> bool:
        """By the font's name; PDFium's weight is a guess that misses most bold fonts."""
        place = self._places[index]
        size = pdfium.FPDFText_GetFontInfo(self._handle, place, self._name, _NAME_SIZE, None)
        return size > 1 and _BOLD.search(self._name.value) is not None


def _uncovered(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    reach = math.inf
    for start, end in sorted(spans):
        if start > reach:
            found.append((reach, start))
        reach = end if reach == math.inf else max(reach, end)
    return found
