"""Tells text that is none: glyph codes passed off as letters by fonts that name no letters.

PDFium then gives codes for characters: control and private signs, letters of far scripts, rare Han
characters, bytes of a Chinese encoding as accented letters, Latin letters that make no words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from clausescan.extract.pdf_lines import TextLine

ODD = 0.1
"""Share of odd characters from which a page counts as unreadable; bullets alone stay below."""

ODD_LINE = 0.3
LEAST_ODD = 3
"""Odd characters, as a share and in number, from which one line counts as unreadable."""

ACCENTED = 0.3
"""Share of accented letters and Latin-1 signs; French and Vietnamese texts stay under 0.2."""

NO_VOWELS = 0.3
"""Share of different words without a vowel; on no page of the public contracts is it over 0.1."""

DOUBTFUL = 0.03
"""Share of Chinese characters out of place from which a page's names and terms are in doubt."""

FEW_CHARACTERS = 20
_FEW_WORDS = 20
_LONGEST_CODE = 5

_EXPECTED = (
    (0x09, 0x0D),
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x2B0, 0x52F),
    (0x590, 0x6FF),
    (0x900, 0xE7F),
    (0x1E00, 0x2BFF),
    (0x2E80, 0x2FDF),
    (0x3000, 0x33FF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFFEF),
    (0x1F000, 0x1FAFF),
)
"""Code points of scripts and signs that drafts may hold; Han characters are judged apart.

PDFium's mark of a hyphen, U+FFFE, is taken out with the line's end.
"""

_STANDARDS = ("gb2312", "big5", "shift_jis")
"""Han characters in use; of glyph codes taken for Han characters a quarter or more are in none."""

_SWAPPED = "".join(map(chr, range(0x3100, 0x7B00, 0x100)))
"""ASCII whose two bytes were exchanged; in Chinese one character in 250 is among them."""

_STRANGE = re.compile(f"[\u00a1-\u00ff{_SWAPPED}]")
_LATIN_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile("[aeiouyàáâäãåæèéêëìíîïòóôöõøœùúûüýÿąęėįųůőűăāēīū]", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_COMMON = re.compile(
    r"\b(?:the|of|and|to|in|for|by|is|der|die|und|von|le|la|les|des|et|el|los|que|di|het|van|och)\b",
    re.IGNORECASE,
)


def without_unreadable(lines: Sequence[TextLine]) -> tuple[list[TextLine], float]:
    """The lines of a page that hold text, and the share of characters in those that hold none.

    The share is 1 where the page as a whole is unreadable; no line is left then.
    """
    text = "\n".join(line.text for line in lines)
    total = len(text)
    suspects = {character for character in set(text) if not _is_expected(character)}
    if not suspects and not _reads_like_none(text):
        return list(lines), 0.0
    kept = [line for line in lines if not _is_garbled(line.text, suspects)]
    rest = "\n".join(line.text for line in kept)
    lost = 1 - len(rest) / total
    if lost > 0.5 or _odd_share(rest, suspects) > ODD or _reads_like_none(rest):
        return ([], 1.0) if total >= FEW_CHARACTERS else (kept, lost)
    return kept, lost


def is_doubtful(lines: Sequence[TextLine]) -> bool:
    """Whether a page's Chinese mixes characters that no writer mixes in one line.

    A font that names some of its glyphs wrongly leaves simplified characters beside others that
    the mainland's standard lacks. In Chinese drafts that are sound no line does.
    """
    if _HAN.search("".join(line.text for line in lines if not line.text.isascii())) is None:
        return False
    han = wrong = 0
    for line in lines:
        characters = _HAN.findall(line.text)
        han += len(characters)
        if any(_is_simplified(character) for character in characters):
            wrong += sum(not _is_in(character, "gb2312") for character in characters)
    return wrong >= LEAST_ODD and wrong > DOUBTFUL * han


def _is_garbled(line: str, suspects: set[str]) -> bool:
    odd = sum(character in suspects for character in line)
    return odd >= LEAST_ODD and odd > ODD_LINE * len(line)


def _odd_share(text: str, suspects: set[str]) -> float:
    return sum(character in suspects for character in text) / max(len(text), 1)


@lru_cache(maxsize=20_000)
def _is_expected(character: str) -> bool:
    code = ord(character)
    if 0x3400 <= code <= 0x9FFF or code >= 0x20000:
        return _is_common_han(character)
    return any(first <= code <= last for first, last in _EXPECTED) and character != "\ufffd"


def _reads_like_none(text: str) -> bool:
    """Whether a text is letters without words: bytes of a Chinese encoding, or shifted codes."""
    if not text.isascii():
        strange = len(_STRANGE.findall(text))
        letters = len(text) - text.count(" ") - text.count("\n")
        if letters >= FEW_CHARACTERS and strange > ACCENTED * letters:
            return True
    if _COMMON.search(text):
        return False
    words = set(_LATIN_WORD.findall(text)) if len(text) >= 4 * _FEW_WORDS else ()
    latin = [word for word in words if word[0] < "\u0250" and not _is_code(word)]
    bare = sum(_VOWEL.search(word) is None for word in latin)
    return len(latin) >= _FEW_WORDS and bare > NO_VOWELS * len(latin)


def _is_code(word: str) -> bool:
    """Whether a word may be an abbreviation or a part's number, which need no vowel."""
    return word.isupper() and len(word) <= _LONGEST_CODE


def _is_common_han(character: str) -> bool:
    return any(_is_in(character, standard) for standard in _STANDARDS)


def _is_simplified(character: str) -> bool:
    """Whether only the mainland writes a character so."""
    return _is_in(character, "gb2312") and not (
        _is_in(character, "big5") or _is_in(character, "shift_jis")
    )


@lru_cache(maxsize=20_000)
def _is_in(character: str, standard: str) -> bool:
    try:
        character.encode(standard)
    except UnicodeEncodeError:
        return False
    return True
