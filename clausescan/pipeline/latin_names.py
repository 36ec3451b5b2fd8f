"""Names of companies in Latin letters: the capitalised words before a legal form or a noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clausescan.pipeline.nationality import is_place, party_data

UPPER = r"[^\W\d_a-z\u3000-\uffff]"
"""Character class of a capital letter of any Latin alphabet."""
_WORD = re.compile(r"[^\s\u3000-\u9fff（）：；，。]+")
_TITLE_LINE = re.compile(
    r"(?i)\b(?:agreement|contract|parties|version|amendment|letter|of|dated?|\W\d{4})\W*$"
)
_LOWER = re.compile(r"(?![a-z]+ly$)[a-zà-ÿ]{3,14}$")
_DOMAIN = re.compile(r"[a-z]+\.(?:com|net|org)")
_MARK = re.compile(r"[(]?(?:\d+|\w|[ivx]+)[)]")
_SLOT = re.compile(
    r"(?i)(?:^\W*|\b(?:between|among|and|with|to|by)\W*|[:\n.]\s*|[(]\w[)]\s*)(?:the\s+)?$"
)
_REACH = 160
_MOST_WORDS = 10


def latin_names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of names with a legal form, behind or before them."""
    for form in form_pattern().finditer(text, start, end):
        left = _grow_left(text, form.start(), start)
        if left < form.start() and not _has_article(text, left):
            yield left, form.end()
    yield from ((match.start(), match.end()) for match in _prefixed().finditer(text, start, end))


def noun_names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of names that a noun makes known: "Dalian Bearing Works", "University of Skagen"."""
    for match in _first_noun().finditer(text, start, end):
        if _begins_slot(text, start, match.start()):
            yield match.start(), match.end()
    for match in _last_noun().finditer(text, start, end):
        left = _grow_left(text, match.start(), start)
        words = text[left : match.start()].split()
        if len(words) > 1 and _begins_slot(text, start, left):
            yield left, match.end()


@cache
def form_pattern() -> re.Pattern[str]:
    """A legal form with what is between it and the name."""
    forms = "|".join(form["pattern"] for form in party_data()["form"])
    return re.compile(
        rf"(?<=[\w.)’'!])[ \t\n]*,?[ \t\n]+(?:{forms})(?=$|[\s,;:.()\[（）\"“”’'–—/])"
    )


def _begins_slot(text: str, start: int, left: int) -> bool:
    """Whether a name stands where a party's name does, not in an address or a list."""
    return bool(_SLOT.search(text[max(start, left - 24) : left]))


def _has_article(text: str, start: int) -> bool:
    return bool(re.search(r"\b(?:[Aa]n?|the)\s+$", text[max(0, start - 8) : start]))


def _grow_left(text: str, end: int, offset: int) -> int:
    """Start of the run of name words that ends at `end`; `end` when there is none."""
    origin = max(offset, end - _REACH)
    head = text[origin:end].rstrip(" ,\t\n")
    words = list(_WORD.finditer(head))[-_MOST_WORDS:]
    taken: list[re.Match[str]] = []
    for place in range(len(words) - 1, -1, -1):
        before = head[words[max(0, place - 2)].start() : words[place].start()].rstrip()
        if not _joins(head, words[place], taken) or not _belongs(words[place][0], before, taken):
            break
        taken.append(words[place])
    while taken and _is_no_start(taken[-1][0]):
        taken.pop()
    if not taken or not any(char.isupper() or char.isdigit() for char in taken[-1][0]):
        return end
    bracket = len(taken[-1][0]) - len(taken[-1][0].lstrip("([“\"‘'«"))
    return origin + taken[-1].start() + bracket


def _is_no_start(word: str) -> bool:
    """Whether a name cannot begin with this word."""
    return _is_small(word.strip(".,:;()[]"), "never_first") or not any(
        char.isalnum() for char in word
    )


def _joins(head: str, word: re.Match[str], taken: list[re.Match[str]]) -> bool:
    """Whether a word may belong to the one taken last, by what is between them."""
    gap = head[word.end() : taken[-1].start()] if taken else ""
    if "\n" not in gap:
        return not gap.strip() and "\t" not in gap and "    " not in gap
    line = head[head.rfind("\n", 0, word.start()) + 1 : word.end()]
    return gap.count("\n") == 1 and len(line) >= 30 and not _TITLE_LINE.search(line)


