"""Ruled tables: lines drawn on a page into pdfplumber's cells, text lines into the cells.

pdfplumber's own reading of a page costs sixty times PDFium's; here it only sees the rulings that
PDFium found, and only on pages with enough of them to make a grid.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from clausescan.document import Box
from clausescan.extract.pdf_lines import Frame, Glyphs, TextLine

THICKEST = 3.0
"""A drawn thing at most this thick, in points, is a line."""

SHORTEST = 8.0
MOST_RULINGS = 1500
"""Drawings, not tables, have more; pdfplumber's search would take seconds on them."""

_MOST_OBJECTS = 20_000
_DEEPEST = 3

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table; all three numbers from 0 on the page."""

    table: int
    row: int
    column: int
    box: Box


def find_tables(page: Any, frame: Frame) -> list[Cell]:
    """Cells of the page's ruled tables that have two columns or more."""
    rulings: list[Box] = []
    for box in _ruling_boxes(page, frame):
        rulings.append(box)
        if len(rulings) > MOST_RULINGS:
            return []
    across = [box for box in rulings if box[3] - box[1] <= THICKEST]
    down = [box for box in rulings if box[2] - box[0] <= THICKEST]
    if len(across) < 2 or len(down) < 2:
        return []
    return list(_cells(across, down))


def _cells(across: Sequence[Box], down: Sequence[Box]) -> Iterator[Cell]:
    from pdfplumber import table as plumber

    edges = [_edge(box, "h") for box in across] + [_edge(box, "v") for box in down]
    merged = plumber.merge_edges(edges, 3, 3, 3, 3)
    found = plumber.intersections_to_cells(plumber.edges_to_intersections(merged, 3, 3))
    number = 0
    for cells in plumber.cells_to_tables(found):
        lefts = sorted({cell[0] for cell in cells})
        tops = sorted({cell[1] for cell in cells})
        if len(lefts) < 2:
            continue
        for cell in sorted(cells, key=lambda cell: (cell[1], cell[0])):
            yield Cell(number, tops.index(cell[1]), lefts.index(cell[0]), cell)
        number += 1


def _edge(box: Box, orientation: str) -> dict[str, Any]:
    x0, top, x1, bottom = box
    if orientation == "h":
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
    }


def split_cells(lines: Sequence[TextLine], cells: Sequence[Cell], glyphs: Glyphs) -> list[TextLine]:
    """The lines with those in cells cut at the cells' edges and put in the cells' order.

    A table stands where the first of its lines stood.
    """
    by_table: dict[int, list[TextLine]] = {}
    ordered: list[TextLine | int] = []
    for line in lines:
        row = [cell for cell in cells if _is_beside(cell, line)]
        if not row:
            ordered.append(line)
            continue
        table = row[0].table
        if table not in by_table:
            ordered.append(table)
        by_table.setdefault(table, []).extend(_placed(line, row, glyphs))
    found: list[TextLine] = []
    for item in ordered:
        if isinstance(item, TextLine):
            found.append(item)
        else:
            found.extend(sorted(by_table[item], key=lambda line: line.region))
    return found


def _is_beside(cell: Cell, line: TextLine) -> bool:
    x0, top, x1, bottom = cell.box
    middle = (line.box[1] + line.box[3]) / 2
    return top <= middle < bottom and line.box[0] < x1 - 1.0 and line.box[2] > x0 + 1.0


def _placed(line: TextLine, row: Sequence[Cell], glyphs: Glyphs) -> Iterator[TextLine]:
    row = sorted(row, key=lambda cell: cell.box[0])
    pieces = [line] if len(row) == 1 else glyphs.cut(line, [cell.box[0] for cell in row[1:]])
    for piece in pieces:
        middle = (piece.box[0] + piece.box[2]) / 2
        cell = min(row, key=lambda cell: max(cell.box[0] - middle, middle - cell.box[2], 0.0))
        piece.region = (cell.table, cell.row, cell.column)
        yield piece


def _ruling_boxes(page: Any, frame: Frame) -> Iterator[Box]:
    """Boxes of all thin straight things, those inside form objects included."""
    count = min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    for index in range(count):
        item = pdfium.FPDFPage_GetObject(page, index)
        for box in _object_boxes(item, _IDENTITY, _DEEPEST):
            yield frame.box(*box)


def _object_boxes(item: Any, matrix: Matrix, depth: int) -> Iterator[Box]:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path_boxes(item, matrix)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
        inner = _product(_matrix(item), matrix)
        count = min(max(pdfium.FPDFFormObj_CountObjects(item), 0), _MOST_OBJECTS)
        for index in range(count):
            yield from _object_boxes(pdfium.FPDFFormObj_GetObject(item, index), inner, depth - 1)


def _path_boxes(path: Any, matrix: Matrix) -> Iterator[Box]:
    left, bottom, right, top = _bounds(path, matrix)
    wide, high = right - left, top - bottom
    if min(wide, high) <= THICKEST:
        if max(wide, high) >= SHORTEST:
            yield left, bottom, right, top
    elif _is_stroked(path):
        yield from _segment_boxes(path, _product(_matrix(path), matrix))


def _segment_boxes(path: Any, matrix: Matrix) -> Iterator[Box]:
    """Straight upright or level pieces of an outline or of a grid drawn in one go."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), MOST_RULINGS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _applied(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _straight(last, start)
            last = start


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Box]:
    wide, high = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(wide, high) <= 1.0 and max(wide, high) >= SHORTEST:
        left, right = sorted((one[0], other[0]))
        bottom, top = sorted((one[1], other[1]))
        yield left, bottom, right, top


def _bounds(item: Any, matrix: Matrix) -> Box:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    if matrix == _IDENTITY:
        return left, bottom, right, top
    x0, y0 = _applied(matrix, left, bottom)
    x1, y1 = _applied(matrix, right, top)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value)


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that applies `one` first."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _applied(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
