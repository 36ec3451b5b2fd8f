"""The two texts of a Word file with tracked changes: as if all were accepted, or all rejected."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from clausescan.document import Revision
from clausescan.extract.ooxml import child, name_of, value_of

_ADDED = {
    "ins": "inserted", "conflictIns": "inserted", "cellIns": "inserted", "moveTo": "moved",
}  # fmt: skip
_REMOVED = {
    "del": "deleted", "conflictDel": "deleted", "cellDel": "deleted", "moveFrom": "moved",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What the tracked changes round a stretch of text make of it.

    Attributes:
        shown: Whether the stretch belongs to the text that is read.
        revision: What is kept of the change, its text and place still empty; None for text that
            no change touches, that stands elsewhere too, or that neither version has.
    """

    shown: bool = True
    revision: Revision | None = None


UNCHANGED = Change()


@dataclass(frozen=True, slots=True)
class Version:
    """Which of the two texts is read.

    Attributes:
        original: Whether the text before the changes is read, not the one after them.
    """

    original: bool = False

    def enter(self, change: Change, item: Any) -> Change:
        """The change that governs what stands inside an element.

        Args:
            change: The one that governs the element itself.
            item: ``w:ins``, ``w:moveFrom`` and the like; any other element, or None, changes
                nothing.
        """
        name = "" if item is None else name_of(item)
        added, removed = _ADDED.get(name, ""), _REMOVED.get(name, "")
        if not added and not removed:
            return change
        shown, gone = (removed, added) if self.original else (added, removed)
        if not change.shown:
            return change if gone else Change(False)
        if shown:
            return Change(True, _revision(item, shown))
        return Change(False, None if gone == "moved" else _revision(item, gone))

    def shows(self, item: Any) -> bool:
        """Whether an element belongs to this text, by the changes round it."""
        kinds = _ADDED if self.original else _REMOVED
        return not any(name_of(one) in kinds for one in item.iterancestors())

    def joins_next(self, paragraph: Any) -> bool:
        """Whether this text lacks the paragraph's end, so that the next one goes on in it."""
        mark = child(child(paragraph, "pPr"), "rPr")
        kinds = _ADDED if self.original else _REMOVED
        return any(child(mark, name) is not None for name in kinds)

    def paragraph_properties(self, paragraph: Any) -> Any:
        """The ``w:pPr`` that holds in this text, or None."""
        properties = child(paragraph, "pPr")
        if not self.original or properties is None:
            return properties
        former = child(properties, "pPrChange")
        if former is not None:
            return child(former, "pPr")
        number = child(properties, "numPr")
        if child(number, "ins") is None:
            return properties
        properties = deepcopy(properties)
        properties.remove(child(properties, "numPr"))
        return properties

    def run_properties(self, run: Any) -> Any:
        """The ``w:rPr`` that holds in this text, or None."""
        properties = child(run, "rPr")
        former = child(properties, "rPrChange") if self.original else None
        return properties if former is None else child(former, "rPr")


def _revision(item: Any, kind: str) -> Revision:
    return Revision(kind, value_of(item, "author"), value_of(item, "date"), "", 0)
