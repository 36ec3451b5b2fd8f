"""The look of a clause number at the start of a line; only good enough to part lines."""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"(?:article|section|clause|schedule|exhibit|annex|appendix)\s{1,2}(?:\d|[IVX]{1,6}\b|[A-Z]\b)"
    r"|(?:附件|附录)\s{0,2}[\dA-Z一二三四五六七八九十]"
    r"|第\s{0,2}[\d一二三四五六七八九十百零〇]{1,5}\s{0,2}[条章节款编部]"
    r"|(?:\d{1,3}|[A-Z](?=[.．]\d))(?:[.．]\d{1,3}){0,4}[.．、]?(?=[\s\u3400-\u9fff]|$)"
    r"|\d{1,3}(?:[.．]\d{1,3}){1,4}\.?(?=[A-Z“\"])"
    r"|[（(](?:\d{1,2}|[a-z]{1,2}|[ivx]{1,5}|[一二三四五六七八九十]{1,3})[)）]"
    r"|(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)](?=\s|[A-Z])"
    r"|\d{1,2}[)）](?=[\u3400-\u9fff])"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[•●▪◦■\uf0b7]",
    re.IGNORECASE,
)

_WORD = re.compile(r"[^\W\d_]{2}")


def is_numbered(text: str) -> bool:
    """Whether a line begins like a numbered clause, a list item or an annex."""
    return _NUMBERED.match(text) is not None


def numbered_start(text: str) -> int:
    """Length of the clause number at the start of a line; 0 where there is none."""
    match = _NUMBERED.match(text)
    return match.end() if match else 0


def is_numbered_heading(text: str) -> bool:
    """Whether a line is a number and a few words; a number alone waits for its words."""
    match = _NUMBERED.match(text)
    if match is None or text.count(" ") > 6 or text.endswith(","):
        return False
    return _WORD.search(text, match.end()) is not None
