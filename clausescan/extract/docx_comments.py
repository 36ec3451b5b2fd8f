"""Comments of a Word file: who says what about which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from clausescan.document import Comment
from clausescan.extract.docx_runs import Context, Runs
from clausescan.extract.ooxml import children, value_of


@dataclass(slots=True)
class Anchors:
    """Offsets into the document's text at which comments begin, end and are marked."""

    places: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            "commentRangeStart": {},
            "commentRangeEnd": {},
            "commentReference": {},
        }
    )

    def put(self, kind: str, identifier: str, offset: int) -> None:
        """Keep a place; other kinds of mark are passed over."""
        if kind in self.places:
            self.places[kind].setdefault(identifier, offset)

    def span(self, identifier: str, limit: int) -> tuple[int, int] | None:
        """Start and end of what a comment is about, None where nothing says.

        Args:
            identifier: The comment's.
            limit: Length of the text.
        """
        starts, ends, marks = self.places.values()
        start = starts.get(identifier, marks.get(identifier))
        if start is None:
            return None
        start = min(start, limit)
        return start, max(start, min(ends.get(identifier, start), limit))


def read_comments(
    roots: Iterable[Any], anchors: Anchors, context: Context, text: str
) -> Iterator[Comment]:
    """The comments in the file's order.

    Args:
        roots: Elements ``w:comments``.
        anchors: Where their marks were met.
        context: What runs are read with.
        text: The document's text.
    """
    for root in roots:
        for item in children(root, "comment"):
            start, end = _trimmed(anchors.span(value_of(item, "id"), len(text)), text)
            words = "\n".join(_lines(item, context))
            yield Comment(value_of(item, "author"), value_of(item, "date"), words, start, end)


def _trimmed(span: tuple[int, int] | None, text: str) -> tuple[int | None, int | None]:
    """A span without blanks at its ends."""
    if span is None:
        return None, None
    start, end = span
    words = text[start:end]
    if not words.strip():
        return start, start
    end -= len(words) - len(words.rstrip())
    return start + len(words) - len(words.lstrip()), end


def _lines(item: Any, context: Context) -> Iterator[str]:
    for paragraph in item.iter("{*}p"):
        runs = Runs(context)
        runs.take(paragraph)
        line = " ".join(runs.text.split())
        if line:
            yield line
