"""The terms that texts are compared by: words in English, runs of characters in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import pairwise

WORD = re.compile(r"\b\w[\w'’-]*\b|[$%]")
DIGITS = re.compile(r"\d+")
DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
SPACE = re.compile(r"\s+")
NON_EXCLUSIVE = re.compile(r"\bnon[-\s]*(?=exclusiv)")
"""All spellings of the prefix, those that a line break tore apart among them."""


def folded(text: str, language: str) -> str:
    """A text in lower case with single blanks; Chinese in NFKC, simplified and without blanks.

    Decimal points become commas in English, so that a full stop ends a sentence, and every
    spelling of "non-exclusive" becomes that one.
    """
    if language == "zh":
        plain = SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()
        return plain.translate(simplified())
    plain = " ".join(text.lower().replace("’", "'").split())
    return DECIMAL.sub(",", _joined(plain))


def _joined(text: str) -> str:
    """A lower-case text with "non exclusive", "nonexclusive" … as one word with a hyphen."""
    return NON_EXCLUSIVE.sub("non-", text) if "exclusiv" in text else text


def lowered(text: str) -> str:
    """A text in lower case in which every character keeps its place.

    Patterns in lower case search it several times faster than the text itself regardless of case.
    """
    return text.replace("İ", "i").lower()


@cache
def simplified() -> dict[int, str]:
    """Traditional characters that contracts use, with their simplified forms."""
    lines = files("clausescan").joinpath("data/traditional.txt").read_text("utf8").split()
    return {ord(old): new for old, new in zip(*lines, strict=True)}


def word_terms(text: str) -> list[str]:
    """Lower-case words and pairs of neighbours of an English text; figures count as one."""
    words: list[str] = WORD.findall(DIGITS.sub("0", _joined(text.lower())))
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def char_terms(text: str) -> list[str]:
    """Runs of one to three characters of a Chinese text, folded to NFKC, without blanks."""
    plain = folded(text, "zh")
    return [plain[i : i + n] for n in (1, 2, 3) for i in range(len(plain) - n + 1)]


def analyzer(language: str) -> Callable[[str], list[str]]:
    """The function that cuts a text of a language into terms."""
    return char_terms if language == "zh" else word_terms
