"""PDF files into documents: lines, margins, paragraphs, text."""

from __future__ import annotations

from collections.abc import Mapping

from clausescan.document import Block, Document, Line, Recognised
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.pdf_extras import FileExtras, read_file_extras
from clausescan.extract.pdf_flow import flow
from clausescan.extract.pdf_footnotes import footnotes
from clausescan.extract.pdf_headings import is_heading, weight_tells
from clausescan.extract.pdf_margins import margins
from clausescan.extract.pdf_notices import PICTURES, notices, remedy, unread_names, unread_pages
from clausescan.extract.pdf_ocr import recognise
from clausescan.extract.pdf_page import opened, read_pages
from clausescan.extract.pdf_paragraphs import Paragraph
from clausescan.extract.pdf_text import Joiner


def read(source: Source) -> Document:
    """Read a PDF.

    Raises:
        ReadError: It is encrypted, damaged or holds no text.
    """
    with opened(source) as handle:
        pages = list(read_pages(handle, source))
        extras = read_file_extras(handle.document, source.data)
        kinds = margins(pages)
        unread = unread_pages(pages, kinds)
        tool = ""
        pictures = {number for number, why in unread.items() if why in PICTURES}
        if pictures:
            tool = recognise(handle, pages, pictures, source)
            kinds = margins(pages)
            unread = unread_pages(pages, kinds)
    notes = {page.number: footnotes(page, kinds) for page in pages}
    late = any(page.late for page in pages) and len(unread) == len(pages)
    if late or not any(page.lines or page.extras.filled for page in pages):
        raise _no_text(source, unread, extras, tool)
    assembler = Assembler(source)
    joiner = Joiner(pages)
    paragraphs = flow(pages, kinds, notes)
    weighted = weight_tells(paragraphs)
    for paragraph in paragraphs:
        _add(paragraph, joiner, assembler, weighted=weighted)
    return assembler.document(
        source,
        pages=len(pages),
        pages_read=len(pages) - len(unread),
        recognised=[
            Recognised(page.number, round(page.confidence, 3)) for page in pages if page.confidence
        ],
        unread=unread_names(unread),
        notices=notices(pages, unread, extras, tool),
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


def _no_text(source: Source, unread: Mapping[int, str], extras: FileExtras, tool: str) -> ReadError:
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
    why, what = "its pages are blank", "If they show words, run text recognition (OCR) on it"
    if unread:
        why = unread_names(unread)[0]
        what = remedy(next(iter(unread.values())), tool).rstrip(".")
    return ReadError(
        f"{source.path} holds no text; {why}. {what}, or save a searchable PDF and scan that.",
        code="no-text",
    )
