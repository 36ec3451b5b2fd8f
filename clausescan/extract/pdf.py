"""PDF files into documents: lines, margins, paragraphs, text."""

from __future__ import annotations

from collections.abc import Mapping

from clausescan.document import Block, Document, Line
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.pdf_extras import FileExtras, read_file_extras
from clausescan.extract.pdf_flow import flow
from clausescan.extract.pdf_footnotes import footnotes
from clausescan.extract.pdf_headings import is_heading, weight_tells
from clausescan.extract.pdf_margins import margins
from clausescan.extract.pdf_notices import notices, unread_pages
from clausescan.extract.pdf_page import opened, read_pages
from clausescan.extract.pdf_paragraphs import Paragraph
from clausescan.extract.pdf_text import Joiner


def read(source: Source) -> Document:
    """Read a PDF.

    Raises:
        ReadError: It is encrypted, damaged or holds no text.
    """
    with opened(source) as handle:
        pages = list(read_pages(handle))
        extras = read_file_extras(handle.document, source.data)
    kinds = margins(pages)
    notes = {page.number: footnotes(page, kinds) for page in pages}
    unread = unread_pages(pages, kinds)
    if not any(page.lines or page.extras.filled for page in pages):
        raise _no_text(source, unread, extras)
    assembler = Assembler()
    joiner = Joiner(pages)
    paragraphs = flow(pages, kinds, notes)
    weighted = weight_tells(paragraphs)
    for paragraph in paragraphs:
        _add(paragraph, joiner, assembler, weighted=weighted)
    return assembler.document(
        source,
        pages=len(pages),
        pages_read=len(pages) - len(unread),
        unread=[f"page {number}: {why}" for number, why in unread.items()],
        notices=notices(pages, unread, extras),
    )


def _add(paragraph: Paragraph, joiner: Joiner, assembler: Assembler, *, weighted: bool) -> None:
    text, spans = joiner.join([spot.line for spot in paragraph.spots])
    if not text:
        return
    lines = [
        Line(start, end, spot.page, _rounded(spot.line.shown or spot.line.box))
        for spot, (start, end) in zip(paragraph.spots, spans, strict=True)
    ]
    first = paragraph.first
    table, row, column = first.region if first.kind == "cell" else (0, 0, 0)
    block = Block(
        0,
        0,
        kind="heading" if weighted and is_heading(paragraph, text) else first.kind,
        page=first.page,
        bold=all(spot.line.bold for spot in paragraph.spots),
        row=(table, row, column) if first.kind == "cell" else None,
    )
    assembler.add(text, block, lines=lines)


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _no_text(source: Source, unread: Mapping[int, str], extras: FileExtras) -> ReadError:
    if extras.dynamic:
        return ReadError(
            f"{source.path} is a dynamic form (XFA) whose pages only its own viewer draws. "
            "Print it to PDF and scan that.",
            code="no-text",
        )
    if extras.attachments:
        return ReadError(
            f"{source.path} holds no text but {len(extras.attachments)} attached files, as a PDF "
            "portfolio does. Save them and scan each.",
            code="no-text",
        )
    why = "its pages are blank"
    if unread:
        number, reason = next(iter(unread.items()))
        why = f"page {number} is {reason}"
    return ReadError(
        f"{source.path} holds no text: {why}. Run text recognition (OCR) on it, save a "
        "searchable PDF and scan that.",
        code="no-text",
    )
