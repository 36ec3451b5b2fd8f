"""PDF files into documents: lines, margins, paragraphs, text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausescan.document import Block, Document, Line, Notice
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.pdf_flow import flow
from clausescan.extract.pdf_page import FEW_CHARACTERS, PageText, opened, read_pages
from clausescan.extract.pdf_paragraphs import Paragraph
from clausescan.extract.pdf_text import Joiner

_ODD = 0.1
"""Share of odd characters from which a page counts as unreadable; bullets alone stay below."""

_ODD_SIGN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_SCANNED = 0.5
"""Share of a page that an image must cover before a page without text counts as scanned."""


def read(source: Source) -> Document:
    """Read a PDF.

    Raises:
        ReadError: It is encrypted, damaged or holds no text.
    """
    with opened(source) as document:
        pages = list(read_pages(document))
    unread, notices = _unread(pages)
    if not any(page.lines for page in pages):
        raise _no_text(source, unread)
    notices.extend(_unreadable(pages))
    assembler = Assembler()
    joiner = Joiner(pages)
    for paragraph in flow(pages):
        _add(paragraph, joiner, assembler)
    return assembler.document(
        source,
        pages=len(pages),
        pages_read=len(pages) - len(unread),
        unread=unread,
        notices=notices,
    )


def _add(paragraph: Paragraph, joiner: Joiner, assembler: Assembler) -> None:
    text, spans = joiner.join([spot.line for spot in paragraph.spots])
    if not text:
        return
    lines = [
        Line(start, end, spot.page, _rounded(spot.line.box))
        for spot, (start, end) in zip(paragraph.spots, spans, strict=True)
    ]
    first = paragraph.first
    table, row, column = first.region if first.kind == "cell" else (0, 0, 0)
    block = Block(
        0,
        0,
        kind=first.kind,
        page=first.page,
        bold=all(spot.line.bold for spot in paragraph.spots),
        row=(table, row, column) if first.kind == "cell" else None,
    )
    assembler.add(text, block, lines=lines)


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _unread(pages: Sequence[PageText]) -> tuple[list[str], list[Notice]]:
    unread: list[str] = []
    notices: list[Notice] = []
    for page in pages:
        if page.damaged:
            unread.append(f"page {page.number}: damaged")
            notices.append(Notice("damaged-page", f"Page {page.number} is damaged; not read."))
        elif page.images >= _SCANNED:
            unread.append(f"page {page.number}: image without text")
            notices.append(
                Notice(
                    "scanned-page",
                    f"Page {page.number} is an image without text; its words were not read. "
                    "Run text recognition (OCR) on the file.",
                )
            )
    return unread, notices


def _unreadable(pages: Sequence[PageText]) -> list[Notice]:
    """Pages whose fonts hide which letters their glyphs are."""
    bad = [page.number for page in pages if _odd_share(page) > _ODD]
    if not bad:
        return []
    where = ", ".join(str(number) for number in bad)
    return [
        Notice(
            "unreadable-text",
            f"The fonts on page {where} do not say which letters they draw; the words read there "
            "are not the words shown. Run text recognition (OCR) on the file.",
        )
    ]


def _odd_share(page: PageText) -> float:
    """Share of replacement, control and private characters in a page's text."""
    text = "".join(line.text for line in page.lines)
    if len(text) < FEW_CHARACTERS:
        return 0.0
    return len(_ODD_SIGN.findall(text)) / len(text)


def _no_text(source: Source, unread: Sequence[str]) -> ReadError:
    why = "its pages are images" if unread else "its pages are blank"
    return ReadError(
        f"{source.path} holds no text: {why}. Run text recognition (OCR) on it, save a "
        "searchable PDF and scan that.",
        code="no-text",
    )
