"""What a sentence points to: clauses of the same contract ("subject to Clause 5.2") and annexes.

Sections of laws and of other contracts are no clauses of this one and are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clausescan.contract import Clause, Norm
from clausescan.numerals import read_number

Key = tuple[str, ...]

_HAN = "零〇一二三四五六七八九十百"
_ANNEX = re.compile(
    r"\b(?:Annex|Appendix|Schedule|Exhibit|Attachment)(?:es|s)?\s+(?P<en>[A-Z]|\d{1,2}|[IVX]{1,4})\b"
    rf"|(?:附件|附录|附表)\s*(?P<zh>[{_HAN}]{{1,3}}|\d{{1,3}}|[A-ZＡ-Ｚ](?![A-Za-z]))"
)
_PLACE = r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}\b)(?:\s?\(\w{1,5}\))*"
_NOUN = r"(?:clauses?|sections?|articles?|paragraphs?|art\.|sec\.)"
_CITED_EN = re.compile(
    rf"\b{_NOUN}\s+(?P<places>(?>{_PLACE}(?:\s*(?:,\s*(?:and|or)?|and/or|and|or|to|through|[-–])\s*"
    rf"(?:{_NOUN}\s+)?{_PLACE})*))"
    r"(?!\s*,?\s+(?:of|to|under|in)\s+(?:the\s+|that\s+|such\s+|its\s+|Title\s)"
    r"(?!agreement\b|contract\b|present\b|general\b))",
    re.IGNORECASE,
)
_PLACES_EN = re.compile(_PLACE, re.IGNORECASE)
_RANGE_EN = re.compile(r"^(\d{1,3})\s*(?:to|through|[-–])\s*(?:\w+\s+)?(\d{1,3})$", re.IGNORECASE)
_CITED_ZH = re.compile(
    rf"第\s*(?P<place>[{_HAN}]+|\d{{1,3}}(?:[.．]\d{{1,3}})*)\s*[条條]"
    rf"(?P<more>(?:\s*第?\s*[（(]?\s*(?:[{_HAN}]+|\d{{1,2}})\s*[)）]?\s*[款项項])*)"
)
_OF_A_LAW = re.compile(r"(?:》|法|条例|规定|办法|章程|细则|通则)[的之中]?\s*$")
_OF_THIS = re.compile(r"本(?:合同|协议|契约)[^，。；]{0,6}$")
_LEVEL_ZH = re.compile(rf"[{_HAN}]+|\d+")
_LEVEL = re.compile(rf"[{_HAN}]+|\d+|[A-Za-z]+")
_WORD = re.compile(rf"^(?:{_NOUN}\s+|第\s*)", re.IGNORECASE)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_WIDEST = 20
"""Clauses that one range ("Clauses 5 to 9") may stand for."""


def find_missing_annexes(text: str, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Annexes that are cited but not in the file, as written, in order of first mention."""
    present = _annexes(clauses)
    cited: dict[str, str] = {}
    for match in _ANNEX.finditer(text):
        cited.setdefault(_annex_key(match), " ".join(match[0].split()))
    return tuple(words for key, words in cited.items() if key not in present)


def with_references(
    norms: Sequence[Norm], clauses: Sequence[Clause], text: str, missing: Sequence[str]
) -> tuple[Norm, ...]:
    """The norms with what their sentences point to.

    Args:
        norms: Norms of the contract.
        clauses: Its clauses.
        text: The document's text, of which locations are offsets.
        missing: What `find_missing_annexes` found.
    """
    index = _Index(clauses, text, missing)
    return tuple(
        replace(norm, refers=found)
        if (found := index.of(norm.location.start, norm.location.end, norm.language, norm.clause))
        else norm
        for norm in norms
    )


