"""Page numbers and running footers left in a plain text that was once paged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from clausescan.document import Block

_PAGE = re.compile(r"(?i)[-–—\s]*(?:page\s+)?(?:\d{1,4}|[A-Z]-\d{1,3})(?:\s+of\s+\d{1,4})?[-–—\s]*")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{4}|[\u4e00-\u9fff]{2}")
_LEAST = 3
_LONGEST = 140


def mark_margins(blocks: Sequence[Block], text: str) -> tuple[Block, ...]:
    """The blocks, with lone page numbers and the lines that keep beside them set apart.

    Three page numbers make a paged text; a line that stands beside at least three of them, the
    same but for its digits, is its running footer.
    """
    lines = [text[block.start : block.end] for block in blocks]
    pages = {index for index, line in enumerate(lines) if _PAGE.fullmatch(line)}
    if len(pages) < _LEAST:
        return tuple(blocks)
    beside = Counter(
        _key(lines[near])
        for index in pages
        for near in (index - 1, index + 1)
        if 0 <= near < len(lines) and near not in pages and len(lines[near]) <= _LONGEST
        if _WORD.search(lines[near])
    )
    footers = {key for key, count in beside.items() if count >= _LEAST}
    return tuple(
        replace(block, kind="page_number")
        if index in pages
        else replace(block, kind="footer")
        if _key(lines[index]) in footers
        else block
        for index, block in enumerate(blocks)
    )


def _key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))
