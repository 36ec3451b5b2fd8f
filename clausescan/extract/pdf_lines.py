"""Lines of text with their boxes out of a PDF; the only module that enters PDFium.

PDFium must not be entered by two threads, not even for two documents: every call stands under
`LOCK`. For speed a line costs one slice of the page's text and two boxes, not one box a character.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from clausescan.document import Box
from clausescan.errors import ReadError
from clausescan.extract.assemble import Source

LOCK = threading.Lock()

_BOLD = 600
_LINE = re.compile("[^\r\n\ufffe\x02]+")
_HYPHEN = "\ufffe\x02"
_SPACE = re.compile(r"[\s\u00a0\u200b\u200c\u200d\ufeff\u00ad]+")


@dataclass(slots=True)
class TextLine:
    """A line as it stands on a page.

    Attributes:
        text: Its text as PDFium gives it, outer blanks cut.
        box: x0, top, x1, bottom in points from the page's top left corner; top and bottom are
            those of the font, not of the glyphs.
        bold: Whether its first and last characters are bold.
        hyphen: Whether PDFium took a hyphen off its end.
        first: Index of its first character in the page's text.
    """

    text: str
    box: Box
    bold: bool
    hyphen: bool
    first: int


@dataclass(slots=True)
class PageText:
    """A page's lines in the file's own order, with what tells a scan from a blank page.

    Attributes:
        number: From 1.
        width: In points, as displayed.
        height: In points, as displayed.
        lines: In the order of the content stream.
        images: Share of the page that its largest image covers, 0 to 1; 0 where text is ample.
        damaged: Whether the page could not be loaded.
    """

    number: int
    width: float
    height: float
    lines: list[TextLine]
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


def _open_error(source: Source, code: int | None) -> ReadError:
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return ReadError(
            f"{source.path} is encrypted. Save a copy without a password and scan that.",
            code="encrypted",
        )
    return ReadError(
        f"{source.path} is damaged: no PDF can be made of it. Export it again.", code="corrupt"
    )


def read_pages(document: Any) -> Iterator[PageText]:
    """The pages one by one; each is closed before the next is loaded."""
    for index in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            yield PageText(index + 1, 0.0, 0.0, [], damaged=True)
            continue
        try:
            yield _read_page(page, index + 1)
        finally:
            pdfium.FPDF_ClosePage(page)


def _read_page(page: Any, number: int) -> PageText:
    frame = Frame(page)
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        lines = list(_lines(text_page, frame)) if text_page else []
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    few = sum(len(line.text) for line in lines) < 20
    images = _image_share(page, frame) if few else 0.0
    return PageText(number, frame.width, frame.height, lines, images, damaged=not text_page)


class Frame:
    """The way from PDF coordinates of one page to points from its top left as displayed."""

    __slots__ = ("bottom", "height", "left", "right", "rotation", "top", "width")

    def __init__(self, page: Any) -> None:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self.left, self.right = box.left, box.right
        self.bottom, self.top = min(box.bottom, box.top), max(box.bottom, box.top)
        self.rotation = pdfium.FPDFPage_GetRotation(page)
        self.width = pdfium.FPDF_GetPageWidthF(page)
        self.height = pdfium.FPDF_GetPageHeightF(page)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box in PDF coordinates as x0, top, x1, bottom."""
        if self.rotation == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.rotation == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left


def _lines(text_page: Any, frame: Frame) -> Iterator[TextLine]:
    text = _page_text(text_page)
    for match in _LINE.finditer(text):
        piece = match[0].strip()
        if not piece:
            continue
        first = match.start() + match[0].index(piece[0])
        last = first + len(piece) - 1
        hyphen = match.end() < len(text) and text[match.end()] in _HYPHEN
        bold = _is_bold(text_page, first) and _is_bold(text_page, last)
        yield TextLine(piece, _box(text_page, first, last, frame), bold, hyphen, first)


def _page_text(text_page: Any) -> str:
    """The page's text with one character for each of PDFium's, so that indexes agree."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    return "".join(_character(text_page, index) for index in range(count))


def _character(text_page: Any, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _box(text_page: Any, first: int, last: int, frame: Frame) -> Box:
    one, other = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, first, one)
    pdfium.FPDFText_GetLooseCharBox(text_page, last, other)
    return frame.box(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _is_bold(text_page: Any, index: int) -> bool:
    weight = pdfium.FPDFText_GetFontWeight(text_page, index)
    return bool(weight >= _BOLD)


def _image_share(page: Any, frame: Frame) -> float:
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
