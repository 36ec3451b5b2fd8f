"""Sets into a PDF's lines what is shown in them but stored apart: fields, notes, raised letters."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.extract.pdf_lines import NO_GLYPHS, Frame, Glyphs, TextLine

MOST_PAIRS = 1_000_000
"""Fields times lines of a page that are compared; only a page made to cost time has more."""

ORDINALS = frozenset({"st", "nd", "rd", "th"})
TICKED, EMPTY = "☒", "☐"
_BOXES = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_TYPED = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_LONGEST = 1_000_000
_PLACEHOLDER = re.compile(r"[\s_.…·:]*")


def read_field(annotation: Any, form: Any, frame: Frame) -> TextLine | None:
    """The line that a field or typed note shows; None where it shows no words.

    Args:
        annotation: PDFium's annotation of a page.
        form: PDFium's form of the document, if it has one.
        frame: The page's coordinates.
    """
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return None
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _line(annotation, string_of(annotation, b"Contents"), frame)
    if kind != pdfium.FPDF_ANNOT_WIDGET:
        return None
    if form is None:
        return _line(annotation, string_of(annotation, b"V"), frame)
    field = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if field in _BOXES:
        ticked = pdfium.FPDFAnnot_IsChecked(form, annotation)
        return _line(annotation, TICKED if ticked else EMPTY, frame)
    if field not in _TYPED:
        return None
    secret = (
        pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & pdfium.FPDF_FORMFLAG_TEXT_PASSWORD
    )
    if field == pdfium.FPDF_FORMFIELD_TEXTFIELD and secret:
        return None
    return _line(annotation, _value(annotation, form), frame)


def string_of(annotation: Any, key: bytes) -> str:
    """A text of an annotation's dictionary; names, such as those of buttons, give nothing."""
    if pdfium.FPDFAnnot_GetValueType(annotation, key) != pdfium.FPDF_OBJECT_STRING:
        return ""
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = _buffer(size)
    if buffer is None:
        return ""
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return _decoded(buffer)


def set_in(
    lines: Sequence[TextLine], fields: Sequence[TextLine], glyphs: Glyphs
) -> tuple[list[TextLine], list[TextLine]]:
    """The page's lines with the fields that stand beside one, and the fields that stand alone.

    A field is read behind what stands on its left, or before what stands on its right; the dots
    or dashes that it was typed over are left out.
    """
    if len(lines) * len(fields) > MOST_PAIRS:
        return list(lines), list(fields)
    found, alone = list(lines), []
    for field in fields:
        row = [line for line in found if not line.turn and _in_row(line, field)]
        left = [line for line in row if line.box[0] < field.box[0]]
        if left:
            place = max(left, key=lambda line: line.box[0])
        elif row:
            place = min(row, key=lambda line: line.box[0])
        elif field.text == EMPTY:
            continue
        else:
            alone.append(field)
            continue
        x0, _, x1, _ = field.box
        field.box = (x0, place.box[1], x1, place.box[3])
        at = found.index(place)
        found[at : at + 1] = _beside(place, field, glyphs)
    return found, alone


def ordinals_set_in(lines: list[TextLine], glyphs: Glyphs) -> list[TextLine]:
    """The page's lines with "th" and the like behind their numbers.

    Some writers set raised letters after all others, where they would end a page's last sentence.
    """
    raised = [line for line in lines if line.text in ORDINALS]
    if not raised:
        return lines
    found, alone = set_in([line for line in lines if line.text not in ORDINALS], raised, glyphs)
    return found + alone


def _in_row(line: TextLine, field: TextLine) -> bool:
    """Whether a field is one line high and stands at the height of a line."""
    height = line.box[3] - line.box[1]
    middle = (line.box[1] + line.box[3]) / 2
    low = field.box[3] - field.box[1] < 3 * height
    return low and field.box[1] <= middle <= field.box[3]


def _beside(line: TextLine, field: TextLine, glyphs: Glyphs) -> list[TextLine]:
    x0, _, x1, _ = field.box
    if line.box[2] <= x0 + 1.0:
        return [line, field]
    edges = [x0, x1] if field.first == NO_GLYPHS else [(x0 + x1) / 2]
    before: list[TextLine] = []
    behind: list[TextLine] = []
    for piece in glyphs.cut(line, edges):
        middle = (piece.box[0] + piece.box[2]) / 2
        if x0 <= middle < x1 and _PLACEHOLDER.fullmatch(piece.text):
            continue
        (before if middle < x0 else behind).append(piece)
    return [*before, field, *behind]


def _value(annotation: Any, form: Any) -> str:
    """The value, which may stand with the field and not with its place on the page."""
    size = pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    buffer = _buffer(size)
    if buffer is None:
        return ""
    pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size)
    return _decoded(buffer)


def _buffer(size: int) -> Any:
    return (ctypes.c_ushort * (size // 2))() if 2 < size < _LONGEST else None


def _decoded(buffer: Any) -> str:
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00")


def _line(annotation: Any, value: str, frame: Frame) -> TextLine | None:
    text = " ".join(value.split())
    rect = pdfium.FS_RECTF()
    if not text or not pdfium.FPDFAnnot_GetRect(annotation, rect):
        return None
    low, high = sorted((rect.bottom, rect.top))
    left, right = sorted((rect.left, rect.right))
    box = frame.box(left, low, right, high)
    return TextLine(text, box, bold=False, hyphen=False, first=NO_GLYPHS)
