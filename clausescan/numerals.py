"""Numbers as contracts write them: digits, English words, Chinese numerals; plain text in and out.

Everything is returned in one unit (days, years, per cent) as a short decimal string, so that a
rule can compare "three months", "90 days" and "九十日".
"""

from __future__ import annotations

import re

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS: dict[str, float] = {word: value for value, word in enumerate(_UNITS)}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_WORDS |= {"a": 1, "an": 1, "half": 0.5, "first": 1, "second": 2, "third": 3}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_HAN_DIGITS = dict(
    zip(
        "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖",
        [0, *range(10), 2, *range(1, 10)],
        strict=True,
    )
)
_HAN_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_HAN_GROUPS = {"万": 10_000, "亿": 100_000_000}

_DAYS = {
    "en": {"day": 1.0, "week": 7.0, "month": 30.0, "quarter": 90.0, "year": 365.0},
    "zh": {"日": 1.0, "天": 1.0, "周": 7.0, "星期": 7.0, "月": 30.0, "季": 90.0, "年": 365.0},
}

_NUMBER_WORD = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
NUMBER = {
    "en": rf"(?P<n>\d[\d,.]*|(?:{_NUMBER_WORD})(?:(?:\s+and\s+|[\s-]+)(?:{_NUMBER_WORD}))*)"
    r"(?:\s*\(\s*\d[\d,.]*\s*%?\s*\))?",
    "zh": r"(?P<n>\d[\d,.]*|[零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿]+)",
}
"""Pattern of a number by language; the value stands in the group ``n``."""

PERIOD = {
    "en": r"[\s-]*(?:(?:calendar|business|working|banking|full|consecutive|contract)[\s-]+)?"
    r"(?P<unit>day|week|month|quarter|year)s?\b['’]?",
    "zh": r"\s*(?:个)?(?:工作|自然|公历|日历|完整)?(?P<unit>日|天|周|星期|月|季|年)",
}
"""Pattern of a unit of time that follows a number; the unit stands in the group ``unit``."""


def read_number(text: str, language: str) -> float | None:
    """The value of a number in digits, English words or Chinese numerals; None if it is none."""
    digits = text.replace(",", "").rstrip(".")
    if re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return float(digits)
    return _han(text) if language == "zh" else _words(text)


def in_days(number: float, unit: str, language: str) -> float:
    """A period in days; months count 30 and years 365 days."""
    return number * _DAYS[language][unit.lower()]


def in_years(number: float, unit: str, language: str) -> float:
    """A period in years; months count a twelfth."""
    if unit.lower() in ("month", "月"):
        return number / 12
    return in_days(number, unit, language) / 365


def short(number: float) -> str:
    """A number with at most two decimals and no trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _words(text: str) -> float | None:
    total = current = 0.0
    seen = False
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _WORDS:
            current += _WORDS[word]
        elif word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0.0
        elif word != "and":
            return None
        seen = True
    return total + current if seen else None


def _han(text: str) -> float | None:
    total = section = digit = 0.0
    for sign in text:
        if sign in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[sign]
        elif sign in _HAN_SCALES:
            section += (digit or 1) * _HAN_SCALES[sign]
            digit = 0.0
        elif sign in _HAN_GROUPS:
            section += digit
            if sign == "亿":
                total, section = (total + section) * _HAN_GROUPS[sign], 0.0
            else:
                total, section = total + section * _HAN_GROUPS[sign], 0.0
            digit = 0.0
        else:
            return None
    return total + section + digit if text else None
