"""Where a sentence ends, in English and in Chinese contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    """
    no nos art arts sec para paras cl ch vol ed eds fig ex exh app approx est incl excl resp inc ltd
    co corp llc plc bros gmbh sa ag bv pty jr sr mr mrs ms dr prof st ave blvd rd bldg fl u.s u.k
    p.r.c e.g i.e etc viz cf al vs v a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec mfg
    intl dept tel attn ref encl
    """.split()  # noqa: SIM905, a list of sixty quoted words is harder to read
)
_END_EN = re.compile(r"[.!?]+[\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9\u4e00-\u9fff$€£_])|\n\s*\n")
_END_ZH = re.compile(
    r"(?:[。！？；!?;]|(?<=[\u4e00-\u9fff）])(?<![一二三四五六七八九十])．)+[”’」』）)]*|\n\s*\n"
)
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")


def split_sentences(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in ``text[start:end]``, without surrounding blanks.

    Args:
        text: The whole text.
        start: First character to look at.
        end: One past the last.
        language: ``zh`` ends sentences at 。！？；, everything else at full stops that end no
            abbreviation, initial or number.
    """
    head = start
    ends = _END_ZH if language == "zh" else _END_EN
    for match in ends.finditer(text, start, end):
        if language != "zh" and match[0][0] == "." and _is_abbreviation(text, head, match.start()):
            continue
        yield from _trimmed(text, head, match.end())
        head = match.end()
    yield from _trimmed(text, head, end)


def _is_abbreviation(text: str, head: int, stop: int) -> bool:
    word = _LAST_WORD.search(text, max(head, stop - 12), stop)
    if word is None:
        return False
    return len(word[0]) == 1 or word[0].lower() in _ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    length = len(piece.strip())
    if length:
        yield start + lead, start + lead + length