class _Index:
    """The clauses and annexes of one contract by the numbers that a text cites them with."""

    def __init__(self, clauses: Sequence[Clause], text: str, missing: Sequence[str]) -> None:
        self._text = text
        self._annexes = _annexes(clauses)
        self._missing = {
            key: words
            for words in missing
            if (match := _ANNEX.match(words)) and (key := _annex_key(match))
        }
        self._last: tuple[tuple[int, str], tuple[str, ...]] = ((-1, ""), ())
        self._places: dict[str, dict[Key, str]] = {"en": {}, "zh": {}}
        for clause in clauses:
            part = clause.number.rstrip().endswith(("章", "节", "编", "部"))
            if clause.number and clause.kind in ("clause", "heading") and not part:
                self._places[clause.language].setdefault(_key(clause.number), clause.id)

    def of(self, start: int, end: int, language: str, own: str) -> tuple[str, ...]:
        """Ids of what the text from `start` to `end` cites, and annexes that are missing.

        Args:
            start: Where a sentence begins.
            end: One past it.
            language: Its language.
            own: Id of its own clause, which it need not cite.
        """
        if self._last[0] == (start, own):
            return self._last[1]
        found: dict[str, None] = {}
        cited = _cited_zh if language == "zh" else _cited_en
        for key in cited(self._text, start, end):
            if (clause := self._clause(key, self._places[language])) and clause != own:
                found.setdefault(clause)
        for match in _ANNEX.finditer(self._text, start, end):
            key_of_annex = _annex_key(match)
            name = self._annexes.get(key_of_annex) or self._missing.get(key_of_annex)
            if name and name != own:
                found.setdefault(name)
        self._last = (start, own), tuple(found)
        return self._last[1]

    def _clause(self, key: Key, places: Mapping[Key, str]) -> str:
        """The clause at a place, or the smallest one round it: 5.2(b) may be a line of 5.2."""
        while key and key not in places and not key[-1].startswith("."):
            key = key[:-1]
        return places.get(key, "")


def _cited_en(text: str, start: int, end: int) -> Iterator[Key]:
    for match in _CITED_EN.finditer(text, start, end):
        span = _RANGE_EN.match(match["places"])
        if span and 0 < int(span[2]) - int(span[1]) < _WIDEST:
            for number in range(int(span[1]), int(span[2]) + 1):
                yield _key(str(number))
            continue
        for place in _PLACES_EN.finditer(match["places"]):
            yield _key(place[0])


def _cited_zh(text: str, start: int, end: int) -> Iterator[Key]:
    for match in _CITED_ZH.finditer(text, start, end):
        before = text[max(start, match.start() - 16) : match.start()]
        if _OF_A_LAW.search(before) and not _OF_THIS.search(before):
            continue
        inner = tuple(f"({_figure(level)})" for level in _LEVEL_ZH.findall(match["more"]))
        yield (*_key(match["place"]), *inner)


def _key(number: str) -> Key:
    """A number's levels: 3.2(b) is 3, .2, (b); Article IV is 4; 第五条（一） is 5, (1)."""
    plain = unicodedata.normalize("NFKC", _WORD.sub("", number.strip()))
    levels: list[str] = []
    for match in _LEVEL.finditer(plain):
        before = plain[match.start() - 1] if match.start() else ""
        figure = _figure(match[0]) if not before or match[0][0] not in "ivxlIVXL" else match[0]
        dotted = before == "." and figure.isdecimal()
        levels.append(f".{figure}" if dotted else f"({figure})" if levels else figure)
    return tuple(levels)


def _figure(level: str) -> str:
    """A level in figures, whether printed in figures, in Chinese or in Roman numerals."""
    plain = unicodedata.normalize("NFKC", level)
    if plain and plain[0] in _HAN:
        value = read_number(plain, "zh")
        return str(int(value)) if value is not None else plain
    if plain and set(plain) <= set(_ROMAN):
        values = [_ROMAN[letter] for letter in plain]
        after = [*values[1:], 0]
        return str(sum(-a if a < b else a for a, b in zip(values, after, strict=True)))
    return str(int(plain)) if plain.isdecimal() else plain


def _annexes(clauses: Sequence[Clause]) -> dict[str, str]:
    """The annexes in the file: the clause that each begins with."""
    found: dict[str, str] = {}
    for clause in clauses:
        match = _ANNEX.match(clause.number or clause.text.lstrip())
        if match is not None:
            found.setdefault(_annex_key(match), clause.id)
    return found


def _annex_key(match: re.Match[str]) -> str:
    """An annex by its letter or figure in its language: "en A", "zh 3"."""
    if match["zh"]:
        return f"zh {_figure(match['zh'])}"
    return f"en {match['en']}"
