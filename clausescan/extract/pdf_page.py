"""Pages out of PDFium, one at a time, with cells and columns told apart.

PDFium must not be entered by two threads, not even for two documents: `opened` holds one lock.
"""

from __future__ import annotations

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
from clausescan.extract.pdf_extras import Extras, read_extras
from clausescan.extract.pdf_lines import Frame, Glyphs, TextLine
from clausescan.extract.pdf_tables import find_tables, split_cells
from clausescan.extract.pdf_unreadable import without_unreadable

LOCK = threading.Lock()
"""Held for every call into PDFium."""


@dataclass(slots=True)
class PageText:
    """A page's lines, with what else it shows.

    Attributes:
        number: From 1.
        lines: In reading order.
        height: In points, as displayed.
        extras: What it shows beside its text.
        garbled: Share of its characters that are glyph codes, not letters; they are left out.
        damaged: Whether the page could not be loaded.
    """

    number: int
    lines: list[TextLine] = field(default_factory=list)
    height: float = 0.0
    garbled: float = 0.0
    extras: Extras = field(default_factory=Extras)
    damaged: bool = False


@contextmanager
def opened(source: Source) -> Iterator[Any]:
    """PDFium's handle of a document, under the lock.

    Raises:
        ReadError: The file is encrypted or no PDF can be made of it.
    """
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(source.data, password=source.password or None)
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
    extras = read_extras(page, frame, sum(len(line.text) for line in lines))
    lines, garbled = without_unreadable(lines)
    return PageText(number, lines, frame.height, garbled, extras)


def _read_lines(page: Any, frame: Frame, glyphs: Glyphs) -> list[TextLine]:
    lines = list(glyphs.lines())
    if len(lines) < 2:
        return lines
    cells = find_tables(page, frame)
    if cells:
        lines = split_cells(lines, cells, glyphs)
    return split_columns(lines, frame.width, glyphs)


def _open_error(source: Source, code: int | None) -> ReadError:
    if code == pdfium.FPDF_ERR_SECURITY:
        return ReadError(
            f"{source.path} is locked in a way that no password opens here. "
            "Save a copy without protection and scan that.",
            code="encrypted",
        )
    if code == pdfium.FPDF_ERR_PASSWORD:
        what = (
            "is encrypted and the password given does not open it. Check the password"
            if source.password
            else "is encrypted. Give its password (--password or CLAUSESCAN_PASSWORD)"
        )
        return ReadError(
            f"{source.path} {what}, or save a copy without one and scan that.", code="encrypted"
        )
    return ReadError(
        f"{source.path} is damaged: no PDF can be made of it. Export it again.", code="corrupt"
    )
