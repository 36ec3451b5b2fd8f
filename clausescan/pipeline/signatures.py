"""Names on the signature page: who signs, or for whom somebody does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausescan.pipeline.latin_names import UPPER, latin_names

_TESTIMONY = re.compile(r"(?i)\bin\s+witness\s+(?:whereof|hereof)\b|\btestimonium\b")
_ALL_SIGN = re.compile(
    r"(?i)\bthe\s+undersigned\s+(?:hereby\s+)?(?:acknowledge|agree)\b|\bbelow-named\s+parties\b"
    r"|\bparties\s+signatory\b|\bparties\s+(?:\w+\s+)?on\s+the\s+signature\s+pages?\b"
)
_BEHALF = re.compile(
    r"(?i:\bfor\s+and\s+\W?on\s+behalf\s+of):?\s+(?P<name>[^\W_a-z][^\n]{2,90}?)"
    r"(?=\s*(?:$|\n|By:|\s{3}|[-_]{3}|:))"
)
_SIGNS = re.compile(
    r"(?:\s[IVX]+\b)?[\s,]*(?:(?:an?|its)\s[^\n:]{3,70}?)?\s*(?:By\s*:|BY\s*:|/[sS]/|_{3}|Per\s*:|Name\s*:|Signature)"
)
_SIGNED_FOR = re.compile(r"(?i)\b(?:by|its|per|of|name|title)\s*:?\s*$")
_PERSON = re.compile(
    rf"(?<!By: )(?<!By:)/[sS]/\s*(?P<name>{UPPER}[\w.’'-]*(?:\s{UPPER}[\w.’'-]*){{1,3}}?)\s+"
    r"(?P<again>(?i:(?P=name)))(?!\s*,?\s*(?:Title|its\b|[A-Z][\w ]{0,30}"
    r"(?:Officer|President|Director|Manager|Member|Partner|Signatory|Secretary|Treasurer|Counsel)))"
)
_INITIAL_LESS = frozenset(("of", "and", "the", "for", "de"))
_TITLE = re.compile(
    r"\b(?:Officer|President|Director|Manager|Signatory|Secretary|Treasurer|Counsel|Chairman|CEO|CFO)\s+"
)
_REACH = 12000
_OPENING = 9000


def all_sign(text: str) -> bool:
    """Whether a text's opening says that its parties are those who sign it."""
    return bool(_ALL_SIGN.search(text, 0, _OPENING))


def signers(text: str) -> list[tuple[int, int]]:
    """Offsets of the names of those who sign, each name once."""
    begin = _TESTIMONY.search(text, min(_OPENING, len(text) // 3))
    start = begin.end() if begin else max(0, len(text) - _REACH)
    end = min(len(text), start + _REACH)
    names = sorted({*_on_behalf(text, start, end), *_before_signatures(text, start, end)})
    kept: dict[str, tuple[int, int]] = {}
    for left, right in names:
        kept.setdefault(" ".join(text[left:right].casefold().split()), (left, right))
    return list(kept.values())


def signing_persons(text: str) -> list[tuple[int, int]]:
    """Offsets of the names of natural persons who sign for themselves."""
    start = max(0, len(text) - _REACH)
    return [match.span("name") for match in _PERSON.finditer(text, start)]


def stands_for(name: str, term: str) -> bool:
    """Whether a defined term begins a name or is made of its initials."""
    words = [word for word in re.findall(r"\w+", name.casefold()) if word not in _INITIAL_LESS]
    own = re.findall(r"\w+", term.casefold())
    initials = "".join(word[0] for word in words)
    return words[: len(own)] == own or (
        len(own) == 1 and len(own[0]) > 2 and initials[: len(own[0])] == own[0]
    )


def _on_behalf(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _BEHALF.finditer(text, start, end):
        yield match.start("name"), match.end("name")


def _before_signatures(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for left, right in latin_names(text, start, end):
        left += _end_of_title(text[left:right])
        if _SIGNS.match(text, right) and not _SIGNED_FOR.search(text[max(0, left - 12) : left]):
            yield left, right


def _end_of_title(name: str) -> int:
    """Where a name begins behind the title of the person who signed before."""
    titles = list(_TITLE.finditer(name))
    return titles[-1].end() if titles else 0
