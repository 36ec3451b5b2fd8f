"""Which list a clause stands in: full numbers, levels and headings from above."""

from __future__ import annotations

import re

from clausescan.pipeline.marks import Mark, follows, reading_as_letter
from clausescan.pipeline.units import Unit

_CONTENTS = re.compile(r"(?i)^\W*(?:table of contents|contents|index)\W*$|^\s*目\s*[录錄]\s*$")
_LEADER = re.compile(r"(?:\.\s?|…|·){4,}\s*\d{1,3}\s*$")


class Contents:
    """The table of contents, which repeats headings and is no part of the contract's text."""

    def __init__(self) -> None:
        self._first: Mark | None = None
        self._open = False

    def holds(self, unit: Unit, body: str) -> bool:
        """Whether a unit is a line of the table of contents."""
        if body[-1:].isdecimal() and _LEADER.search(body):
            return True
        if _CONTENTS.match(body):
            self._open, self._first = True, None
            return True
        if not self._open:
            return False
        again = (
            self._first is not None
            and unit.mark is not None
            and ((unit.mark.scheme, unit.mark.value) == (self._first.scheme, self._first.value))
        )
        if again or len(body) > 90:
            self._open = False
            return False
        self._first = self._first or unit.mark
        return True


class Outline:
    """The list the reader is in: a stack of marks with their numbers and headings."""

    def __init__(self) -> None:
        self._stack: list[tuple[Mark, str, int]] = []
        self._headings: dict[int, str] = {}

    def place(self, mark: Mark | None, index: int) -> tuple[str, int, int]:
        """Number, level and parent index for the next clause."""
        if mark is None:
            parent = self._stack[-1] if self._stack else None
            return (parent[1], len(self._stack), parent[2]) if parent else ("", 0, -1)
        mark = self._settled(mark)
        while self._stack and not self._holds(self._stack[-1][0], mark):
            self._stack.pop()
        level = len(self._stack)
        for deeper in [key for key in self._headings if key >= level]:
            del self._headings[deeper]
        parent = self._stack[-1] if self._stack else None
        number = self._number(mark, parent)
        self._stack.append((mark, number, index))
        return number, level, parent[2] if parent else -1

    def head(self, level: int, heading: str) -> None:
        """Remember a heading for the clauses below it."""
        self._headings[level] = heading

    def heading(self) -> str:
        """The nearest heading above."""
        return self._headings[max(self._headings)] if self._headings else ""

    def _settled(self, mark: Mark) -> Mark:
        """Decide between ``(i)`` the letter and ``(i)`` the roman figure."""
        if mark.scheme not in ("paren-roman", "roman"):
            return mark
        for earlier, _, _ in reversed(self._stack):
            if follows(mark, earlier):
                return mark
            letter = reading_as_letter(mark)
            if follows(letter, earlier):
                return letter
        return mark if mark.value == (1,) else reading_as_letter(mark)

    def _holds(self, above: Mark, mark: Mark) -> bool:
        """Whether `mark` is a sub-clause of `above`."""
        if mark.scheme == above.scheme == "dotted":
            return mark.value[: len(above.value)] == above.value and len(mark.value) > len(
                above.value
            )
        if above.scheme == mark.scheme:
            return False
        in_stack = any(earlier.scheme == mark.scheme for earlier, _, _ in self._stack)
        if mark.scheme == "dotted":
            return not in_stack and _RANK.get(above.scheme, 5) < 3
        if in_stack and mark.scheme not in _OUTER:
            return False
        return _RANK.get(above.scheme, 5) < _RANK.get(mark.scheme, 5) or (
            mark.scheme not in _OUTER and not in_stack and mark.value[-1] <= 1
        )

    def _number(self, mark: Mark, parent: tuple[Mark, str, int] | None) -> str:
        if mark.scheme == "bullet":
            return parent[1] if parent else ""
        if mark.whole or parent is None or parent[0].scheme in ("zh-part", "zh-section", "annex"):
            return mark.text
        if mark.scheme == "zh-comma" and parent[0].scheme in ("zh-article", "zh-part"):
            return parent[1] + mark.text
        return parent[1] + (mark.text if mark.text[0] in "(（①②③④⑤⑥⑦⑧⑨⑩" else f"({mark.text})")


_RANK = {
    "zh-part": 0, "annex": 0, "zh-annex": 0, "article": 1, "zh-section": 1, "zh-article": 2,
    "label": 2, "zh-comma": 2.5, "number": 2.6, "dotted": 3, "zh-paren": 3.5, "upper": 2.5,
    "paren-upper": 4, "paren-number": 4, "paren-lower": 4, "lower": 4, "paren-roman": 5,
    "roman": 2.4, "circled": 5, "bullet": 9,
}  # fmt: skip
_OUTER = {"zh-part", "annex", "zh-annex", "article", "zh-section", "zh-article"}
