"""Word's fields: which text is their code, what those without a stored result show.

A field is ``begin code separate result end``, across runs and paragraphs, one inside another. The
result is what a reader sees; the text of fields inside the code is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from clausescan.extract.ooxml import child, children, is_on, name_of, number_of, value_of

CHECKED, UNCHECKED = "☒", "☐"
_VISIBLE = frozenset(
    {"REF", "PAGEREF", "NOTEREF", "SEQ", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "INCLUDETEXT"}
)
"""Fields that always show words or numbers; others may well show nothing."""

_DEEPEST = 20
"""Fields round one text that are looked at; Word nests as many, hostile files nest thousands."""

_BUTTON = re.compile(r"(?:MACROBUTTON|GOTOBUTTON)\s+\S+\s(.*)", re.DOTALL)
_EQUATION = re.compile(r"\\\w+|[(),;]")
_NUMBERS = ("\\n", "\\r", "\\w")
"""Switches that ask a cross-reference for a paragraph's number."""


@dataclass(slots=True)
class _Field:
    """A field that has begun and not ended yet."""

    begin: Any
    code: str = ""
    in_code: bool = True
    hidden: list[Any] = field(default_factory=list)
    result: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a cross-reference may show: a bookmark's words and its paragraph's number."""

    text: str
    number: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross-reference to the number of a paragraph, with what Word last put there.

    Attributes:
        name: The bookmark that it points to.
        shown: The number as it stands in the text.
        end: The element that ends the field.
    """

    name: str
    shown: str
    end: Any


@dataclass(frozen=True, slots=True)
class Item:
    """A number inside a paragraph that goes on with a list.

    Attributes:
        name: The list's.
        level: From 0.
        start: Number that it shall have, None for the next.
    """

    name: str
    level: int = 0
    start: int | None = None


class Fields:
    """The fields of a file."""

    def __init__(
        self, stories: Iterable[Any], targets: Mapping[str, Target], *, deleted: bool = False
    ) -> None:
        """Find them.

        Args:
            stories: Root elements; no field goes from one into another.
            targets: Bookmarks by name, for cross-references without a stored result.
            deleted: Whether deleted fields count.
        """
        self.stories = list(stories)
        self._targets = targets
        self._codes = ("instrText", "delInstrText") if deleted else ("instrText",)
        self._code: set[Any] = set()
        self._shown: dict[Any, str] = {}
        self.references: list[Reference] = []
        self.items: dict[Any, Item] = {}
        """Fields that are items of a list, by their ends."""
        self.paragraphs: set[Any] = set()
        """Paragraphs that hold such fields."""
        self.wanted: set[str] = set()
        """Names of bookmarks that such cross-references point to."""
        self.empty: list[str] = []
        """Names of fields that should show something and hold nothing."""
        for story in self.stories:
            self._read(story)

    def is_code(self, text: Any) -> bool:
        """Whether a text element stands in a field's code and so is not shown."""
        return text in self._code

    def shown(self, item: Any) -> str:
        """What a field shows that its result does not say; asked at its end or simple element."""
        return self._shown.get(item, "")

    def _read(self, story: Any) -> None:
        fields: list[_Field] = []
        names = ("fldChar", "t", "delText", "fldSimple", *self._codes)
        for item in story.iter(*(f"{{*}}{name}" for name in names)):
            name = name_of(item)
            if name == "fldChar":
                self._mark(item, fields)
            elif name == "fldSimple":
                if not any((one.text or "").strip() for one in item.iter("{*}t")):
                    self._show(item, value_of(item, "instr"), None)
            elif not fields:
                continue
            elif name in self._codes:
                if fields[-1].in_code:
                    fields[-1].code += item.text or ""
            else:
                _hold(item, fields)

    def _mark(self, item: Any, fields: list[_Field]) -> None:
        kind = value_of(item, "fldCharType")
        if kind == "begin":
            fields.append(_Field(item))
        elif kind == "separate" and fields:
            fields[-1].in_code = False
        elif kind == "end" and fields:
            done = fields.pop()
            self._code.update(done.hidden)
            if any(one.in_code for one in fields[-_DEEPEST:]):
                return
            words, shown = done.code.split(), done.result.strip()
            if not shown:
                self._show(item, done.code, done.begin)
            elif _asks_for_number(words):
                self.references.append(Reference(words[1], shown, item))

    def _show(self, item: Any, code: str, begin: Any) -> None:
        words = code.split()
        name = words[0].upper() if words else ""
        if name == "REF" and len(words) > 1:
            self.wanted.add(words[1])
        text = self._computed(name, words, code, begin)
        if name == "LISTNUM":
            self.items[item] = _item(words[1:])
            self.paragraphs.update(item.iterancestors("{*}p"))
        elif text:
            self._shown[item] = text
        elif name in _VISIBLE:
            self.empty.append(name)

    def _computed(self, name: str, words: list[str], code: str, begin: Any) -> str:
        if name == "REF" and len(words) > 1 and words[1] in self._targets:
            target = self._targets[words[1]]
            return target.number.rstrip(".") if _asks_for_number(words) else target.text
        if name in ("MACROBUTTON", "GOTOBUTTON"):
            button = _BUTTON.match(code.strip())
            return button[1].strip() if button else ""
        if name == "EQ":
            return " ".join(_EQUATION.sub(" ", code.strip()[2:]).split())
        return _form_value(child(begin, "ffData"))


