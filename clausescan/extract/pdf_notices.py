"""Names what was not read of a PDF: scans, drawn letters, damaged pages, hidden letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from clausescan.document import Notice
from clausescan.extract.pdf_extras import is_drawn
from clausescan.extract.pdf_page import PageText

FEW_CHARACTERS = 20
"""A page with fewer, running lines aside, is blank or a scan."""

SCANNED = 0.5
"""Share of a page that an image must cover before a page without text counts as scanned."""

ODD = 0.1
"""Share of odd characters from which a page counts as unreadable; bullets alone stay below."""

_ODD_SIGN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_OCR = "Run text recognition (OCR) on the file."
_SCAN, _DRAWN, _DAMAGED = "image without text", "drawing without text", "damaged"
_CODES = {
    _SCAN: ("scanned-page", f"is an image without text; its words were not read. {_OCR}"),
    _DRAWN: ("drawn-page", f"is drawn and has no text; words in it were not read. {_OCR}"),
    _DAMAGED: ("damaged-page", "is damaged and was not read. Export the file again."),
}


def unread_pages(pages: Sequence[PageText], kinds: Mapping[int, str]) -> dict[int, str]:
    """Why pages were not read, by page number.

    Args:
        pages: All pages.
        kinds: Kinds of the lines that are not body text, by `id` of the line; a stamp at the
            foot of a scan does not make it a page with text.
    """
    found: dict[int, str] = {}
    for page in pages:
        body = sum(len(line.text) for line in page.lines if id(line) not in kinds)
        if page.damaged:
            found[page.number] = _DAMAGED
        elif body < FEW_CHARACTERS and page.extras.images >= SCANNED:
            found[page.number] = _SCAN
        elif is_drawn(page.extras):
            found[page.number] = _DRAWN
    return found


def notices(pages: Sequence[PageText], unread: Mapping[int, str]) -> list[Notice]:
    """What the reader of a report must know about the file."""
    return [*_unread(unread), *_unreadable(pages), *_comments(pages)]


def _unread(unread: Mapping[int, str]) -> Iterator[Notice]:
    for number, reason in unread.items():
        code, text = _CODES[reason]
        yield Notice(code, f"Page {number} {text}")


def _unreadable(pages: Sequence[PageText]) -> Iterator[Notice]:
    """Pages whose fonts hide which letters their glyphs are."""
    bad = [str(page.number) for page in pages if _odd_share(page) > ODD]
    if bad:
        yield Notice(
            "unreadable-text",
            f"The fonts on page {', '.join(bad)} do not say which letters they draw; the words "
            f"read there are not the words shown. {_OCR}",
        )


def _odd_share(page: PageText) -> float:
    """Share of replacement, control and private characters in a page's text."""
    text = "".join(line.text for line in page.lines)
    if len(text) < FEW_CHARACTERS:
        return 0.0
    return len(_ODD_SIGN.findall(text)) / len(text)


def _comments(pages: Sequence[PageText]) -> Iterator[Notice]:
    count = sum(page.extras.comments for page in pages)
    if count:
        yield Notice("comments", f"{count} comments in the margin are no part of the text.")
