"""What a PDF shows beside its text: images, drawings, fields, notes, attached files, scripts."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.extract.pdf_fields import read_field, string_of
from clausescan.extract.pdf_lines import Frame, TextLine

_MOST = 5000
_FEW_LETTERS = 400
"""A page with more is text, whatever image lies under it."""

_AMPLE = 2000
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff]")
_LONGEST_NAME = 4000
_PORTFOLIO = re.compile(rb"/Collection(?=[\s<\d])")
_SCRIPT = re.compile(rb"/(?:JS|JavaScript)(?=[\s<(/\d])")
_NO_COMMENTS = (
    pdfium.FPDF_ANNOT_LINK,
    pdfium.FPDF_ANNOT_POPUP,
    pdfium.FPDF_ANNOT_WIDGET,
    pdfium.FPDF_ANNOT_FREETEXT,
)

_MANY_DRAWINGS = 150
"""Drawn paths on a page without text from which its letters may be drawings."""


@dataclass(slots=True)
class Extras:
    """What stands on a page beside its text.

    Attributes:
        images: Share of the page that its largest image covers, 0 to 1; 0 where text is ample.
        drawings: Number of drawn paths; 0 where there is any text.
        filled: What was typed into fields and text notes and stands beside no line.
        comments: Number of comments.
        struck: Number of passages struck out with a comment tool.
        attached: Number of files attached to a spot of the page.
    """

    images: float = 0.0
    drawings: int = 0
    filled: list[TextLine] = field(default_factory=list)
    comments: int = 0
    struck: int = 0
    attached: int = 0


@dataclass(frozen=True, slots=True)
class FileExtras:
    """What a file holds beside its pages.

    Attributes:
        attachments: Names of the attached files, made fit to be shown.
        portfolio: Whether the file is a cover for them.
        scripts: Whether it holds JavaScript.
        dynamic: Whether its pages are made by its viewer (XFA).
    """

    attachments: tuple[str, ...] = ()
    portfolio: bool = False
    scripts: bool = False
    dynamic: bool = False


def read_file_extras(document: Any, data: bytes) -> FileExtras:
    """Look at a document as a whole.

    Args:
        document: PDFium's document.
        data: The file's bytes, for what PDFium does not tell.
    """
    count = min(max(pdfium.FPDFDoc_GetAttachmentCount(document), 0), _MOST)
    names = (_attachment_name(document, index) for index in range(count))
    return FileExtras(
        attachments=tuple(names),
        portfolio=count > 0 and _PORTFOLIO.search(data) is not None,
        scripts=pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0
        or _SCRIPT.search(data) is not None,
        dynamic=pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_XFA_FULL,
    )


def read_annotations(page: Any, frame: Frame, form: Any) -> tuple[Extras, list[TextLine]]:
    """Look at a page's annotations.

    Args:
        page: PDFium's page.
        frame: Its coordinates.
        form: PDFium's form of the document, if it has one.

    Returns:
        The page's comments, and what was typed onto it.
    """
    extras, typed = Extras(), []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            field = read_field(annotation, form, frame)
            if field is not None:
                typed.append(field)
            _count(annotation, extras)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return extras, typed


def _count(annotation: Any, extras: Extras) -> None:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if (
        kind in _NO_COMMENTS
        or pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN
    ):
        return
    extras.struck += kind == pdfium.FPDF_ANNOT_STRIKEOUT
    extras.attached += kind == pdfium.FPDF_ANNOT_FILEATTACHMENT
    extras.comments += bool(string_of(annotation, b"Contents").strip())


def _attachment_name(document: Any, index: int) -> str:
    attachment = pdfium.FPDFDoc_GetAttachment(document, index)
    size = pdfium.FPDFAttachment_GetName(attachment, None, 0) if attachment else 0
    if not 2 < size < _LONGEST_NAME:
        return "?"
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAttachment_GetName(attachment, buffer, size)
    name = bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")
    return "".join(sign for sign in name if sign.isprintable())[:60] or "?"


def letters_in(lines: Sequence[TextLine]) -> int:
    """Number of letters in words; scraps of signs and digits over a scan are no text.

    Where there is ample text it is not counted out.
    """
    characters = sum(len(line.text) for line in lines)
    if characters > _AMPLE:
        return characters
    return sum(len(word) for line in lines for word in _WORD.findall(line.text))


def look_behind(page: Any, frame: Frame, letters: int, extras: Extras) -> None:
    """Look at the images and drawings of a page without much text.

    Args:
        page: PDFium's page.
        frame: Its coordinates.
        letters: Number of letters of its text.
        extras: What is known of it; completed here.
    """
    if letters < _FEW_LETTERS:
        extras.images = _image_share(page, frame)
    if not letters:
        extras.drawings = _drawings(page)


def is_drawn(extras: Extras) -> bool:
    """Whether a page without text may show drawn letters."""
    return extras.drawings >= _MANY_DRAWINGS


def _drawings(page: Any) -> int:
    count = min(pdfium.FPDFPage_CountObjects(page), _MOST)
    kinds = (
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index)) for index in range(count)
    )
    return sum(kind == pdfium.FPDF_PAGEOBJ_PATH for kind in kinds)


def _image_share(page: Any, frame: Frame) -> float:
    """Share of the page under its largest image; images inside forms count with their form."""
    area = frame.width * frame.height
    if area <= 0:
        return 0.0
    share = 0.0
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if _shows_image(item) and pdfium.FPDFPageObj_GetBounds(item, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            share = max(share, (right - left) * (top - bottom) / area)
    return min(share, 1.0)


def _shows_image(item: Any, depth: int = 3) -> bool:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return True
    if kind != pdfium.FPDF_PAGEOBJ_FORM or not depth:
        return False
    count = min(max(pdfium.FPDFFormObj_CountObjects(item), 0), _MOST)
    return any(
        _shows_image(pdfium.FPDFFormObj_GetObject(item, index), depth - 1) for index in range(count)
    )
