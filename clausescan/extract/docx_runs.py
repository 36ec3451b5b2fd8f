"""The final text of one Word paragraph: runs, fields, tracked changes, hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clausescan.document import Revision, language_of
from clausescan.extract.numbers import is_numbered
from clausescan.extract.ooxml import Styles, child, is_on, name_of, value_of

_BLANKS = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_SKIPPED = frozenset(
    {
        "pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr", "instrText", "delInstrText",
        "rt", "rubyPr", "proofErr", "bookmarkStart", "bookmarkEnd", "commentRangeStart",
        "commentRangeEnd", "commentReference", "customXmlPr", "smartTagPr", "tblGrid", "ctrlPr",
        "annotationRef", "footnoteRef", "endnoteRef", "footnoteReference", "endnoteReference",
        "pgNum", "separator", "continuationSeparator", "lastRenderedPageBreak", "softHyphen",
    }
)  # fmt: skip
_INSERTED = {"ins": "inserted", "moveTo": "moved", "conflictIns": "inserted"}
_REMOVED = {"del": "deleted", "moveFrom": "", "conflictDel": "deleted"}
_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CHECKED, _UNCHECKED = "☒", "☐"
_SYMBOLS = {
    0xF0A8: _UNCHECKED, 0xF06F: _UNCHECKED, 0xF071: _UNCHECKED, 0xF0FD: _CHECKED, 0xF0FE: "☑",
    0xF052: "☑", 0xF054: _CHECKED, 0xF0FC: "✓", 0xF050: "✓", 0xF0B7: "•", 0xF0A7: "▪",
    0xF0D7: "×", 0xF0B0: "°", 0xF0B1: "±", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0D2: "®", 0xF0D3: "©",
    0xF0D4: "™",
}  # fmt: skip


@dataclass(slots=True)
class Piece:
    """Part of a paragraph that becomes one block.

    Attributes:
        text: Final text on one line, blanks single.
        revisions: Tracked changes; offsets into `text`.
    """

    text: str
    revisions: list[Revision] = field(default_factory=list)


@dataclass(slots=True)
class Runs:
    """Collects what the runs of one final paragraph say; several where marks were deleted.

    Attributes:
        styles: The file's styles.
        text: Final text so far, with its line breaks.
        revisions: Tracked changes so far; offsets into `text`.
        hidden: Text that Word hides, in order.
        boxes: Elements ``w:txbxContent`` met on the way.
        foreign: Names of things met that hold text this reader cannot read.
        bold: Whether all of it is bold; None before the first letter.
    """

    styles: Styles
    text: str = ""
    revisions: list[Revision] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    bold: bool | None = None

    def take(self, paragraph: Any, *, deleted: bool = False) -> None:
        """Append a ``w:p``.

        Args:
            paragraph: The element.
            deleted: Whether the row that holds it is deleted.
        """
        style = self.styles.paragraph_style(child(paragraph, "pPr"))
        change = Revision("deleted", "", "", "", 0) if deleted else None
        self._walk(paragraph, style, change)

    def _walk(self, parent: Any, style: str, change: Revision | None) -> None:
        for item in parent:
            name = name_of(item)
            if name in _SKIPPED or not name:
                continue
            if name == "r":
                self._run(item, style, change)
            elif name in _INSERTED:
                self._walk(item, style, change or _revision(item, _INSERTED[name]))
            elif name in _REMOVED:
                self._walk(item, style, _revision(item, _REMOVED[name] or "gone"))
            elif name == "t":
                self._say(item.text or "", change, bold=False)
            elif name == "AlternateContent":
                self._walk(_choice(item), style, change)
            elif name == "sdt":
                self._walk(_content(item), style, change)
            else:
                self._walk(item, style, change)

    def _run(self, run: Any, style: str, change: Revision | None) -> None:
        properties = child(run, "rPr")
        if self.styles.switch(properties, style, "vanish"):
            self.hidden.append("".join(_plain(run)))
            return
        bold = self.styles.switch(properties, style, "b")
        blank_line = properties is not None and child(properties, "u") is not None
        for item in run:
            self._content(item, style, change, bold=bold, underlined=blank_line)

    def _content(
        self, item: Any, style: str, change: Revision | None, *, bold: bool, underlined: bool
    ) -> None:
        name = name_of(item)
        if name in ("t", "delText"):
            text = item.text or ""
            if underlined and not text.strip() and len(text) > 2:
                text = "____"
            self._say(text, change, bold=bold)
        elif name in _BREAKS:
            self._say("____" if name == "tab" and underlined else _BREAKS[name], change, bold=bold)
        elif name == "sym":
            self._say(_symbol(item), change, bold=bold)
        elif name == "fldChar":
            self._say(_check_box(item), change, bold=bold)
        elif name == "AlternateContent":
            for inner in _choice(item):
                self._content(inner, style, change, bold=bold, underlined=underlined)
        elif name == "ruby":
            base = child(item, "rubyBase")
            self._walk(base if base is not None else item, style, change)
        elif name in ("drawing", "pict", "object"):
            self._drawing(item)

    def _drawing(self, item: Any) -> None:
        boxes = [one for one in item.iter("{*}txbxContent") if not _is_fallback(one, item)]
        self.boxes.extend(boxes)
        if name_of(item) == "object":
            self.foreign.append("embedded object")

    def _say(self, text: str, change: Revision | None, *, bold: bool) -> None:
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", text))
        if not text or (change is not None and change.kind == "gone"):
            return
        if change is not None and change.kind == "deleted":
            self._note(change, text)
            return
        if self.text[-1:] in ("", " ", "\n"):
            text = text.lstrip(" ")
        if not text:
            return
        if change is not None:
            self._note(change, text)
        if text.strip():
            self.bold = bold if self.bold is None else self.bold and bold
        self.text += text

    def _note(self, change: Revision, text: str) -> None:
        """Add a tracked change, or lengthen the last one if it goes on."""
        at = len(self.text)
        last = self.revisions[-1] if self.revisions else None
        if last is not None and _same_change(last, change):
            goes_on = last.start if last.kind == "deleted" else last.start + len(last.text)
            if goes_on == at:
                self.revisions[-1] = replace(last, text=last.text + text)
                return
        self.revisions.append(replace(change, text=text, start=at))

    def pieces(self) -> list[Piece]:
        """The paragraph's blocks.

        A line break parts blocks where the script changes or a number follows; elsewhere it
        becomes a blank.
        """
        found: list[Piece] = []
        for start, end in _stretches(self.text):
            raw = self.text[start:end]
            text = raw.rstrip().replace("\n", " ")
            last = end == len(self.text)
            mine = [
                replace(one, start=min(one.start - start, len(text)))
                for one in self.revisions
                if start <= one.start < end or (last and one.start == end)
            ]
            if text:
                found.append(Piece(text, mine))
            elif found:
                at = len(found[-1].text)
                found[-1].revisions.extend(replace(one, start=at) for one in mine)
        return found


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


def _revision(item: Any, kind: str) -> Revision:
    return Revision(kind, value_of(item, "author"), value_of(item, "date"), "", 0)


def _choice(item: Any) -> Any:
    """The branch of alternate content that a present Word shows."""
    choice, fallback = child(item, "Choice"), child(item, "Fallback")
    if choice is not None and (len(choice) or fallback is None):
        return choice
    return fallback if fallback is not None else ()


def _is_fallback(item: Any, top: Any) -> bool:
    """Whether an element is the old copy of one that stands in the other branch."""
    for parent in item.iterancestors():
        if parent is top:
            return False
        name = name_of(parent)
        if name == "txbxContent":
            return True
        if name == "Fallback" and child(parent.getparent(), "Choice") is not None:
            return True
    return False


def _content(item: Any) -> Any:
    found = child(item, "sdtContent")
    return found if found is not None else ()


def _plain(run: Any) -> Iterator[str]:
    for item in run:
        if name_of(item) == "t":
            yield item.text or ""


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


def _check_box(item: Any) -> str:
    """The state of an old form's check box, which has no text of its own."""
    box = child(child(item, "ffData"), "checkBox")
    if box is None:
        return ""
    state = is_on(box, "checked")
    state = is_on(box, "default") if state is None else state
    return _CHECKED if state else _UNCHECKED
