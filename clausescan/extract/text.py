"""Plain text and Markdown into documents; the text stays the file's own, line ends apart."""

from __future__ import annotations

import codecs
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clausescan.document import Block, Document, Notice, fill_languages, language_of
from clausescan.errors import ReadError
from clausescan.extract.assemble import Source
from clausescan.extract.numbers import is_numbered
from clausescan.extract.text_margins import mark_margins

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+")
_ITEM = re.compile(r"[-*+]\s+|>\s*")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"[\s:|-]+")
_CELL = re.compile(r"(?:[^|\\]|\\.)+")
_CLOSING = frozenset(".;:!?。；：！？")
_QUOTES = "\"”’')）」】"

LEAST_LINES = 12
NARROWEST, WIDEST = 50, 260
"""Between how many columns a program wraps lines; a Han character takes two."""

FULL = 0.75
"""A line shorter than this share of the width ends its paragraph."""


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A line that is not blank, outer blanks and Markdown's marks cut off."""

    start: int
    end: int
    text: str
    indent: int = 0
    kind: str = "paragraph"
    level: int | None = None
    number: str = ""

    @property
    def width(self) -> int:
        """Columns that it takes."""
        return self.indent + len(self.text) + len(_HAN.findall(self.text))

    @property
    def closed(self) -> bool:
        """Whether it ends with a mark that may end a paragraph."""
        return self.text.rstrip(_QUOTES)[-1:] in _CLOSING


def read(source: Source) -> Document:
    """Read a .txt or .md file.

    Raises:
        ReadError: It holds no text, or bytes that are no text.
    """
    text, encoding = _decoded(source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = mark_margins(_blocks(text, markdown=source.format == "md"), text)
    if not blocks:
        raise ReadError(f"{source.path} holds no text. Export the draft again.", code="no-text")
    notices = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notices.append(
            Notice("encoding", f"The text was read as {encoding}; save it as UTF-8 to be sure.")
        )
    return Document(
        path=source.path,
        format=source.format,
        sha256=source.sha256,
        text=text,
        blocks=blocks,
        notices=tuple(notices),
    )


def _decoded(source: Source) -> tuple[str, str]:
    encoding = encoding_of(source.data)
    try:
        text = source.data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = source.data.decode(encoding, "replace")
    if text.count("\x00") or text.count("\ufffd") > len(text) // 50:
        raise ReadError(
            f"{source.path} holds bytes that are no text. Export the draft again as UTF-8 text.",
            code="type",
        )
    return text, encoding


def encoding_of(data: bytes) -> str:
    """By mark, by zero bytes, by being valid UTF-8, by whether high bytes come in pairs."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    zeros = data[:2000].count(0)
    if zeros > len(data[:2000]) // 4:
        odd, even = data[1:2000:2].count(0), data[:2000:2].count(0)
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if _comes_in_pairs(data) else "cp1252"
    return "utf-8"


def _comes_in_pairs(data: bytes) -> bool:
    """Whether most high bytes stand beside another: Chinese, not accents and curly quotes."""
    high = re.findall(rb"[\x80-\xff]+", data[:100_000])
    alone = sum(len(run) == 1 for run in high)
    total = sum(len(run) for run in high)
    return total > 0 and alone < 0.2 * total


def _blocks(text: str, *, markdown: bool) -> tuple[Block, ...]:
    lines = list(_lines(text, markdown=markdown))
    layout = _Layout(text, lines)
    groups: list[list[_TextLine]] = []
    for line in lines:
        if groups and layout.goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    found = list(_cells_and_paragraphs(groups, text))
    numbered = [replace(block, paragraph=index) for index, block in enumerate(found, start=1)]
    return fill_languages(numbered, text)


def _lines(text: str, *, markdown: bool) -> Iterator[_TextLine]:
    for match in _LINE.finditer(text):
        if not match[0].strip():
            continue
        if markdown and "-" in match[0] and _TABLE_RULE.fullmatch(match[0]):
            yield _TextLine(match.start(), match.start(), "", kind="rule")
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.start() + len(match[0].rstrip())
        line = _TextLine(start, end, text[start:end], indent=start - match.start())
        yield _marked(line) if markdown else line


def _marked(line: _TextLine) -> _TextLine:
    """A Markdown line with what its marks say; the marks stay in the text, before the block."""
    heading, item = _HEADING.match(line.text), _ITEM.match(line.text)
    if heading:
        level = len(heading[1]) - 1
        return _cut(replace(line, kind="heading", level=level), heading.end())
    if _TABLE_ROW.fullmatch(line.text):
        return replace(line, kind="row")
    if item:
        return _cut(replace(line, number="" if item[0].startswith(">") else "•"), item.end())
    return line


def _cut(line: _TextLine, length: int) -> _TextLine:
    return replace(line, start=line.start + length, text=line.text[length:])


class _Layout:
    """How a file sets its lines: whether a program wrapped them, how wide, how far apart."""

    def __init__(self, text: str, lines: list[_TextLine]) -> None:
        self._text = text
        widths = sorted(line.width for line in lines if line.kind == "paragraph")
        self.width = widths[int(0.9 * (len(widths) - 1))] if widths else 0
        full = sum(0.8 * self.width <= width <= 1.05 * self.width for width in widths)
        self.wrapped = (
            len(widths) >= LEAST_LINES
            and NARROWEST <= self.width <= WIDEST
            and widths[-1] <= 1.6 * self.width
            and full >= 0.4 * len(widths)
        )
        self.gap = self._usual_gap(lines) if self.wrapped else 1

    def goes_on(self, before: _TextLine, line: _TextLine) -> bool:
        """Whether a line belongs to the paragraph of the one before it."""
        if not self.wrapped or before.kind != "paragraph" or line.kind != "paragraph":
            return False
        if line.number or self._gap(before, line) > self.gap or self._is_short(before):
            return False
        if before.closed and (is_numbered(line.text) or line.indent >= before.indent + 2):
            return False
        one, other = language_of(before.text), language_of(line.text)
        return not one or not other or one == other

    def _usual_gap(self, lines: list[_TextLine]) -> int:
        """Line ends between two lines of a paragraph: two where the file is double-spaced."""
        gaps = Counter(
            self._gap(before, line)
            for before, line in itertools.pairwise(lines)
            if not self._is_short(before) and not before.closed and line.text[:1].islower()
        )
        return min(gaps.most_common(1)[0][0], 2) if gaps else 1

    def _gap(self, before: _TextLine, line: _TextLine) -> int:
        return self._text.count("\n", before.end, line.start)

    def _is_short(self, line: _TextLine) -> bool:
        return line.width < FULL * self.width


def _cells_and_paragraphs(groups: list[list[_TextLine]], text: str) -> Iterator[Block]:
    """Blocks of the groups; rows that follow each other make one table."""
    table, row, in_table = -1, 0, False
    for group in groups:
        first = group[0]
        if first.kind == "rule":
            continue
        if first.kind == "row":
            table, row = (table, row + 1) if in_table else (table + 1, 0)
            yield from _cells(first, table, row)
        elif text[first.start : group[-1].end].strip():
            yield Block(
                first.start,
                group[-1].end,
                kind=first.kind,
                level=first.level,
                number=first.number,
            )
        in_table = first.kind == "row"


def _cells(line: _TextLine, table: int, row: int) -> Iterator[Block]:
    for column, match in enumerate(_CELL.finditer(line.text)):
        cell = match[0].strip()
        if cell:
            start = line.start + match.start() + match[0].index(cell[0])
            place = (table, row, column)
            yield Block(start, start + len(cell), kind="cell", row=place)
