"""Clause numbers as a reader sees them: what a mark looks like and what it comes after.

A mark is the number at the head of a clause: ``3.2``, ``(b)``, ``Article IV``, ``第五条``,
``（一）``. Its scheme says which kind of list it belongs to, its value which place it takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from clausescan.numerals import read_number

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．（）", "0123456789.()")
_HAN = "零〇一二三四五六七八九十百两"

# Tried in this order; the first that matches at the head of a block names the scheme.
_PATTERNS: tuple[tuple[str, str], ...] = (
    # ARTICLE IV, Section 3.2, Clause 5: the words are part of the number a person sees.
    (
        "article",
        r"(?:article|section|clause|art\.|sec\.)\s+(?P<v>[ivxlc]+|\d{1,3}(?:\.\d{1,3})*)\b[.:)]?",
    ),
    (
        "annex",
        r"(?:annex|appendix|schedule|exhibit|attachment)\s+(?P<v>[a-z]|\d{1,2}|[ivx]+)\b(?!\.\d)[.:]?",
    ),
    ("zh-part", rf"第\s*(?P<v>[{_HAN}]+|\d{{1,3}})\s*[章编部]"),
    ("zh-section", rf"第\s*(?P<v>[{_HAN}]+|\d{{1,3}})\s*节"),
    ("zh-article", rf"第\s*(?P<v>[{_HAN}]+|\d{{1,3}})\s*条"),
    ("zh-annex", rf"附[件录表]\s*(?P<v>[{_HAN}]+|\d{{1,2}}|[A-Z])?(?=[:：\s]|$)"),
    (
        "dotted",
        r"(?P<v>\d{1,3}(?:[.．]\s?\d{1,3}){1,4})(?![\d%％])[.．)]?(?=[\s\u3000]|[A-Z“\"(（\u4e00-\u9fff])",
    ),
    ("zh-comma", rf"(?P<v>[{_HAN}]{{1,4}})\s*[、．]"),
    ("zh-paren", rf"[（(]\s*(?P<v>[{_HAN}]{{1,3}})\s*[)）][、．]?"),
    ("paren-number", r"[（(]\s*(?P<v>\d{1,2})\s*[)）][.、]?"),
    ("number", r"(?P<v>\d{1,3})(?:[.)](?=\s|[A-Z“\"])|[．、.)）](?=[\s\u4e00-\u9fff“]))"),
    ("paren-roman", r"[（(]\s*(?P<v>[ivx]{1,5})\s*[)）]"),
    ("paren-lower", r"[（(]\s*(?P<v>[a-z]{1,2})\s*[)）]"),
    ("paren-upper", r"[（(]\s*(?P<v>[A-Z])\s*[)）]"),
    ("roman", r"(?P<v>[IVX]{1,5}|[ivx]{1,5})[.)](?=\s)"),
    ("lower", r"(?P<v>[a-z])[.)](?=\s)"),
    ("upper", r"(?P<v>[A-Z])[.)](?=\s)"),
    ("circled", r"(?P<v>[①-⑳])"),
    ("bullet", r"(?P<v>[•·▪■●○◦►\uf0b7\uf0a7–—-]|o)(?=\s)"),
)
_HEAD = re.compile(
    r"[\s\u3000]*(?:"
    + "|".join(
        f"(?P<s{i}>{'(?i:' if name in ('article', 'annex') else '(?:'}"
        f"{pattern.replace('?P<v>', f'?P<v{i}>')}))"
        for i, (name, pattern) in enumerate(_PATTERNS)
    )
    + ")"
)
_WHOLE = {"article", "annex", "dotted", "number", "zh-article", "zh-part", "zh-section", "zh-annex"}
"""Schemes whose mark is a full number by itself; the others hang on their parent's number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The number at the head of a clause.

    Attributes:
        scheme: Kind of list it belongs to, e.g. ``dotted`` or ``zh-article``.
        text: The number as printed, without a trailing full stop.
        value: Its place in the list, one figure for each level of a dotted number.
        end: Offset one past the mark (and the space behind it) in the text it was read from.
    """

    scheme: str
    text: str
    value: tuple[int, ...]
    end: int

    @property
    def whole(self) -> bool:
        """Whether the printed mark is the full number that a person would cite."""
        return self.scheme in _WHOLE


def read_mark(text: str, start: int = 0) -> Mark | None:
    """The clause number that `text` begins with at `start`, or None."""
    match = _HEAD.match(text, start)
    if match is None:
        return None
    index = next(i for i in range(len(_PATTERNS)) if match.group(f"s{i}") is not None)
    scheme = _PATTERNS[index][0]
    raw = (match.group(f"v{index}") or "").translate(_FULL_WIDTH)
    printed = (
        match.group(f"s{index}")
        .translate(_FULL_WIDTH)
        .strip()
        .rstrip(
            ".:、)"
            if scheme
            in ("dotted", "number", "article", "annex", "zh-comma", "roman", "lower", "upper")
            else ".:、"
        )
    )
    value = _value(scheme, raw)
    if scheme == "article" and len(value) > 1:
        scheme, printed = "dotted", raw
    end = match.end()
    while end < len(text) and text[end] in " \t\u3000\xa0":
        end += 1
    return Mark(scheme, re.sub(r"\s+", " ", printed), value, end)


def word_mark(label: str) -> Mark:
    """The mark for a number that the word processor computed."""
    mark = read_mark(label + " x")
    if mark is None or mark.end < len(label):
        return Mark("label", label.strip(), (0,), 0)
    return replace(mark, end=0)


def reading_as_letter(mark: Mark) -> Mark:
    """The same mark as a letter: ``(i)`` after ``(h)`` is the ninth letter, not roman one."""
    letter = mark.text.strip("().）（ ").lower()
    scheme = {"paren-roman": "paren-lower", "roman": "lower"}.get(mark.scheme, mark.scheme)
    if letter[:1].isupper():
        scheme = "upper"
    return Mark(scheme, mark.text, (_letters(letter),), mark.end)


def follows(mark: Mark, previous: Mark) -> bool:
    """Whether a mark is the next one of the same list (a gap of one is forgiven)."""
    if mark.scheme != previous.scheme or len(mark.value) != len(previous.value):
        return False
    return mark.value[:-1] == previous.value[:-1] and 1 <= mark.value[-1] - previous.value[-1] <= 2


def _value(scheme: str, raw: str) -> tuple[int, ...]:
    if scheme == "bullet" or not raw:
        return (0,)
    if raw[0] in "0123456789":
        return tuple(int(part) for part in re.split(r"[.．]\s?", raw))
    if raw[0] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return (ord(raw[0]) - ord("①") + 1,)
    if raw[0] in _HAN:
        return (int(read_number(raw, "zh") or 0),)
    if "roman" in scheme or (scheme in ("article", "annex") and set(raw.lower()) <= set(_ROMAN)):
        return (_roman(raw.lower()),)
    return (_letters(raw.lower()),)


def _roman(raw: str) -> int:
    total = 0
    for char, after in zip(raw, raw[1:] + " ", strict=True):
        value = _ROMAN[char]
        total += -value if value < _ROMAN.get(after, 0) else value
    return total


def _letters(raw: str) -> int:
    if len(raw) == 2 and raw[0] == raw[1]:
        return 26 + ord(raw[0]) - 96
    return ord(raw[0]) - 96 if "a" <= raw[0] <= "z" else 0
