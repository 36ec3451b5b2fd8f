"""Word files into documents: body, tables, text boxes, notes, margins, in the order they are read.

python-docx opens the package; its own text of a paragraph loses tracked insertions, content
controls, notes, text boxes and numbers, so the XML is walked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clausescan.document import Block, Document, Notice, Revision
from clausescan.errors import ReadError
from clausescan.extract.assemble import Assembler, Source
from clausescan.extract.docx_package import Package, open_package
from clausescan.extract.docx_runs import Runs
from clausescan.extract.numbering import Numbering
from clausescan.extract.ooxml import Styles, child, children, name_of, number_of, value_of

_LONGEST_HEADING = 150
"""Characters; legal drafts set whole clauses in heading styles to get their numbers."""

_WRAPPERS = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent", "Choice"})
_NOTE_KINDS = {"footnotes": "footnote", "endnotes": "endnote"}


def read(source: Source) -> Document:
    """Read a Word file.

    Raises:
        ReadError: It is encrypted, damaged, a bomb, no Word file or holds no text.
    """
    package = open_package(source)
    try:
        walker = _walked(package)
    except RecursionError as error:
        raise ReadError(
            f"{source.path} nests its parts deeper than Word does. Save it again in Word.",
            code="corrupt",
        ) from error
    if not walker.assembler.blocks:
        raise ReadError(
            f"{source.path} holds no text. If its pages are images, run text recognition (OCR) "
            "on them and scan the result.",
            code="no-text",
        )
    return walker.assembler.document(
        source, unread=walker.unread(), notices=walker.notices(package)
    )


def paragraph_elements(document: Any) -> list[tuple[Any, ...]]:
    """For each block that `read` makes of a file, the ``w:p`` elements it came from.

    Lets a caller put comments into the user's own draft: entry i belongs to block i.

    Args:
        document: python-docx's document of the same file.
    """
    package = Package(document, document.part.element.find("{*}body"))
    return _walked(package).elements


def _walked(package: Package) -> _Walker:
    styles = Styles(package.part("styles"))
    numbering = Numbering(package.part("numbering"), styles)
    walker = _Walker(package, styles, numbering, Assembler(package.source))
    walker.container(package.body, "paragraph")
    for part, kind in _NOTE_KINDS.items():
        for root in package.parts(part):
            for note in children(root, kind):
                if value_of(note, "type") in ("", "normal"):
                    walker.container(note, kind)
    for kind in ("header", "footer"):
        for root in package.parts(kind):
            walker.container(root, kind)
    walker.finish()
    return walker


@dataclass(slots=True)
class _Walker:
    """Goes through containers of paragraphs and tables and fills the assembler."""

    package: Package
    styles: Styles
    numbering: Numbering
    assembler: Assembler = field(default_factory=Assembler)
    elements: list[tuple[Any, ...]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    pending: list[Revision] = field(default_factory=list)
    hidden: int = 0
    tables: int = 0

    def container(
        self,
        parent: Any,
        kind: str,
        *,
        row: tuple[int, int, int] | None = None,
        deleted: bool = False,
    ) -> None:
        """Add all paragraphs and tables under an element.

        Args:
            parent: Body, cell, note, header or text box.
            kind: Kind of block that its paragraphs become.
            row: Table, row and column for a cell.
            deleted: Whether all of it is deleted by a tracked change.
        """
        held: list[Any] = []
        for item in _blocks_under(parent):
            name = name_of(item)
            if name == "p":
                held.append(item)
                if not _mark_is_deleted(item):
                    self._paragraph(held, kind, row=row, deleted=deleted)
                    held = []
            elif name == "tbl":
                self._table(item, kind, deleted=deleted)
            else:
                self.foreign.append("embedded document")
        if held:
            self._paragraph(held, kind, row=row, deleted=deleted)

    def _paragraph(
        self, held: list[Any], kind: str, *, row: tuple[int, int, int] | None, deleted: bool
    ) -> None:
        """Add the blocks of one final paragraph; it has the properties of its last mark."""
        properties = child(held[-1], "pPr")
        runs = Runs(self.styles)
        for item in held:
            runs.take(item, deleted=deleted)
        gone = deleted or (not runs.text.strip() and _is_no_item(held))
        label, level = ("", None) if gone else self.numbering.label(properties)
        outline = self.styles.outline_level(properties)
        block = Block(0, 0, kind=kind, number=label, level=level, bold=bool(runs.bold), row=row)
        for index, piece in enumerate(runs.pieces()):
            part = _headed(block, piece.text, outline, self.styles.is_title(properties))
            if index:
                part = Block(0, 0, kind=part.kind, level=part.level, bold=part.bold, row=row)
            self.assembler.add(piece.text, part, revisions=self.pending + piece.revisions)
            self.elements.append(tuple(held))
            self.pending = []
        if not runs.text.strip():
            self.pending.extend(replace(one, start=0) for one in runs.revisions)
        self._aside(runs, held)

    def _aside(self, runs: Runs, held: list[Any]) -> None:
        """What hangs on a paragraph but is not in its line: hidden text, text boxes, objects."""
        hidden = " ".join("".join(runs.hidden).split())
        if hidden:
            self.hidden += 1
            self.assembler.add(hidden, Block(0, 0, kind="hidden"))
            self.elements.append(tuple(held))
        self.foreign.extend(runs.foreign)
        for box in runs.boxes:
            self.container(box, "textbox")

    def _table(self, table: Any, kind: str, *, deleted: bool) -> None:
        number = self.tables
        self.tables += 1
        inner = "cell" if kind in ("paragraph", "cell") else kind
        for index, row in enumerate(_wrapped(table, "tr")):
            properties = child(row, "trPr")
            gone = deleted or child(properties, "del") is not None
            before = child(properties, "gridBefore")
            column = (number_of(before) or 0) if before is not None else 0
            for cell in _wrapped(row, "tc"):
                settings = child(cell, "tcPr")
                if not _goes_on_from_above(settings):
                    self.container(cell, inner, row=(number, index, column), deleted=gone)
                span = child(settings, "gridSpan")
                column += (number_of(span) or 1) if span is not None else 1

    def finish(self) -> None:
        """Give what was deleted at the very end to the last block."""
        if self.pending and self.assembler.blocks:
            last = self.assembler.blocks[-1]
            moved = tuple(replace(one, start=last.end) for one in self.pending)
            self.assembler.blocks[-1] = replace(last, revisions=last.revisions + moved)

    def unread(self) -> list[str]:
        """Names of the parts that were met but not read."""
        counts = {name: self.foreign.count(name) for name in dict.fromkeys(self.foreign)}
        return [f"{count} × {name}" for name, count in counts.items()]

    def notices(self, package: Package) -> list[Notice]:
        """What a reader of the report must know about the file."""
        found = [
            Notice("embedded-content", f"{name} in the file was not read; open it and check.")
            for name in self.unread()
        ]
        if self.hidden:
            found.append(
                Notice("hidden-text", f"{self.hidden} paragraphs hold text that Word hides.")
            )
        if any(block.revisions for block in self.assembler.blocks):
            found.append(
                Notice("tracked-changes", "The draft has tracked changes; its final text was read.")
            )
        comments = sum(1 for root in package.parts("comments") for _ in children(root, "comment"))
        if comments:
            found.append(
                Notice("comments", f"{comments} comments in the margin are no part of the text.")
            )
        if package.has_macros:
            found.append(Notice("macros", "The file holds macros; none was run or read."))
        return found


def _headed(block: Block, text: str, outline: int | None, is_title: bool) -> Block:
    """The block as a heading if its style says so and it is as short as one."""
    if block.kind != "paragraph" or (outline is None and not is_title):
        return block
    level = block.level if block.level is not None else outline
    short = 0 < len(text) <= _LONGEST_HEADING
    return Block(
        0,
        0,
        kind="heading" if short else "paragraph",
        number=block.number,
        level=0 if level is None else level,
        bold=block.bold,
    )


def _blocks_under(parent: Any) -> Iterator[Any]:
    """Paragraphs, tables and embedded documents, through the wrappers Word puts round them."""
    for item in parent:
        name = name_of(item)
        if name in ("p", "tbl", "altChunk"):
            yield item
        elif name in _WRAPPERS:
            yield from _blocks_under(item)
        elif name in ("sdt", "AlternateContent"):
            inner = child(item, "sdtContent" if name == "sdt" else "Choice")
            if inner is not None:
                yield from _blocks_under(inner)


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


def _is_no_item(held: list[Any]) -> bool:
    """Whether an empty paragraph takes no number: it was deleted or only ends a section."""
    section = child(child(held[-1], "pPr"), "sectPr")
    return section is not None or len(held) > 1 or _mark_is_deleted(held[-1])


def _mark_is_deleted(paragraph: Any) -> bool:
    """Whether a tracked change took the paragraph's end away, so that the next one joins it."""
    mark = child(child(paragraph, "pPr"), "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None
