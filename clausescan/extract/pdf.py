"""PDF files into documents: lines, margins, paragraphs, text."""

from __future__ import annotations

from collections.abc import Sequence

from clausescan.document import Block, Document, Line, Notice
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.pdf_lines import PageText, opened, read_pages
from clausescan.extract.pdf_margins import margins
from clausescan.extract.pdf_paragraphs import Paragraph, Spot, paragraphs, right_edges
from clausescan.extract.pdf_text import Joiner

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
    assembler = Assembler()
    joiner = Joiner(pages)
    for paragraph in _ordered(pages):
        _add(paragraph, joiner, assembler)
    return assembler.document(
        source,
        pages=len(pages),
        pages_read=len(pages) - len(unread),
        unread=unread,
        notices=notices,
    )


def _ordered(pages: Sequence[PageText]) -> list[Paragraph]:
    """All paragraphs in reading order: a page's headers, what begins on it, its footers."""
    kinds = margins(pages)
    body: list[Spot] = []
    edge: list[Spot] = []
    for page in pages:
        for line in page.lines:
            spot = Spot(line, page.number, kind=kinds.get(id(line), "paragraph"))
            (edge if spot.kind != "paragraph" else body).append(spot)
    right_edges(body)
    found = paragraphs(body) + [Paragraph(spot.kind, [spot]) for spot in edge]
    return sorted(found, key=_place)


def _place(paragraph: Paragraph) -> tuple[int, int]:
    first = paragraph.spots[0]
    if paragraph.kind == "paragraph":
        return first.page, 1
    upper = paragraph.kind == "header" or first.line.box[1] < 200.0
    return first.page, 0 if upper else 2


def _add(paragraph: Paragraph, joiner: Joiner, assembler: Assembler) -> None:
    text, spans = joiner.join([spot.line for spot in paragraph.spots])
    if not text:
        return
    lines = [
        Line(start, end, spot.page, _rounded(spot.line.box))
        for spot, (start, end) in zip(paragraph.spots, spans, strict=True)
    ]
    block = Block(
        0,
        0,
        kind=paragraph.kind,
        page=paragraph.spots[0].page,
        bold=all(spot.line.bold for spot in paragraph.spots),
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


def _no_text(source: Source, unread: Sequence[str]) -> ReadError:
    why = "its pages are images" if unread else "its pages are blank"
    return ReadError(
        f"{source.path} holds no text: {why}. Run text recognition (OCR) on it, save a "
        "searchable PDF and scan that.",
        code="no-text",
    )
