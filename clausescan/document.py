"""A draft as text with offsets and origins; knows files' shapes, knows no language processing.

Every later span is a pair of character offsets into `Document.text`. A `Block` is a paragraph,
cell, heading, header … of the source; its `lines` say on which page and where they stand.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

Box = tuple[float, float, float, float]

BODY_KINDS = frozenset({"paragraph", "heading", "cell", "footnote", "endnote", "textbox"})
"""Kinds of block that are part of the contract's text; the others are only kept for provenance."""

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands in the source.

    Attributes:
        start: First character offset into `Document.text`.
        end: One past the last character.
        page: Page number from 1, where the format has pages.
        paragraph: Number of the block from 1, in reading order.
        box: x0, top, x1, bottom in points from the page's top left corner, where known.
    """

    start: int
    end: int
    page: int | None = None
    paragraph: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a block as it stands on one page; offsets into `Document.text`."""

    start: int
    end: int
    page: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A tracked change inside a block.

    Attributes:
        kind: ``inserted``, ``deleted`` or ``moved``.
        author: Name as the file has it.
        date: ISO date and time as the file has it.
        text: The words inserted, deleted or moved here; a move is told where the words stand.
        start: Offset into `Document.text` where they stand, or would: the final text lacks what
            was deleted, the original one lacks what was inserted.
    """

    kind: str
    author: str
    date: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark in the margin; never part of the text.

    Attributes:
        author: Name as the file has it.
        date: ISO date and time as the file has it.
        text: The remark, its paragraphs on lines of their own.
        start: Offset into `Document.text` of what it is about; None where the file does not say.
        end: One past the last character; the same as `start` for a mere place.
    """

    author: str
    date: str
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like unit of the source, in reading order.

    Attributes:
        start: First character offset into `Document.text`.
        end: One past the last character.
        kind: ``paragraph``, ``heading``, ``cell``, ``footnote``, ``endnote``, ``textbox``,
            ``header``, ``footer``, ``page_number`` or ``hidden``.
        paragraph: Number from 1 in reading order.
        language: ``en``, ``zh`` or ``""`` when no letter tells.
        page: Page where it begins, where the format has pages.
        number: The number that the word processor computes ("3.2(b)"); empty when the number
            is typed and so part of the text.
        level: Outline or list level from 0, where the source says so.
        bold: Whether all of its text is bold.
        row: Table number, row and column, all from 0, for cells.
        lines: Its lines with page and box, for paged formats.
        revisions: Tracked changes inside it.
        anchor: Offset into `Document.text` where a note is called or a text box hangs.
    """

    start: int
    end: int
    kind: str = "paragraph"
    paragraph: int = 0
    language: str = ""
    page: int | None = None
    number: str = ""
    level: int | None = None
    bold: bool = False
    row: tuple[int, int, int] | None = None
    lines: tuple[Line, ...] = ()
    revisions: tuple[Revision, ...] = ()
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a report must know about what was not read or understood."""

    code: str
    message: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page whose words were recognised from its image.

    Attributes:
        page: Page number from 1.
        confidence: How sure text recognition is of its words, 0 to 1.
    """

    page: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft: its text, its blocks and what was not read.

    Attributes:
        path: As given by the caller, for display only.
        format: The file's suffix in lower case, without the dot: ``pdf``, ``docx`` …
        sha256: Hex digest of the file's bytes.
        text: All text; spans are offsets into it.
        blocks: In reading order, not overlapping.
        pages: Number of pages; 0 where the format has none.
        pages_read: Pages on which text was found or that are blank.
        recognised: Pages whose text was recognised from an image.
        unread: Names of parts that were not read ("page 3: image without text").
        notices: Warnings of the reader.
        comments: Remarks in the margin, in the file's order.
    """

    path: str
    format: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    pages: int = 0
    pages_read: int = 0
    recognised: tuple[Recognised, ...] = ()
    unread: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    comments: tuple[Comment, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(block.start for block in self.blocks))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that carry at least a tenth of the body's letters, most used first.

        Source of the limit: a Chinese name in an English draft must not make it bilingual.
        """
        sizes: dict[str, int] = {}
        for block in self.blocks:
            if block.language and block.kind in BODY_KINDS:
                weight = 2 if block.language == "zh" else 1
                size = weight * (block.end - block.start)
                sizes[block.language] = sizes.get(block.language, 0) + size
        total = sum(sizes.values())
        ranked = sorted(sizes, key=lambda language: (-sizes[language], language))
        return tuple(language for language in ranked if sizes[language] >= 0.1 * total)

    @property
    def words(self) -> int:
        """Number of words; a Han character counts as one word."""
        return len(_LATIN_WORD.findall(self.text)) + len(_HAN.findall(self.text))

    def block_at(self, offset: int) -> Block | None:
        """The block that holds a character offset, or None between blocks."""
        index = bisect.bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= max(self.blocks[index].end, self.blocks[index].start + 1):
            return None
        return self.blocks[index]

    def locate(self, start: int, end: int) -> Location:
        """Page, paragraph and box of a span of `text`; the box covers its first page only."""
        block = self.block_at(start)
        if block is None:
            return Location(start, end)
        hits = [line for line in block.lines if line.start < end and line.end > start]
        if not hits:
            return Location(start, end, block.page, block.paragraph)
        page = hits[0].page
        boxes = [line.box for line in hits if line.page == page and line.box is not None]
        return Location(start, end, page, block.paragraph, _hull(boxes))


@dataclass(frozen=True, slots=True)
class View:
    """The body text of one language, with the way back to the document.

    Attributes:
        language: ``en`` or ``zh``.
        text: The blocks' texts, joined by line breaks.
        blocks: The same blocks, rebased to `text`.
        origins: For each block, its start in `Document.text`.
    """

    language: str
    text: str
    blocks: tuple[Block, ...]
    origins: tuple[int, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(block.start for block in self.blocks))

    def to_document(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into `Document.text` for offsets into this view."""
        return self._offset(start), self._offset(max(end - 1, start)) + (end > start)

    def _offset(self, position: int) -> int:
        index = max(bisect.bisect_right(self._starts, position) - 1, 0)
        return self.origins[index] + position - self._starts[index]


