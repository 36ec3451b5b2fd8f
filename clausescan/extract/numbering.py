"""Word's paragraph numbers: the labels that the file does not hold and Word computes.

Follows ECMA-376 part 1, section 17.9: counters belong to the abstract definition, a deeper level
restarts after a higher one unless told otherwise, upper levels not yet used count as begun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from clausescan.extract.numerals import numeral
from clausescan.extract.ooxml import Styles, child, children, number_of, value_of

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_BULLET = "•"
_LEGAL = ("none", "decimalZero")
"""Formats that the legal style leaves as they are."""


@dataclass(slots=True)
class Level:
    """One level of a list definition.

    Attributes:
        start: First number.
        format: Name of the number format, as in ``w:numFmt``.
        pattern: Text with ``%1`` to ``%9`` for the counters.
        restart: None for the usual rule, 0 for never, n for after level n (from 1) or higher.
        legal: Whether all counters are shown in Arabic digits.
        style: Paragraph style that stands for this level, or empty.
        pad: Least number of digits.
    """

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    legal: bool = False
    style: str = ""
    pad: int = 0


def _default(*items: str) -> dict[int, Level]:
    """Levels from examples of their first numbers."""
    formats = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman",
               "I": "upperRoman"}  # fmt: skip
    levels = {}
    for index, item in enumerate(items):
        sign = item.strip("().")
        levels[index] = Level(1, formats[sign], item.replace(sign, f"%{index + 1}"))
    return levels


DEFAULT_LISTS = {
    "NumberDefault": _default("1)", "a)", "i)", "(1)", "(a)", "(i)", "1.", "a.", "i."),
    "OutlineDefault": _default("I.", "A.", "1.", "a)", "(1)", "(a)", "(i)", "(a)", "(i)"),
    "LegalDefault": {
        index: Level(pattern="".join(f"%{place + 1}." for place in range(index + 1)))
        for index in range(LEVELS)
    },
}
"""Lists that every copy of Word has for numbers inside paragraphs."""


@dataclass(slots=True)
class _List:
    """A ``w:num``: which definition it uses and what it changes."""

    definition: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Gives each numbered paragraph its label; paragraphs must come in document order."""

    def __init__(self, root: Any, styles: Styles) -> None:
        """Read the definitions.

        Args:
            root: Element ``w:numbering``, or None where the file has no lists.
            styles: The file's styles.
        """
        self._styles = styles
        self._definitions: dict[str, dict[int, Level]] = {}
        self._names: dict[str, list[str]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for item in children(root, "abstractNum"):
            name = value_of(item, "abstractNumId")
            self._definitions[name] = dict(_levels(item))
            title = child(item, "name")
            if title is not None:
                self._names.setdefault(value_of(title), []).append(name)
            link = child(item, "numStyleLink")
            if link is not None:
                self._links[name] = value_of(link)
        for item in children(root, "num"):
            definition = child(item, "abstractNumId")
            if definition is not None:
                self._lists[value_of(item, "numId")] = _read_list(item, value_of(definition))

    def label(self, properties: Any) -> tuple[str, int | None]:
        """The label and level of the next paragraph.

        Args:
            properties: Its ``w:pPr``, or None.

        Returns:
            Label as shown, blanks cut; level from 0. ``("", None)`` for a paragraph without one.
        """
        found = self._place(properties)
        if found is None:
            return "", None
        name, level = found
        used = self._lists[name]
        definition = self._resolved(used.definition)
        levels = {**self._definitions.get(definition, {}), **used.levels}
        if level not in levels:
            return "", None
        counters = self._counters.setdefault(definition, [None] * LEVELS)
        first = (name, level) not in self._begun
        self._begun.add((name, level))
        _count(level, levels, counters, used.starts.get(level) if first else None)
        return _shown(level, levels, counters), level

    def item(self, name: str, level: int, start: int | None = None) -> str:
        """The number of the next item that stands inside a paragraph, as LISTNUM puts it.

        Args:
            name: The list's own name, or that of one that Word has always.
            level: From 0.
            start: Number that it shall have; None for the next.

        Returns:
            Its label as shown; empty when there is no such list.
        """
        # Copies of one list share its name; the one that is in use is meant.
        named = self._names.get(name, [name])
        definition = next((one for one in named if one in self._counters), named[0])
        levels = self._definitions.get(definition) or DEFAULT_LISTS.get(name, {})
        if level not in levels:
            return ""
        counters = self._counters.setdefault(definition, [None] * LEVELS)
        _count(level, levels, counters, start)
        return _shown(level, levels, counters)

    def _place(self, properties: Any) -> tuple[str, int] | None:
        """List and level of a paragraph: each its own before its style's."""
        style = self._styles.paragraph_style(properties)
        own_list, own_level = _reference(child(properties, "numPr"))
        style_list, style_level, owner = "", None, ""
        for name in self._styles.chain(style):
            style_list, style_level = _reference(self._styles.numbering(name))
            owner = name
            if style_list:
                break
        name = own_list or style_list
        if name in ("", "0") or name not in self._lists:
            return None
        level = own_level
        if level is None:
            level = self._level_of_style(name, style, owner)
            level = style_level if level is None else level
        return name, min(level or 0, LEVELS - 1)

    def _level_of_style(self, name: str, *styles: str) -> int | None:
        """The level that names a paragraph style as its own."""
        definition = self._resolved(self._lists[name].definition)
        levels = {**self._definitions.get(definition, {}), **self._lists[name].levels}
        for style in styles:
            for level, item in levels.items():
                if item.style and item.style == style:
                    return level
        return None

    def _resolved(self, definition: str) -> str:
        """The definition behind a list style; links are followed a few steps, then given up."""
        for _ in range(5):
            style = self._links.get(definition)
            if style is None:
                break
            name, _level = _reference(self._styles.numbering(style))
            if name not in self._lists:
                break
            definition = self._lists[name].definition
        return definition


def _count(
    level: int, levels: dict[int, Level], counters: list[int | None], start: int | None
) -> None:
    """Step a list's counters to its next item, whose number may be given."""
    current = counters[level]
    if start is not None:
        counters[level] = start
    else:
        counters[level] = levels[level].start if current is None else current + 1
    for upper in range(level):
        if counters[upper] is None and upper in levels:
            counters[upper] = levels[upper].start
    for deeper in range(level + 1, LEVELS):
        restart = levels[deeper].restart if deeper in levels else None
        if restart is None or level < restart:
            counters[deeper] = None


def _shown(level: int, levels: dict[int, Level], counters: list[int | None]) -> str:
    item = levels[level]
    if item.format == "bullet":
        return _BULLET

    def shown(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        other = levels.get(index, Level())
        number = counters[index]
        number = other.start if number is None else number
        kind = "decimal" if item.legal and other.format not in _LEGAL else other.format
        return numeral(number, kind).rjust(other.pad, "0")

    return " ".join(_PLACE.sub(shown, item.pattern).split())


def _reference(item: Any) -> tuple[str, int | None]:
    """List and level that a ``w:numPr`` names; empty and None where it does not."""
    if item is None:
        return "", None
    name, level = child(item, "numId"), child(item, "ilvl")
    return (
        value_of(name) if name is not None else "",
        number_of(level) if level is not None else None,
    )


def _levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for item in children(parent, "lvl"):
        index = number_of(item, "ilvl")
        if index is not None and 0 <= index < LEVELS:
            yield index, _level(item)


def _level(item: Any) -> Level:
    level = Level()
    start, pattern, style = child(item, "start"), child(item, "lvlText"), child(item, "pStyle")
    restart, legal = child(item, "lvlRestart"), child(item, "isLgl")
    formats = list(item.iter("{*}numFmt"))
    level.start = (number_of(start) or 0) if start is not None else 0
    level.pattern = value_of(pattern) if pattern is not None else ""
    level.style = value_of(style) if style is not None else ""
    level.restart = number_of(restart) if restart is not None else None
    level.legal = legal is not None and value_of(legal) not in ("0", "false", "off")
    if formats:
        level.format = value_of(formats[0])
    if level.format == "custom":
        level.format = "decimal"
        level.pad = len(value_of(formats[0], "format").split(",")[0].strip())
    return level


def _read_list(item: Any, definition: str) -> _List:
    found = _List(definition)
    for change in children(item, "lvlOverride"):
        index = number_of(change, "ilvl")
        if index is None:
            continue
        start = child(change, "startOverride")
        if start is not None:
            found.starts[index] = number_of(start) or 0
        found.levels.update({level: one for level, one in _levels(change) if level == index})
    return found
