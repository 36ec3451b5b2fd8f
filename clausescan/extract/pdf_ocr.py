"""Pages of a PDF that are pictures, read by text recognition; all others are left alone."""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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
    letters,
    rows,
    slant_of,
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

_SLANT = 0.01
"""Radians, half a degree, from which a page is drawn anew for an engine that needs it level."""

_TIME_SHARE = 0.8
"""Of a file's time that recognition may use; the rest is for reading what it found."""

_DRAWING = threading.Lock()
"""PDFium is entered by one thread at a time; the file's own lock is held by the one that waits."""


class _Uncut:
    """Recognised lines have no single letters to look at."""

    def cut(self, line: TextLine, at: Sequence[float]) -> list[TextLine]:
        del at
        return [line]

    def gaps(self, line: TextLine) -> list[tuple[float, float]]:
        del line
        return []


@dataclass(frozen=True, slots=True)
class _Shot:
    """A page's picture with the way back to the page."""

    picture: Picture
    frame: Frame
    scale: float

    def points(self, box: Box) -> Box:
        """A box in pixels as one in points."""
        x0, top, x1, bottom = (value / self.scale for value in box)
        return x0, top, x1, bottom


def recognise(
    handle: Handle, pages: Sequence[PageText], numbers: Collection[int], source: Source
) -> str:
    """Put recognised lines on the pages of the given numbers, in order, as far as the time goes.

    Args:
        handle: PDFium's document, under the lock.
        pages: All pages; those recognised get their lines and how sure they are, those for
            which there was no time are marked.
        numbers: Which of them.
        source: For its limits.

    Returns:
        Name of the engine, "" where there is none.
    """
    tool = engine()
    if tool is None:
        return ""
    wanted = [page for page in pages if page.number in numbers]
    job = _Job(tool, handle.document, _end(source))
    turn, slowest = 0, 0.0
    with ThreadPoolExecutor(tool.at_once) as threads:
        for start in range(0, len(wanted), tool.at_once):
            some = wanted[start : start + tool.at_once]
            began = time.monotonic()
            if began + slowest > job.end:  # Not every engine can be stopped inside a page.
                for page in wanted[start:]:
                    page.late = True
                break
            turn = list(threads.map(partial(_recognise, job, first=turn), some))[-1]
            slowest = max(slowest, time.monotonic() - began)
    return tool.name


def _end(source: Source) -> float:
    """When the time for recognition is over, as `time.monotonic` counts."""
    limits = source.limits
    latest = source.deadline - (1 - _TIME_SHARE) * limits.seconds
    return min(latest, time.monotonic() + limits.ocr_seconds)


@dataclass(frozen=True, slots=True)
class _Job:
    """What all pages of a file share."""

    tool: Engine
    document: Any
    end: float

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.end

    def read(self, picture: Picture) -> list[Piece]:
        """The pieces on a picture; none once the time is up."""
        seconds = min(PAGE_SECONDS, self.end - time.monotonic())
        return self.tool.read(picture, seconds) if seconds > 0 else []


def _recognise(job: _Job, page: PageText, first: int) -> int:
    """Read one page, turned as the page before it was, or else otherwise.

    Returns:
        Its turn, which the next page likely shares.
    """
    page.late = job.is_over
    if page.late:
        return first
    best: tuple[float, list[Piece], _Shot] | None = None
    began = time.monotonic()
    for count, turn in enumerate(dict.fromkeys((first, 0, 1, 3, 2))):
        now = time.monotonic()
        if count and now + (now - began) / count > job.end:
            break
        shot = _shot(job, page.number - 1, turn)
        if shot is None:
            break
        pieces = job.read(shot.picture)
        sure = confidence(pieces) * (0.5 if is_sideways(pieces) else 1.0)
        if best is None or sure > best[0]:
            best = (sure, pieces, shot)
        if sure >= SURE or not pieces:
            break
    if best is None:
        return first
    _, pieces, shot = best
    pieces = _levelled(job, page.number - 1, pieces, shot)
    page.late = not pieces and job.is_over
    if page.late:
        return first
    page.garbled, page.confidence = 0.0, confidence(pieces)
    if not pieces:
        return first
    lines = [_line(row.text, row.box, row.shown, shot) for row in rows(pieces)]
    page.lines = split_columns(lines, shot.frame.width, _Uncut())
    page.height = shot.frame.height
    return shot.frame.turn


def _levelled(job: _Job, index: int, pieces: list[Piece], shot: _Shot) -> list[Piece]:
    """What is read once the page is drawn level, for engines that need that; else the same."""
    slant = slant_of(pieces)
    if not job.tool.needs_level or abs(slant) < _SLANT:
        return pieces
    level = _shot(job, index, shot.frame.turn, slant)
    if level is None:
        return pieces
    again = job.read(level.picture)
    if confidence(again) * letters(again) <= confidence(pieces) * letters(pieces):
        return pieces
    middle = (level.picture.width / 2, level.picture.height / 2)
    return [piece.turned(slant, middle) for piece in again]


def _line(text: str, box: Box, shown: Box, shot: _Shot) -> TextLine:
    line = TextLine(text, shot.points(box), bold=False, hyphen=False, first=NO_GLYPHS)
    place = shot.points(shown)
    line.shown = shot.frame.shown(place) or place
    return line


def _shot(job: _Job, index: int, turn: int, slant: float = 0.0) -> _Shot | None:
    """A page's picture, turned by quarters and against its slant; None if it must not be drawn."""
    with _DRAWING:
        return _shot_alone(job, index, turn, slant)


def _shot_alone(job: _Job, index: int, turn: int, slant: float) -> _Shot | None:
    page = pdfium.FPDF_LoadPage(job.document, index)
    if not page:
        return None
    try:
        if _largest_image(page) > _MOST_IMAGE_PIXELS:
            return None
        rotation = pdfium.FPDFPage_GetRotation(page)
        pdfium.FPDFPage_SetRotation(page, (rotation + turn) % 4)
        frame = Frame(page, turn)
        scale = job.tool.dpi / 72
        area = frame.width * frame.height * scale * scale
        scale *= min(1.0, math.sqrt(_MOST_PIXELS / max(area, 1.0)))
        picture = _drawn(page, frame, scale, slant)
        pdfium.FPDFPage_SetRotation(page, rotation)
        return _Shot(picture, frame, scale)
    finally:
        pdfium.FPDF_ClosePage(page)


def _drawn(page: Any, frame: Frame, scale: float, slant: float) -> Picture:
    width, height = max(int(frame.width * scale), 1), max(int(frame.height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return Picture(1, 1, b"\xff")
    cosine, sine = scale * math.cos(slant), scale * math.sin(slant)
    x, y = frame.width / 2, frame.height / 2
    # About the middle of the page, which stays where it is.
    matrix = pdfium.FS_MATRIX(
        cosine, -sine, sine, cosine, scale * x - cosine * x - sine * y,
        scale * y + sine * x - cosine * y,
    )  # fmt: skip
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_GRAYSCALE | pdfium.FPDF_ANNOT
        clip = pdfium.FS_RECTF(0, 0, width, height)
        pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, clip, flags)
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
