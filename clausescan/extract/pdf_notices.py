"""Names what was not read of a PDF: scans, drawn letters, damaged pages, hidden letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clausescan.document import Notice
from clausescan.extract.ocr import INSTALL
from clausescan.extract.pdf_extras import FileExtras, is_drawn, letters_in
from clausescan.extract.pdf_page import PageText
from clausescan.extract.pdf_unreadable import is_doubtful

_OCR = "Run text recognition (OCR) on the file."

FEW_LETTERS = 60
"""A page with fewer in words, running lines aside, is blank or a scan."""

_NAMED = 5
SCANNED = 0.5
"""Share of a page that an image must cover before a page without text counts as scanned."""

SURE = 0.85
"""Confidence from which recognised words are taken to be right."""

_SCAN, _DRAWN, _DAMAGED = "image without text", "drawing without text", "damaged"
_GARBLED = "text in a font that names no letters"
_WORDLESS = "image without words"
_LATE = "words not recognised in time"
_MORE_TIME = "Raise the limits ocr_seconds and seconds."
PICTURES = frozenset({_SCAN, _DRAWN, _GARBLED})
"""Reasons for which text recognition can help."""

_TOO_LARGE = "It is too large to recognise; scan the paper again at 300 dpi."

_CODES = {
    _SCAN: ("scanned-page", "is an image without text; its words were not read."),
    _DRAWN: ("drawn-page", "is drawn and has no text; words in it were not read."),
    _WORDLESS: ("scanned-page", "is an image on which text recognition found no words."),
    _GARBLED: (
        "unreadable-text",
        "is set in a font that does not say which letters it draws; it was not read.",
    ),
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
        if page.damaged:
            found[page.number] = _DAMAGED
        elif page.late:
            found[page.number] = _LATE
        elif page.confidence is not None:
            if not page.confidence:
                found[page.number] = _WORDLESS
        elif page.garbled == 1:
            found[page.number] = _GARBLED
        elif page.extras.images >= SCANNED and _body_letters(page, kinds) < FEW_LETTERS:
            found[page.number] = _SCAN
        elif is_drawn(page.extras):
            found[page.number] = _DRAWN
    return found


def _body_letters(page: PageText, kinds: Mapping[int, str]) -> int:
    return letters_in([line for line in page.lines if id(line) not in kinds])


def notices(
    pages: Sequence[PageText], unread: Mapping[int, str], extras: FileExtras, tool: str
) -> list[Notice]:
    """What the reader of a report must know about the file.

    Args:
        pages: All pages.
        unread: Why pages were not read.
        extras: What the file holds beside its pages.
        tool: Name of the engine that recognises text, "" where there is none.
    """
    recognised = _recognised(pages, tool)
    return [
        *_unread(unread, tool),
        *_late(unread),
        *recognised,
        *_unreadable(pages),
        *_doubtful(pages),
        *_comments(pages),
        *_beside(pages, extras),
    ]


def named(numbers: Sequence[int]) -> str:
    """Page numbers as a person says them: ``page 3``, ``pages 1–4, 7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    told = ", ".join("–".join(map(str, run)) for run in runs)
    return f"page {told}" if len(numbers) == 1 else f"pages {told}"


def unread_names(unread: Mapping[int, str]) -> list[str]:
    """What was not read, pages of one reason together: ``pages 4–9: image without text``."""
    numbers: dict[str, list[int]] = {}
    for number, reason in unread.items():
        numbers.setdefault(reason, []).append(number)
    return [f"{named(alike)}: {reason}" for reason, alike in numbers.items()]


def remedy(reason: str, tool: str) -> str:
    """What to do about pages that were not read.

    Args:
        reason: Why not.
        tool: Name of the engine that recognises text, "" where there is none.
    """
    if reason == _LATE:
        return _MORE_TIME
    if reason not in PICTURES:
        return "Scan the paper again."
    return _TOO_LARGE if tool else f"{INSTALL}."


def _unread(unread: Mapping[int, str], tool: str) -> Iterator[Notice]:
    for number, reason in unread.items():
        if reason == _LATE:
            continue
        code, text = _CODES[reason]
        what = f" {remedy(reason, tool)}" if reason in PICTURES else ""
        yield Notice(code, f"Page {number} {text}{what}")


def _late(unread: Mapping[int, str]) -> Iterator[Notice]:
    late = [number for number, reason in unread.items() if reason == _LATE]
    if late:
        yield Notice(
            "ocr-time",
            f"There was no time to recognise the words on {named(late)}; they were not read. "
            f"{_MORE_TIME}",
        )


def _recognised(pages: Sequence[PageText], tool: str) -> Iterator[Notice]:
    """Pages whose words were recognised, and those among them to be checked."""
    sure = {page.number: page.confidence for page in pages if page.confidence}
    if not sure:
        return
    yield Notice(
        "ocr",
        f"The words on {named(list(sure))} were recognised from images by {tool}, "
        f"{sum(sure.values()) / len(sure):.0%} sure. Compare quotes with the pages.",
    )
    doubtful = [f"{number} ({value:.0%})" for number, value in sure.items() if value < SURE]
    if doubtful:
        yield Notice(
            "ocr-unsure",
            f"Page {', '.join(doubtful)} was hard to recognise; its words may be wrong. Read it "
            "yourself, or scan the paper again at 300 dpi.",
        )


def _unreadable(pages: Sequence[PageText]) -> Iterator[Notice]:
    """Pages with some lines whose font hides which letters its glyphs are."""
    bad = [str(page.number) for page in pages if 0 < page.garbled < 1]
    if bad:
        yield Notice(
            "unreadable-text",
            f"Some lines on page {', '.join(bad)} are set in a font that does not say which "
            f"letters it draws; they were not read. {_OCR}",
        )


def _doubtful(pages: Sequence[PageText]) -> Iterator[Notice]:
    """Pages whose fonts name some Chinese characters wrongly."""
    bad = [str(page.number) for page in pages if is_doubtful(page.lines)]
    if bad:
        yield Notice(
            "doubtful-text",
            f"Some Chinese characters read on page {', '.join(bad)} are not those shown there; "
            f"check names and terms against the page. {_OCR}",
        )


def _comments(pages: Sequence[PageText]) -> Iterator[Notice]:
    count = sum(page.extras.comments for page in pages)
    if count:
        yield Notice("comments", f"{count} comments in the margin are no part of the text.")
    struck = [page for page in pages if page.extras.struck]
    if struck:
        count = sum(page.extras.struck for page in struck)
        yield Notice(
            "struck-out",
            f"{count} passages on page {', '.join(str(page.number) for page in struck)} are struck "
            "out with a comment tool; they were read as if they stood.",
        )


def _beside(pages: Sequence[PageText], extras: FileExtras) -> Iterator[Notice]:
    """What the file holds beside its pages."""
    count = len(extras.attachments) + sum(page.extras.attached for page in pages)
    if count:
        names = ", ".join(extras.attachments[:_NAMED])
        more = "" if count <= min(len(extras.attachments), _NAMED) else " …"
        what = "is a PDF portfolio, a cover for" if extras.portfolio else "has"
        yield Notice(
            "portfolio" if extras.portfolio else "attachments",
            f"The file {what} {count} attached files that were not read: {names}{more}. "
            "Save them and scan each.",
        )
    if extras.scripts:
        yield Notice(
            "scripts", "The file holds scripts; none was run, so what they show is missing."
        )
    if extras.dynamic:
        yield Notice(
            "dynamic-form",
            "The file is a dynamic form (XFA) whose pages only its own viewer draws; they were "
            "not read. Print it to PDF and scan that.",
        )