def _item(words: list[str]) -> Item:
    r"""The item that the words after LISTNUM ask for: ``NumberDefault \l 2 \s 1``."""
    options = dict(pairwise(words))
    name = words[0].strip('"') if words and not words[0].startswith("\\") else "NumberDefault"
    level, start = options.get("\\l", "1"), options.get("\\s", "")
    at = int(level) - 1 if level.isdecimal() else 0
    return Item(name, min(max(at, 0), 8), int(start) if start.isdecimal() else None)


def _asks_for_number(words: list[str]) -> bool:
    r"""Whether a cross-reference shows a paragraph's number, with all its signs (no ``\t``)."""
    switches = set(words[2:])
    return words[:1] == ["REF"] and not switches.isdisjoint(_NUMBERS) and "\\t" not in switches


def _hold(item: Any, fields: list[_Field]) -> None:
    """Put a text to the innermost code round it, or count it as a result of all fields."""
    fields = fields[-_DEEPEST:]
    owner = next((one for one in reversed(fields) if one.in_code), None)
    if owner is not None:
        owner.hidden.append(item)
    else:
        for one in fields:
            one.result += item.text or ""


def _form_value(form: Any) -> str:
    """What an old form's check box or list shows; neither has a result."""
    box, choice = child(form, "checkBox"), child(form, "ddList")
    if box is not None:
        state = is_on(box, "checked")
        state = is_on(box, "default") if state is None else state
        return CHECKED if state else UNCHECKED
    if choice is None:
        return ""
    entries = [value_of(one) for one in children(choice, "listEntry")]
    chosen = child(choice, "result")
    chosen = chosen if chosen is not None else child(choice, "default")
    index = (number_of(chosen) or 0) if chosen is not None else 0
    return entries[index] if 0 <= index < len(entries) else ""


def find_targets(
    stories: Iterable[Any], names: Iterable[str], numbers: Mapping[Any, str]
) -> dict[str, Target]:
    """Bookmarks by name.

    Args:
        stories: Root elements.
        names: Those that are wanted.
        numbers: Number of each paragraph that has one.
    """
    wanted, found = set(names), dict[str, Target]()
    for start in (start for story in stories for start in story.iter("{*}bookmarkStart")):
        name = value_of(start, "name")
        if name not in wanted or name in found:
            continue
        paragraph = next(start.iterancestors("{*}p"), None)
        if paragraph is None:
            paragraph = next(start.itersiblings("{*}p"), None)
        found[name] = Target(_bookmarked(start, paragraph), numbers.get(paragraph, ""))
    return found


def _bookmarked(start: Any, paragraph: Any) -> str:
    """Text between a bookmark's ends, as far as its paragraph goes."""
    identifier, words = value_of(start, "id"), list[str]()
    inside = paragraph is not None and start not in paragraph.iter()
    scope = paragraph if paragraph is not None else start
    for item in scope.iter("{*}bookmarkStart", "{*}bookmarkEnd", "{*}t"):
        if item is start:
            inside = True
        elif inside and name_of(item) == "bookmarkEnd" and value_of(item, "id") == identifier:
            break
        elif inside and name_of(item) == "t":
            words.append(item.text or "")
    return " ".join("".join(words).split())