def _belongs(word: str, before: str, taken: list[re.Match[str]]) -> bool:
    """Whether a word can be part of a name whose later words are taken."""
    if _ends_something(word, taken):
        return False
    core = word.strip("([“\"‘'«»”).,")
    if not core:
        return word == "&"
    if _is_small(core, "inside"):
        return bool(taken) and (core.casefold() != "and" or _binds(before))
    if word.endswith(",") and taken:
        return _is_partner(core, taken)
    if core[0].isupper():
        return core not in ("This", "Whereas", "Between", "By", "And", "BETWEEN", "BY")
    if core[0].isdigit():
        whole = len(core) > 5 if core.isdigit() else any(map(str.isalpha, core))
        word = before.split()[-1] if before else ""
        return whole or (len(core) < 2 and word[:1].isupper() and word.isalpha())
    if any(char.isupper() for char in core) or _DOMAIN.fullmatch(core):
        return True
    return not taken and _may_be_lower(core, before)


def _is_small(word: str, kind: str) -> bool:
    """Whether a word is in one of the lists of small words; a lone capital is an initial."""
    initial = len(word) == 1 and word.isupper() and word != "A"
    return not initial and word.casefold() in _small_words(kind)


def _ends_something(word: str, taken: list[re.Match[str]]) -> bool:
    """Whether a word ends a sentence, a label, a number or another company's name."""
    if word[-1] in ":;”\"’'" and not re.search(r"\w[’']s?$", word):
        return True
    if word.endswith(")") and (_MARK.fullmatch(word) or re.search(r"[“”\"]", word)):
        return True
    if not taken:
        return False
    return (word.endswith(".") and len(word) > 7) or is_form(word)


def _binds(before: str) -> bool:
    """Whether an "and" behind this word joins words of a name rather than two parties."""
    word = before.split()[-1] if before else ""
    if "," in before or not word[:1].isupper() or not word.isalpha() or len(word) < 2:
        return False
    return not is_place(word) and not is_place(before)


def _may_be_lower(core: str, before: str) -> bool:
    """Whether a lower-case word right before a legal form belongs to the name."""
    word = before.split()[-1] if before else ""
    proper = word[:1].isalnum() and word[-1].isalnum() and any(map(str.isupper, word))
    return proper and bool(_LOWER.match(core)) and core not in _small_words("before_form")


def _is_partner(core: str, taken: list[re.Match[str]]) -> bool:
    """Whether a word with a comma is one of a firm's partners: "Baxley, Lyle & Stone"."""
    behind = [word[0] for word in reversed(taken)]
    return core[0].isupper() and "&" in behind[1:4] and not is_place(core) and not is_form(core)


def is_form(word: str) -> bool:
    """Whether a word is a legal form."""
    return bool(form_pattern().match(f"x {word.strip(',;()')}", 1))


@cache
def _small_words(kind: str) -> frozenset[str]:
    return frozenset(party_data()["words"][kind])


@cache
def _prefixed() -> re.Pattern[str]:
    latin = "|".join(row["pattern"] for row in party_data()["prefix"] if row["pattern"].isascii())
    return re.compile(rf"(?<!\w)(?:{latin})[ \t]+[\"“«]?[A-Z]\w+[\"”»]?(?:[ \t]+[A-Z]\w+)*")


@cache
def _last_noun() -> re.Pattern[str]:
    nouns = "|".join(party_data()["noun"]["last"])
    return re.compile(rf"(?<=\w)[ \t\n]+(?:{nouns}|{nouns.upper()})(?=\s*(?:$|[,;(\[\n–—“\"]))")


@cache
def _first_noun() -> re.Pattern[str]:
    nouns = "|".join(party_data()["noun"]["first"])
    word = rf"{UPPER}[\w’'-]*"
    return re.compile(
        rf"(?:{word}[ ]){{0,3}}(?<!\w)(?:{nouns})\s(?:of|for)\s(?:the\s)?{word}"
        rf"(?:[ ](?:(?:and|of)[ ])?{word}){{0,5}}"
    )
