"""Pages out of PDFium, one at a time, with cells and columns told apart.

PDFium must not be entered by two threads, not even for two documents: `opened` holds one lock.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.extract.pdf_columns import split_columns
from clausescan.extract.pdf_lines import Frame, Glyphs, TextLine
from clausescan.extract.pdf_tables import find_tables, split_cells

LOCK = threading.Lock()
"""Held for every call into PDFium."""

FEW_CHARACTERS = 20
"""A page with fewer is blank, a scan, or no more than a number or stamp."""


@dataclass(slots=True)
class PageText:
    """A page's lines, with what tells a scan from a blank page.

    Attributes:
        number: From 1.
        lines: In reading order.
        height: In points, as displayed.
        images: Share of the page that its largest image covers, 0 to 1; 0 where text is ample.
        damaged: Whether the page could not be loaded.
    """

    number: int
    lines: list[TextLine] = field(default_factory=list)
    height: float = 0.0
    images: float = 0.0
    damaged: bool = False


@contextmanager
def opened(source: Source) -> Iterator[Any]:
    """PDFium's handle of a document, under the lock.

    Raises:
        ReadError: The file is encrypted or no PDF can be made of it.
    """
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(source.data)
        except pypdfium2.PdfiumError as error:
            raise _open_error(source, error.err_code) from error
        try:
            yield document.raw
        finally:
            document.close()


def read_pages(document: Any) -> Iterator[PageText]:
    """The pages one by one; each is closed before the next is loaded."""
    for index in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            yield PageText(index + 1, damaged=True)
            continue
        try:
            yield _read_page(page, index + 1)
        finally:
            pdfium.FPDF_ClosePage(page)


def _read_page(page: Any, number: int) -> PageText:
    frame = Frame(page)
    handle = pdfium.FPDFText_LoadPage(page)
    if not handle:
        return PageText(number, damaged=True)
    try:
        lines = _read_lines(page, frame, Glyphs(handle, frame))
    finally:
        pdfium.FPDFText_ClosePage(handle)
    few = sum(len(line.text) for line in lines) < FEW_CHARACTERS
    images = _image_share(page, frame) if few else 0.0
    return PageText(number, lines, frame.height, images)


def _read_lines(page: Any, frame: Frame, glyphs: Glyphs) -> list[TextLine]:
    lines = list(glyphs.lines())
    if len(lines) < 2:
        return lines
    cells = find_tables(page, frame)
    if cells:
        lines = split_cells(lines, cells, glyphs)
    return split_columns(lines, frame.width, glyphs)


def _open_error(source: Source, code: int | None) -> ReadError:
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return ReadError(
            f"{source.path} is encrypted. Save a copy without a password and scan that.",
            code="encrypted",
        )
    return ReadError(
        f"{source.path} is damaged: no PDF can be made of it. Export it again.", code="corrupt"
    )


def _image_share(page: Any, frame: Frame) -> float:
    """Share of the page under its largest image or form; forms wrap images in many scans."""
    area = frame.width * frame.height
    if area <= 0:
        return 0.0
    share = 0.0
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page), 5000)):
        item = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        if pdfium.FPDFPageObj_GetBounds(item, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            share = max(share, (right - left) * (top - bottom) / area)
    return min(share, 1.0)
