"""Orders a PDF's lines: margins aside, cells by table and row, the rest as it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clausescan.extract.numbers import is_numbered
from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_page import PageText
from clausescan.extract.pdf_paragraphs import (
    Paragraph,
    Spot,
    is_closed,
    paragraphs,
    pitches,
    right_edges,
)


def flow(
    pages: Sequence[PageText],
    kinds: Mapping[int, str],
    notes: Mapping[int, Sequence[Sequence[TextLine]]],
) -> list[Paragraph]:
    """All paragraphs in order: a page's headers, what begins on it, fields, footnotes, footers.

    Args:
        pages: The pages in order.
        kinds: Kinds of the lines that are not body text, by `id` of the line.
        notes: Each page's footnotes as their lines.
    """
    builder = _Flow()
    edge: list[Spot] = []
    aside: list[Paragraph] = []
    for page in pages:
        builder.turn()
        taken = {id(line) for note in notes[page.number] for line in note}
        for line in page.lines:
            kind = kinds.get(id(line))
            if id(line) in taken:
                continue
            if kind is None:
                builder.add(line, page.number)
            else:
                edge.append(Spot(line, page.number, kind=kind))
        for note in notes[page.number]:
            aside.append(Paragraph([Spot(line, page.number, kind="footnote") for line in note]))
        typed = page.extras.filled
        edge.extend(Spot(line, page.number, kind="textbox") for line in typed)
    heights = {page.number: page.height for page in pages}
    found = builder.paragraphs() + aside + [Paragraph([spot]) for spot in edge]
    return sorted(found, key=lambda paragraph: _place(paragraph.first, heights))


def _place(spot: Spot, heights: dict[int, float]) -> tuple[int, int]:
    if spot.kind in ("paragraph", "cell"):
        return spot.page, 1
    if spot.kind in ("textbox", "footnote"):
        return spot.page, 2
    return spot.page, 0 if spot.line.box[1] < heights[spot.page] / 2 else 3


@dataclass(slots=True)
class _Flow:
    """Runs of lines in reading order: a stretch of body text or one cell each.

    Attributes:
        runs: The stretches; a cell that goes on over the page keeps its run.
        cells: The run of each cell by table, row and column, all counted through the document.
        table: Number of the last table.
        row: Its last row.
        base: What to add to a page's own row numbers.
        last: The last table and row as the page counts them; None between tables.
    """

    runs: list[list[Spot]] = field(default_factory=list)
    cells: dict[tuple[int, ...], list[Spot]] = field(default_factory=dict)
    table: int = -1
    row: int = -1
    base: int = 0
    last: int | None = None
    turned: bool = False

    def turn(self) -> None:
        """Begin a page."""
        self.turned = True

    def add(self, line: TextLine, page: int) -> None:
        """Append a line of the body."""
        if len(line.region) == 3:
            self._add_cell(line, page)
        else:
            self._add_body(line, page)
        self.turned = False

    def _add_body(self, line: TextLine, page: int) -> None:
        if self.last is not None or not self.runs:
            self.runs.append([])
        self.last = None
        self.runs[-1].append(Spot(line, page, line.region))

    def _add_cell(self, line: TextLine, page: int) -> None:
        table, row, column = line.region
        if self.last is None or table != self.last or self.turned:
            self._begin_table(line)
        self.last = table
        self.row = self.base + row
        place = (self.table, self.row, column)
        spot = Spot(line, page, place, kind="cell")
        if place in self.cells:
            self.cells[place].append(spot)
        else:
            self.cells[place] = [spot]
            self.runs.append(self.cells[place])

    def _begin_table(self, line: TextLine) -> None:
        """A table at a page's top goes on with the one at the foot of the page before."""
        if self.last is None or not self.turned:
            self.table += 1
            self.base = -line.region[1]
            return
        cut = not is_numbered(line.text) and self._is_open(line.region[2])
        self.base = self.row - line.region[1] + (0 if cut else 1)

    def _is_open(self, column: int) -> bool:
        """Whether the last row's text in a column stops in mid-sentence."""
        spots = self.cells.get((self.table, self.row, column), [])
        return bool(spots) and not is_closed(spots[-1].line.text)

    def paragraphs(self) -> list[Paragraph]:
        """The runs' lines joined."""
        body = [spot for run in self.runs for spot in run if spot.kind != "cell"]
        cells = [spot for run in self.runs for spot in run if spot.kind == "cell"]
        right_edges(body)
        right_edges(cells)
        usual = pitches(body)
        default = min(usual.values(), default=0.0)
        usual_in_cells = pitches(cells, default=default)
        found: list[Paragraph] = []
        for run in self.runs:
            in_cell = run[0].kind == "cell"
            found.extend(paragraphs(run, usual_in_cells if in_cell else usual))
        return found
