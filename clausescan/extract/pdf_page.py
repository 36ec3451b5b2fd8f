"""Pages out of PDFium, one at a time, with cells and columns told apart.

PDFium must not be entered by two threads, not even for two documents: `opened` holds one lock.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.extract.pdf_columns import split_columns
from clausescan.extract.pdf_extras import Extras, letters_in, look_behind, read_annotations
from clausescan.extract.pdf_fields import ordinals_set_in, set_in
from clausescan.extract.pdf_lines import SLANTED, Frame, Glyphs, TextLine
from clausescan.extract.pdf_streams import check_streams
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
        height: In points, as it is read.
        extras: What it shows beside its text.
        garbled: Share of its characters that are glyph codes, not letters; they are left out.
        damaged: Whether the page could not be loaded.
        confidence: How sure text recognition is of its lines; None where they are the file's.
        late: Whether the time for text recognition was over before its words were found.
    """

    number: int
    lines: list[TextLine] = field(default_factory=list)
    height: float = 0.0
    garbled: float = 0.0
    extras: Extras = field(default_factory=Extras)
    damaged: bool = False
    confidence: float | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """PDFium's handles of a document and, if it has one, of its form."""

    document: Any
    form: Any


@contextmanager
def opened(source: Source) -> Iterator[Handle]:
    """PDFium's handles of a document, under the lock.

    Raises:
        ReadError: The file is encrypted, holds a bomb or no PDF can be made of it.
    """
    check_streams(source)
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(source.data, password=source.password or None)
        except pypdfium2.PdfiumError as error:
            raise _open_error(source, error.err_code) from error
        form = None
        if pdfium.FPDF_GetFormType(document.raw) != pdfium.FORMTYPE_NONE:
            # Not by pypdfium2's helper, which prints; PDFium reads the settings later, too.
            settings = pdfium.FPDF_FORMFILLINFO(version=2)
            form = pdfium.FPDFDOC_InitFormFillEnvironment(document.raw, settings)
        try:
            yield Handle(document.raw, form)
        finally:
            if form is not None:
                pdfium.FPDFDOC_ExitFormFillEnvironment(form)
            document.close()


def read_pages(handle: Handle, source: Source) -> Iterator[PageText]:
    """The pages one by one; each is closed before the next is loaded.

    Raises:
        ReadError: There are more pages, letters or seconds than the limits allow.
    """
    count = pdfium.FPDF_GetPageCount(handle.document)
    if count > source.limits.pages:
        raise ReadError(
            f"{source.path} has {count:,} pages, more than the limit of {source.limits.pages:,}. "
            "Split it, or raise the limit pages.",
            code="too-large",
        )
    characters = 0
    for index in range(count):
        source.check(characters)
        page = pdfium.FPDF_LoadPage(handle.document, index)
        if not page:
            yield PageText(index + 1, damaged=True)
            continue
        if handle.form is not None:
            pdfium.FORM_OnAfterLoadPage(page, handle.form)
        try:
            found = _read_page(page, index + 1, handle.form)
        finally:
            if handle.form is not None:
                pdfium.FORM_OnBeforeClosePage(page, handle.form)
            pdfium.FPDF_ClosePage(page)
        characters += sum(len(line.text) for line in found.lines)
        yield found


def _read_page(page: Any, number: int, form: Any, turn: int = 0) -> PageText:
    frame = Frame(page, turn)
    with _text_of(page) as handle:
        if not handle:
            return PageText(number, damaged=True)
        glyphs = Glyphs(handle, frame)
        lines = list(glyphs.lines())
        glyphs.mark_turned(lines)
        needed = 0 if turn else _turn_of(lines, glyphs)
        if not needed:
            extras, typed = read_annotations(page, frame, form)
            lines = ordinals_set_in(lines, glyphs)
            lines, extras.filled = set_in(lines, typed, glyphs)
            lines = _arranged(lines, page, frame, glyphs)
    if needed:
        # PDFium orders lines as the page is displayed: turned, it is asked again.
        pdfium.FPDFPage_SetRotation(page, (frame.rotation + needed) % 4)
        return _read_page(page, number, form, needed)
    look_behind(page, frame, letters_in(lines), extras)
    lines, garbled = without_unreadable(lines)
    if turn:
        for line in (*lines, *extras.filled):
            line.shown = frame.shown(line.box)
    return PageText(number, lines, frame.height, garbled, extras)


@contextmanager
def _text_of(page: Any) -> Iterator[Any]:
    handle = pdfium.FPDFText_LoadPage(page)
    try:
        yield handle
    finally:
        if handle:
            pdfium.FPDFText_ClosePage(handle)


def _turn_of(lines: Sequence[TextLine], glyphs: Glyphs) -> int:
    """Quarter turns that set most of a page's lines upright.

    A line upside down has the shape of an upright one, so one of them is looked at.
    """
    if not lines:
        return 0
    middle = lines[len(lines) // 2]
    if not middle.turn and glyphs.turn(middle) == 2:
        for line in lines:
            line.turn = glyphs.turn(line)
    turns = Counter(line.turn for line in lines if line.turn != SLANTED)
    return turns.most_common(1)[0][0] if turns else 0


def _arranged(lines: list[TextLine], page: Any, frame: Frame, glyphs: Glyphs) -> list[TextLine]:
    """The lines in reading order, those in cells and columns marked; lines not upright are last."""
    turned = [line for line in lines if line.turn]
    if turned:
        lines = [line for line in lines if not line.turn]
    if len(lines) > 1:
        cells = find_tables(page, frame)
        if cells:
            lines = split_cells(lines, cells, glyphs)
        lines = split_columns(lines, frame.width, glyphs)
    return lines + turned


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
