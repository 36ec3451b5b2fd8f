"""Goes through a Word file's paragraphs, tables, notes and boxes in the order they are read."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clausescan.document import Block, Revision
from clausescan.extract.assemble import Assembler
from clausescan.extract.docx_comments import Anchors
from clausescan.extract.docx_runs import Context, Mark, Runs, shown_branch
from clausescan.extract.docx_versions import UNCHANGED, Change
from clausescan.extract.ooxml import Styles, child, is_on, name_of, number_of, value_of

Place = tuple[int, int, int]
Note = tuple[str, str]
"""Kind and id of a note."""

_LONGEST_HEADING = 150
"""Characters; legal drafts set whole clauses in heading styles to get their numbers."""

_WRAPPERS = frozenset(
    {"ins", "del", "moveFrom", "moveTo", "customXml", "smartTag", "sdtContent", "Choice"}
)
_COMMENT_MARKS = frozenset({"commentRangeStart", "commentRangeEnd"})
_FOREIGN_BLOCKS = {"altChunk": "embedded document", "subDoc": "linked document"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_APART = ("header", "footer", "hidden")
"""Kinds of block that what hangs on a paragraph keeps, being no part of the contract either."""


@dataclass(slots=True)
class Walker:
    """Fills the assembler and keeps what is not text.

    Attributes:
        context: What runs are read with.
        notes: Footnotes and endnotes that may be called.
        assembler: The blocks so far.
        elements: For each block, the ``w:p`` elements it came from.
        anchors: Where comments begin and end.
        numbers: Number of each paragraph element that has one.
        foreign: Names of what was met and not read, with the offset where it stands.
        hidden: Numbers of the blocks that Word hides.
        struck: Numbers of the blocks with words struck through by hand.
        pending: Changes that left no words behind; the next block tells them.
    """

    context: Context
    notes: dict[Note, Any] = field(default_factory=dict)
    assembler: Assembler = field(default_factory=Assembler)
    elements: list[tuple[Any, ...]] = field(default_factory=list)
    anchors: Anchors = field(default_factory=Anchors)
    numbers: dict[Any, str] = field(default_factory=dict)
    foreign: list[tuple[str, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    pending: list[Revision] = field(default_factory=list)
    _tables: int = 0

    def container(
        self,
        parent: Any,
        kind: str,
        *,
        row: Place | None = None,
        change: Change = UNCHANGED,
        anchor: int | None = None,
    ) -> None:
        """Add all paragraphs and tables under an element.

        Args:
            parent: Body, cell, note, header or text box.
            kind: Kind of block that its paragraphs become.
            row: Table, row and column for a cell.
            change: The tracked change of all of it.
            anchor: Offset at which it is called or hangs.
        """
        held: list[Any] = []
        template = Block(0, 0, kind=kind, row=row, anchor=anchor)
        for item, inner in _blocks_under(parent, self.context, change):
            name = name_of(item)
            if name == "p":
                held.append(item)
                if not self.context.version.joins_next(item):
                    self._paragraph(held, template, inner)
                    held = []
                continue
            if name in _COMMENT_MARKS:
                self.anchors.put(name, value_of(item, "id"), self.assembler.position)
                continue
            if held:
                self._paragraph(held, template, inner)
                held = []
            if name == "tbl":
                self._table(item, template, inner)
            else:
                self.foreign.append((_FOREIGN_BLOCKS[name], self._end))
        if held:
            self._paragraph(held, template, change)

    def uncalled_notes(self) -> None:
        """Add the notes that no text that is read calls; Word shows none of them."""
        for note in list(self.notes):
            self._note(note, UNCHANGED, None)

    def finish(self) -> None:
        """Give what was changed at the very end to the last block."""
        if self.pending and self.assembler.blocks:
            last = self.assembler.blocks[-1]
            moved = tuple(replace(one, start=last.end) for one in self.pending)
            self.assembler.blocks[-1] = replace(last, revisions=last.revisions + moved)

    def unread(self) -> list[tuple[str, int]]:
        """Names of what was met and not read, each with how often."""
        return list(Counter(name for name, _ in self.foreign).items())

    @property
    def _end(self) -> int:
        """Where the text ends so far."""
        return max(self.assembler.position - 1, 0)

    def _paragraph(self, held: list[Any], template: Block, change: Change) -> None:
        """Add the blocks of one paragraph; it has the properties of its last mark."""
        properties = self.context.version.paragraph_properties(held[-1])
        numbering, fields = self.context.numbering, self.context.fields
        label, level = "", None
        # Fields that are items of a list go on from the paragraph's own number.
        early = change.shown and not fields.paragraphs.isdisjoint(held)
        if early:
            label, level = numbering.label(properties)
        runs = Runs(self.context)
        for item in held:
            runs.take(item, change)
        styles = self.context.styles
        gone = (
            not change.shown
            or template.kind == "hidden"
            or (not runs.text.strip() and self._is_no_item(held, runs))
        )
        if not gone and not early:
            label, level = numbering.label(properties)
        if label:
            self.numbers.update(dict.fromkeys(held, label))
        block = replace(template, number=label, level=level, bold=bool(runs.bold))
        block = _headed(block, len(runs.text), styles, properties)
        places: list[tuple[int, int, int]] = []
        for index, piece in enumerate(runs.pieces()):
            part = replace(block, number="") if index else block
            places.append((piece.start, self.assembler.position, len(piece.text)))
            self._add(piece.text, part, held, self.pending + piece.revisions)
            self.pending = []
        if not places:
            self.pending.extend(replace(one, start=0) for one in runs.revisions)
        elif runs.struck:
            self.struck.append(len(self.assembler.blocks))
        self._aside(runs, held, template, places)

    def _is_no_item(self, held: list[Any], runs: Runs) -> bool:
        """Whether an empty paragraph has no number: it is gone or hidden, or ends a section."""
        properties = child(held[-1], "pPr")
        if len(held) > 1 or self.context.version.joins_next(held[-1]):
            return True
        mark_is_hidden = bool(is_on(child(properties, "rPr"), "vanish"))
        return child(properties, "sectPr") is not None or (mark_is_hidden and bool(runs.hidden))

    def _add(self, text: str, block: Block, held: list[Any], revisions: list[Revision]) -> None:
        self.assembler.add(text, block, revisions=revisions)
        self.elements.append(tuple(held))
        if block.kind == "hidden":
            self.hidden.append(len(self.assembler.blocks))

    def _aside(
        self, runs: Runs, held: list[Any], template: Block, places: list[tuple[int, int, int]]
    ) -> None:
        """What hangs on a paragraph but is not in its line: hidden text, notes, boxes, objects."""
        hidden = " ".join("".join(runs.hidden).split())
        before = self._end
        if hidden:
            self._add(hidden, Block(0, 0, kind="hidden"), held, [])
        for mark in runs.marks:
            at = _placed(mark.at, places, before)
            self.anchors.put(mark.kind, str(mark.what), at)
            if mark.kind in _NOTES:
                self._note((_NOTES[mark.kind], mark.what), mark.change, at)
            elif mark.kind == "box":
                self._box(mark, template, at)
            elif mark.kind == "foreign" and mark.change.shown:
                self.foreign.append((mark.what, at))

    def _note(self, note: Note, change: Change, at: int | None) -> None:
        """Add a note where it is first called; the note of a call that is gone is gone too."""
        root = self.notes.pop(note, None)
        if root is not None:
            self.container(root, note[0], change=change, anchor=at)

    def _box(self, mark: Mark, template: Block, at: int) -> None:
        kind = template.kind if template.kind in _APART else "textbox"
        self.container(mark.what, kind, change=mark.change, anchor=at)

    def _table(self, table: Any, template: Block, change: Change) -> None:
        number, version = self._tables, self.context.version
        self._tables += 1
        kind = "cell" if template.kind == "paragraph" else template.kind
        for index, row in enumerate(_wrapped(table, "tr")):
            properties = child(row, "trPr")
            inner = change
            for name in ("ins", "del"):
                inner = version.enter(inner, child(properties, name))
            is_hidden = bool(is_on(properties, "hidden"))
            before = child(properties, "gridBefore")
            column = (number_of(before) or 0) if before is not None else 0
            for cell in _wrapped(row, "tc"):
                settings = child(cell, "tcPr")
                own = inner
                for name in ("cellIns", "cellDel"):
                    own = version.enter(own, child(settings, name))
                # What stands in a cell that goes on from above, Word does not show.
                shown = "hidden" if is_hidden or _goes_on_from_above(settings) else kind
                place = (number, index, column)
                self.container(cell, shown, row=place, change=own, anchor=template.anchor)
                span = child(settings, "gridSpan")
                column += (number_of(span) or 1) if span is not None else 1


def _headed(block: Block, length: int, styles: Styles, properties: Any) -> Block:
    """The block as a heading if its style says so and it is as short as one."""
    outline = styles.outline_level(properties)
    if block.kind != "paragraph" or (outline is None and not styles.is_title(properties)):
        return block
    level = block.level if block.level is not None else outline or 0
    return replace(
        block, kind="heading" if length <= _LONGEST_HEADING else "paragraph", level=level
    )


def _placed(at: int, places: list[tuple[int, int, int]], otherwise: int) -> int:
    """Offset into the document's text of an offset into a paragraph's runs.

    Args:
        at: The latter.
        places: For each block of the paragraph: its start in the runs, its start in the text and
            its length.
        otherwise: Answer for a paragraph without blocks.
    """
    if not places:
        return otherwise
    index = bisect.bisect_right(places, at, key=lambda place: place[0]) - 1
    start, offset, length = places[max(index, 0)]
    return offset + min(max(at - start, 0), length)


def _blocks_under(parent: Any, context: Context, change: Change) -> Iterator[tuple[Any, Change]]:
    """Paragraphs, tables and foreign documents with their changes, through Word's wrappers."""
    for item in parent:
        name = name_of(item)
        if name in ("p", "tbl") or name in _COMMENT_MARKS or name in _FOREIGN_BLOCKS:
            yield item, change
        elif name in _WRAPPERS:
            yield from _blocks_under(item, context, context.version.enter(change, item))
        elif name == "AlternateContent":
            yield from _blocks_under(shown_branch(item), context, change)
        elif name == "sdt":
            inner = child(item, "sdtContent")
            if inner is not None:
                yield from _blocks_under(inner, context, change)


def _wrapped(parent: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls and the like."""
    for item in parent:
        name = name_of(item)
        if name == wanted:
            yield item
        elif name == "sdt":
            inner = child(item, "sdtContent")
            if inner is not None:
                yield from _wrapped(inner, wanted)
        elif name in _WRAPPERS:
            yield from _wrapped(item, wanted)


def _goes_on_from_above(settings: Any) -> bool:
    merge = child(settings, "vMerge")
    return merge is not None and value_of(merge) in ("", "continue")
