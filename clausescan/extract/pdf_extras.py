"""What a PDF page shows beside its text: images, drawings, filled fields, typed notes."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.extract.pdf_lines import Frame, TextLine

_MOST = 5000
_FEW_WORDS = 400
"""Characters; a page with more is text, whatever image lies under it."""

_MANY_DRAWINGS = 150
"""Drawn paths on a page without text from which its letters may be drawings."""


@dataclass(slots=True)
class Extras:
    """What stands on a page beside its text.

    Attributes:
        images: Share of the page that its largest image covers, 0 to 1; 0 where text is ample.
        drawings: Number of drawn paths; 0 where there is any text.
        filled: What was typed into fields and text notes, as lines.
        comments: Number of comments.
    """

    images: float = 0.0
    drawings: int = 0
    filled: list[TextLine] = field(default_factory=list)
    comments: int = 0


def read_extras(page: Any, frame: Frame, characters: int) -> Extras:
    """Look at a page's objects and annotations.

    Args:
        page: PDFium's page.
        frame: Its coordinates.
        characters: Number of characters of its text.
    """
    extras = Extras()
    _read_annotations(page, frame, extras)
    if characters < _FEW_WORDS:
        extras.images = _image_share(page, frame)
    if not characters:
        extras.drawings = _drawings(page)
    return extras


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


def _read_annotations(page: Any, frame: Frame, extras: Extras) -> None:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            _read_annotation(annotation, frame, extras)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _read_annotation(annotation: Any, frame: Frame, extras: Extras) -> None:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
        return
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        _fill(annotation, b"V", frame, extras)
    elif kind == pdfium.FPDF_ANNOT_FREETEXT:
        _fill(annotation, b"Contents", frame, extras)
    elif kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
        extras.comments += bool(_string(annotation, b"Contents").strip())


def _fill(annotation: Any, key: bytes, frame: Frame, extras: Extras) -> None:
    text = " ".join(_string(annotation, key).split())
    rect = pdfium.FS_RECTF()
    if text and pdfium.FPDFAnnot_GetRect(annotation, rect):
        low, high = sorted((rect.bottom, rect.top))
        box = frame.box(rect.left, low, rect.right, high)
        extras.filled.append(TextLine(text, box, bold=False, hyphen=False, first=0))


def _string(annotation: Any, key: bytes) -> str:
    """A text of an annotation's dictionary; names, such as those of buttons, give nothing."""
    if pdfium.FPDFAnnot_GetValueType(annotation, key) != pdfium.FPDF_OBJECT_STRING:
        return ""
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size < 1_000_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")
