"""Pages of a PDF that are pictures, read by text recognition; all others are left alone."""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.document import Box
from clausescan.extract.assemble import Source
from clausescan.extract.ocr import (
    Engine,
    Picture,
    Piece,
    confidence,
    engine,
    is_sideways,
    rows,
)
from clausescan.extract.pdf_columns import split_columns
from clausescan.extract.pdf_lines import NO_GLYPHS, Frame, TextLine
from clausescan.extract.pdf_notices import SURE
from clausescan.extract.pdf_page import Handle, PageText

PAGE_SECONDS = 60.0
_MOST_PIXELS = 25_000_000
"""Of a page's picture; larger pages are drawn coarser."""

_MOST_IMAGE_PIXELS = 400_000_000
"""Of an image on a page; PDFium unpacks the whole of it to draw the page."""

_TIME_SHARE = 0.8
"""Of a file's time that recognition may use; the rest is for reading what it found."""


class _Uncut:
    """Recognised lines have no single letters to look at."""

    def cut(self, line: TextLine, at: Sequence[float]) -> list[TextLine]:
        del at
        return [line]

    def gaps(self, line: TextLine) -> list[tuple[float, float]]:
        del line
        return []


def recognise(
    handle: Handle, pages: Sequence[PageText], numbers: Collection[int], source: Source
) -> str:
    """Put recognised lines on the pages of the given numbers, as far as the time goes.

    Args:
        handle: PDFium's document, under the lock.
        pages: All pages; those recognised get their lines and how sure they are.
        numbers: Which of them.
        source: For its limits.

    Returns:
        Name of the engine, "" where there is none.
    """
    tool = engine()
    if tool is None:
        return ""
    end = source.deadline - (1 - _TIME_SHARE) * source.limits.seconds
    turn = 0
    for page in pages:
        if page.number in numbers and time.monotonic() < end:
            turn = _recognise(tool, handle.document, page, turn)
    return tool.name


def _recognise(tool: Engine, document: Any, page: PageText, turn: int) -> int:
    """Read one page; gives back its turn, which the next page likely shares."""
    best: tuple[float, list[Piece], Frame, float] | None = None
    for picture, frame, scale in _pictures(tool, document, page.number - 1, turn):
        pieces = tool.read(picture, PAGE_SECONDS)
        sure = confidence(pieces) * (0.5 if is_sideways(pieces) else 1.0)
        if best is None or sure > best[0]:
            best = (sure, pieces, frame, scale)
        if sure >= SURE or not pieces:
            break
    if best is None:
        return turn
    _, pieces, frame, scale = best
    page.garbled, page.confidence = 0.0, confidence(pieces)
    if not pieces:
        return turn
    lines = [_line(row.text, row.box, row.shown, frame, scale) for row in rows(pieces)]
    page.lines = split_columns(lines, frame.width, _Uncut())
    page.height = frame.height
    return frame.turn


def _line(text: str, box: Box, shown: Box, frame: Frame, scale: float) -> TextLine:
    line = TextLine(text, _scaled(box, scale), bold=False, hyphen=False, first=NO_GLYPHS)
    place = _scaled(shown, scale)
    line.shown = frame.shown(place) or place
    return line


def _scaled(box: Box, scale: float) -> Box:
    return box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale


def _pictures(
    tool: Engine, document: Any, index: int, first: int
) -> Iterator[tuple[Picture, Frame, float]]:
    """The page as it is displayed, or as the page before was turned, then turned otherwise."""
    for turn in dict.fromkeys((first, 0, 1, 3, 2)):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            return
        try:
            if _largest_image(page) > _MOST_IMAGE_PIXELS:
                return
            rotation = pdfium.FPDFPage_GetRotation(page)
            pdfium.FPDFPage_SetRotation(page, (rotation + turn) % 4)
            frame = Frame(page, turn)
            scale = tool.dpi / 72
            area = frame.width * frame.height * scale * scale
            scale *= min(1.0, math.sqrt(_MOST_PIXELS / max(area, 1.0)))
            picture = _drawn(page, frame, scale)
            pdfium.FPDFPage_SetRotation(page, rotation)
        finally:
            pdfium.FPDF_ClosePage(page)
        yield picture, frame, scale


def _drawn(page: Any, frame: Frame, scale: float) -> Picture:
    width, height = max(int(frame.width * scale), 1), max(int(frame.height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return Picture(1, 1, b"\xff")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_GRAYSCALE | pdfium.FPDF_ANNOT
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    rows_of = (data[start : start + width] for start in range(0, stride * height, stride))
    return Picture(width, height, b"".join(rows_of))


def _largest_image(page: Any) -> int:
    """Pixels of the largest image on a page, those inside forms included."""
    count = min(max(pdfium.FPDFPage_CountObjects(page), 0), 5000)
    found = (_pixels(pdfium.FPDFPage_GetObject(page, index)) for index in range(count))
    return max(found, default=0)


def _pixels(item: Any, depth: int = 3) -> int:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        width, height = ctypes.c_uint(), ctypes.c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(item, width, height)
        return width.value * height.value
    if kind != pdfium.FPDF_PAGEOBJ_FORM or not depth:
        return 0
    count = min(max(pdfium.FPDFFormObj_CountObjects(item), 0), 5000)
    inner = (pdfium.FPDFFormObj_GetObject(item, index) for index in range(count))
    return max((_pixels(one, depth - 1) for one in inner), default=0)
