"""The text of one Word paragraph: runs, fields, tracked changes, hidden text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clausescan.document import Revision, language_of
from clausescan.extract.docx_drawings import read_drawing
from clausescan.extract.docx_fields import CHECKED, UNCHECKED, Fields
from clausescan.extract.docx_versions import UNCHANGED, Change, Version
from clausescan.extract.numbering import Numbering
from clausescan.extract.numbers import is_numbered
from clausescan.extract.ooxml import Styles, child, is_on, name_of, value_of

_BLANKS = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_SKIPPED = frozenset(
    {
        "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr", "instrText", "delInstrText",
        "rt", "rubyPr", "proofErr", "bookmarkStart", "bookmarkEnd", "customXmlPr", "smartTagPr",
        "tblGrid", "ctrlPr", "annotationRef", "footnoteRef", "endnoteRef", "pgNum", "separator",
        "continuationSeparator", "lastRenderedPageBreak", "softHyphen",
    }
)  # fmt: skip
_MARKS = frozenset(
    {
        "commentRangeStart", "commentRangeEnd", "commentReference", "footnoteReference",
        "endnoteReference",
    }
)  # fmt: skip
_FORMULA = {
    "num": "",
    "den": "/",
    "sup": "^",
    "sub": "_",
    "deg": "",
    "rad": "√",
    "d": "",
    "nary": "",
}
"""Parts of a formula whose place has a meaning, with the sign for it."""

_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {
    0xF0A8: UNCHECKED, 0xF06F: UNCHECKED, 0xF071: UNCHECKED, 0xF0FD: CHECKED, 0xF0FE: "☑",
    0xF052: "☑", 0xF054: CHECKED, 0xF0FC: "✓", 0xF050: "✓", 0xF0B7: "•", 0xF0A7: "▪",
    0xF0D7: "×", 0xF0B0: "°", 0xF0B1: "±", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0D2: "®", 0xF0D3: "©",
    0xF0D4: "™",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a file's runs are read with.

    Attributes:
        styles: The file's styles.
        version: Which side of the tracked changes is read.
        fields: The file's fields.
        numbering: The file's lists.
        related: Root element of a part by the id of a relation, or None.
    """

    styles: Styles
    version: Version
    fields: Fields
    numbering: Numbering
    related: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that hangs on a place in a paragraph.

    Attributes:
        kind: ``box``, ``foreign`` or the name of the element: a note's or comment's.
        what: Element of a box, name of a foreign thing, id of a note or comment.
        at: Offset into the text of the paragraph's runs.
        change: The tracked change round it.
    """

    kind: str
    what: Any
    at: int
    change: Change = UNCHANGED


@dataclass(slots=True)
class Piece:
    """Part of a paragraph that becomes one block.

    Attributes:
        text: Its text on one line, blanks single.
        start: Where it begins in the text of the paragraph's runs.
        revisions: Tracked changes; offsets into `text`.
    """

    text: str
    start: int = 0
    revisions: list[Revision] = field(default_factory=list)


@dataclass(slots=True)
class Runs:
    """Collects what the runs of one paragraph say; of several where paragraph ends are gone.

    Attributes:
        context: What runs are read with.
        text: Text so far, with its line breaks.
        revisions: Tracked changes so far; offsets into `text`.
        hidden: Text that Word hides, in order.
        marks: What hangs on it, in order.
        bold: Whether all of it is bold; None before the first letter.
        struck: Whether some of it is struck through by hand.
    """

    context: Context
    text: str = ""
    revisions: list[Revision] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    bold: bool | None = None
    struck: bool = False

    def take(self, paragraph: Any, change: Change = UNCHANGED) -> None:
        """Append a ``w:p``.

        Args:
            paragraph: The element.
            change: The tracked change of what holds it.
        """
        properties = self.context.version.paragraph_properties(paragraph)
        style = self.context.styles.paragraph_style(properties)
        self._walk(paragraph, style, change)

    def _walk(self, parent: Any, style: str, change: Change) -> None:
        for item in parent:
            name = name_of(item)
            if name in _MARKS:
                self.marks.append(Mark(name, value_of(item, "id"), len(self.text), change))
            elif name in _SKIPPED or not name:
                continue
            elif name == "r":
                self._run(item, style, change)
            elif name == "t":
                self._say(self._text_of(item), change, bold=False)
            elif name == "AlternateContent":
                self._walk(shown_branch(item), style, change)
            elif name == "sdt":
                self._walk(_content(item), style, change)
            elif name in _FORMULA:
                self._formula(item, _FORMULA[name], style, change)
            else:
                self._walk(item, style, self.context.version.enter(change, item))
                if name == "fldSimple":
                    self._say(self._shown(item, change), change, bold=False)

    def _formula(self, part: Any, sign: str, style: str, change: Change) -> None:
        """Part of a formula, with the sign that its place stands for."""
        length = len("".join(one.text or "" for one in part.iter("{*}t")))
        before, after = ("(", ")") if length > 1 or name_of(part) == "d" else ("", "")
        if name_of(part) == "nary":
            operator = child(child(part, "naryPr"), "chr")
            sign, before, after = "∫" if operator is None else value_of(operator), "", ""
        self._say((sign + before) if length else "", change, bold=False)
        self._walk(part, style, change)
        self._say(after, change, bold=False)

    def _run(self, run: Any, style: str, change: Change) -> None:
        properties, styles = self.context.version.run_properties(run), self.context.styles
        if styles.switch(properties, style, "vanish"):
            if change.shown:
                self.hidden.append("".join(self._all_words(run)))
            return
        bold = styles.switch(properties, style, "b")
        blank_line = properties is not None and child(properties, "u") is not None
        before = len(self.text)
        for item in run:
            self._content(item, style, change, bold=bold, underlined=blank_line)
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            self.struck = self.struck or len(self.text) > before

    def _content(
        self, item: Any, style: str, change: Change, *, bold: bool, underlined: bool
    ) -> None:
        name = name_of(item)
        if name in ("t", "delText"):
            text = self._text_of(item)
            if underlined and not text.strip() and len(text) > 2:
                text = "____"
            self._say(text, change, bold=bold)
        elif name in _BREAKS:
            self._say("____" if name == "tab" and underlined else _BREAKS[name], change, bold=bold)
        elif name == "sym":
            self._say(_symbol(item), change, bold=bold)
        elif name == "fldChar":
            self._say(self._shown(item, change), change, bold=bold)
        elif name in _MARKS:
            self.marks.append(Mark(name, value_of(item, "id"), len(self.text), change))
        elif name == "AlternateContent":
            for inner in shown_branch(item):
                self._content(inner, style, change, bold=bold, underlined=underlined)
        elif name == "ruby":
            base = child(item, "rubyBase")
            self._walk(base if base is not None else item, style, change)
        elif name in ("drawing", "pict", "object"):
            self._drawing(item, change)
        elif name in ("ins", "del"):
            # In formulas, tracked changes stand inside the run.
            inside = self.context.version.enter(change, item)
            for inner in item:
                self._content(inner, style, inside, bold=bold, underlined=underlined)

    def _drawing(self, item: Any, change: Change) -> None:
        found, at = read_drawing(item, self.context.related), len(self.text)
        self.marks.extend(Mark("box", box, at, change) for box in found.boxes)
        self.marks.extend(Mark("foreign", name, at, change) for name in found.foreign)

    def _shown(self, item: Any, change: Change) -> str:
        """What a field shows that it does not hold; items are counted as they are met."""
        fields = self.context.fields
        if item not in fields.items or not change.shown:
            return fields.shown(item)
        asked = fields.items[item]
        number = self.context.numbering.item(asked.name, asked.level, asked.start)
        if not number:
            fields.empty.append("LISTNUM")
        return number

    def _all_words(self, run: Any) -> Iterator[str]:
        """All that a hidden run would say, boxes in it included."""
        for item in run.iter("{*}t", "{*}delText", "{*}tab", "{*}br"):
            if next(item.iterancestors("{*}Fallback"), None) is None:
                yield self._text_of(item) if name_of(item) in ("t", "delText") else " "

    def _text_of(self, item: Any) -> str:
        return "" if self.context.fields.is_code(item) else item.text or ""

    def _say(self, text: str, change: Change, *, bold: bool) -> None:
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", text))
        if not text:
            return
        if not change.shown:
            self._note(change.revision, text)
            return
        if self.text[-1:] in ("", " ", "\n"):
            text = text.lstrip(" ")
        if not text:
            return
        self._note(change.revision, text)
        if text.strip():
            self.bold = bold if self.bold is None else self.bold and bold
        self.text += text

    def _note(self, change: Revision | None, text: str) -> None:
        """Add a tracked change, or lengthen the last one if it goes on."""
        if change is None:
            return
        at = len(self.text)
        last = self.revisions[-1] if self.revisions else None
        if last is not None and _same_change(last, change):
            goes_on = last.start if self._is_absent(last) else last.start + len(last.text)
            if goes_on == at:
                self.revisions[-1] = replace(last, text=last.text + text)
                return
        self.revisions.append(replace(change, text=text, start=at))

    def _is_absent(self, change: Revision) -> bool:
        """Whether the words of a tracked change are not in the text that is read."""
        return change.kind == ("inserted" if self.context.version.original else "deleted")

    def pieces(self) -> list[Piece]:
        """The paragraph's blocks.

        A line break parts blocks where the script changes or a number follows; elsewhere it
        becomes a blank.
        """
        found: list[Piece] = []
        for begin, end in _stretches(self.text):
            words = self.text[begin:end]
            text = words.strip().replace("\n", " ")
            start = begin + len(words) - len(words.lstrip()) if text else begin
            mine = list(self._changes(begin, start, end, text))
            if text:
                found.append(Piece(text, start, mine))
            elif found:
                at = len(found[-1].text)
                found[-1].revisions.extend(replace(one, start=at) for one in mine)
        return found

    def _changes(self, begin: int, start: int, end: int, text: str) -> Iterator[Revision]:
        """The tracked changes of one stretch, whose text starts a little after its beginning."""
        last = end == len(self.text)
        for one in self.revisions:
            at = max(one.start - start, 0)
            if self._is_absent(one):
                if begin <= one.start < end or (last and one.start == end):
                    words = one.text.replace("\n", " ")
                    yield replace(one, start=min(at, len(text)), text=words)
                continue
            words = text[at : max(one.start + len(one.text) - start, 0)]
            if words:
                yield replace(one, start=at, text=words)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the stretches of text that become blocks; blank ones are left out."""
    start, language = 0, ""
    for match in re.finditer(r"\n+", text):
        before, after = text[start : match.start()], text[match.end() :].partition("\n")[0]
        language = language_of(before) or language
        other = language_of(after)
        if is_numbered(after) or (language and other and language != other):
            yield start, match.end()
            start = match.end()
    yield start, len(text)


def _same_change(one: Revision, other: Revision) -> bool:
    return (one.kind, one.author, one.date) == (other.kind, other.author, other.date)


def shown_branch(item: Any) -> Any:
    """The branch of alternate content that a present Word shows."""
    choice, fallback = child(item, "Choice"), child(item, "Fallback")
    if choice is not None and (len(choice) or fallback is None):
        return choice
    return fallback if fallback is not None else ()


def _content(item: Any) -> Any:
    found = child(item, "sdtContent")
    return found if found is not None else ()


def _symbol(item: Any) -> str:
    try:
        code = int(value_of(item, "char"), 16)
    except ValueError:
        return ""
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if 0xF020 <= code <= 0xF07E and "wing" not in value_of(item, "font").lower():
        return chr(code - 0xF000)
    return "" if 0xE000 <= code <= 0xF8FF or 0xD800 <= code < 0xE000 else chr(code)
