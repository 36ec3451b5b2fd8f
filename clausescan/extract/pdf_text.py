"""Text of joined lines: blanks, hyphens at line ends, Chinese without blanks, odd characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from clausescan.extract.pdf_fields import ORDINALS
from clausescan.extract.pdf_lines import TextLine
from clausescan.extract.pdf_order import CJK
from clausescan.extract.pdf_page import PageText

_DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"
_GLUED = re.compile(r"^(\d{1,3}(?:\.\d{1,3})+\.?)(?=[A-Z“\"][A-Za-z]|[a-z]{3})")
"""A clause number whose gap to the text the file draws without a blank."""

_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


def _translation() -> dict[int, str | None]:
    """Ligatures and radicals that stand for letters, as PDF fonts like to name them."""
    table: dict[int, str | None] = {ord(sign): None for sign in _DROPPED}
    for first, last in ((0xFB00, 0xFB06), (0x2E80, 0x2FD5), (0xF900, 0xFAD9)):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code):
                table[code] = plain
    return table


_LETTERS = _translation()


class Joiner:
    """Joins lines of one document; knows its words, so that hyphens can be judged."""

    def __init__(self, pages: Sequence[PageText]) -> None:
        self._pages = pages
        self._known = ""

    def join(self, lines: Sequence[TextLine]) -> tuple[str, list[tuple[int, int]]]:
        """The text of lines that belong together and each line's offsets in it.

        Lines whose text is empty after cleaning keep an empty span.
        """
        parts: list[str] = []
        spans: list[tuple[int, int]] = []
        length, hyphen = 0, False
        for line in lines:
            piece = clean(line.text)
            if parts and piece:
                length -= len(parts[-1])
                parts[-1] = self._glued(parts[-1], piece, hyphen=hyphen)
                length += len(parts[-1])
                spans[-1] = (spans[-1][0], min(spans[-1][1], length))
            spans.append((length, length + len(piece)))
            if piece:
                parts.append(piece)
                length += len(piece)
            hyphen = line.hyphen
        return "".join(parts), spans

    def _glued(self, before: str, piece: str, *, hyphen: bool) -> str:
        """A line's text with what must stand before the next line."""
        if hyphen or (before.endswith("-") and before[-2:-1].isalpha()):
            stem = before.removesuffix("-")
            return stem if self._is_soft(stem, piece) else stem + "-"
        if piece in ORDINALS and before[-1].isdigit():
            return before
        if CJK.match(before[-1]) or CJK.match(piece):
            return before
        return before + " "

    def _is_soft(self, stem: str, piece: str) -> bool:
        """Whether a hyphen is the line's and not the word's: only the whole word is known."""
        left, right = _LAST_WORD.search(stem), _FIRST_WORD.match(piece)
        if left is None or right is None:
            return False
        return self._knows(left[0] + right[0]) and not self._knows(f"{left[0]}-{right[0]}")

    def _knows(self, word: str) -> bool:
        if not self._known:
            lines = (line.text for page in self._pages for line in page.lines)
            self._known = "\n".join(lines).lower()
        word = word.lower()
        if word not in self._known:
            return False
        return re.search(rf"\b{re.escape(word)}\b", self._known) is not None


def clean(text: str) -> str:
    """One line's text with single blanks, plain letters and no invisible characters.

    A clause number at its start is set off from its text.
    """
    if not text.isascii():
        text = text.translate(_LETTERS)
    text = " ".join(text.split())
    if text[:1].isdigit():
        text = _GLUED.sub(r"\1 ", text)
    return text