def view(document: Document, language: str, *, fallback: bool = False) -> View:
    """The part of a document that is written in one language.

    Args:
        document: The draft.
        language: ``en`` or ``zh``.
        fallback: Whether blocks without letters (bare numbers, signs) come along.
    """
    text: list[str] = []
    blocks: list[Block] = []
    origins: list[int] = []
    position = 0
    for block in document.blocks:
        wanted = block.language == language or (fallback and not block.language)
        if not wanted or block.kind not in BODY_KINDS:
            continue
        piece = document.text[block.start : block.end]
        blocks.append(_rebased(block, position))
        origins.append(block.start)
        text.append(piece)
        position += len(piece) + 1
    return View(language, "\n".join(text), tuple(blocks), tuple(origins))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text: one a line, blank lines left out."""
    blocks: list[Block] = []
    for match in re.finditer(r"[^\n]+", text):
        if not match[0].strip():
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.start() + len(match[0].rstrip())
        language = language_of(text[start:end])
        blocks.append(Block(start, end, paragraph=len(blocks) + 1, language=language))
    return tuple(blocks)


def language_of(text: str) -> str:
    """``zh`` or ``en`` by the script that carries more of the text, ``""`` without letters.

    A Han character weighs half a Latin word: a Chinese clause with an English firm name in it
    stays Chinese.
    """
    han = len(_HAN.findall(text))
    if not han:
        return "en" if _LATIN_WORD.search(text) else ""
    return "zh" if han >= 2 * len(_LATIN_WORD.findall(text)) else "en"


def fill_languages(blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """The blocks with `language` set by script wherever a reader left it empty."""
    return tuple(
        block
        if block.language
        else replace(block, language=language_of(text[block.start : block.end]))
        for block in blocks
    )


def _rebased(block: Block, start: int) -> Block:
    return replace(block, start=start, end=start + block.end - block.start)


def _hull(boxes: Iterable[Box]) -> Box | None:
    boxes = list(boxes)
    if not boxes:
        return None
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)
