"""Names of parties in running text: where they are, and when two are the same."""

from __future__ import annotations

import re
from functools import cache

from clausescan.pipeline.han_names import han_names
from clausescan.pipeline.latin_names import UPPER, form_pattern, latin_names, noun_names
from clausescan.pipeline.nationality import is_place, party_data

PLAIN_NAME = re.compile(
    rf"{UPPER}[\w .,&’'()-]{{2,60}}|(?!.*(?:美元|人民币|公司$))[\u4e00-\u9fff（）·]{{2,30}}"
)
"""A name without legal form, as a label introduces it."""
_OFFSET = re.compile(r"(?i)\b(?:between|among|amongst)\b(?!\s+(?:the\s+)?(?:buyer|seller|parties))")
_BREAK = re.compile(r"(?i)\b(?:between|among|and|to|by)\b[:,]?|[(]\d[)]|\n\s*\n")
_PLAIN = re.compile(
    rf"(?:(?:Mr|Ms|Mrs|Dr|Prof)\b)?\.?\s*(?P<name>{UPPER}[\w&.’'-]*"
    rf"(?:[ \t]+\n?[ \t]*(?:(?:of|de)[ ])?(?:{UPPER}|&)[\w&.’'-]*)*)"
)
_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Prof|Ing|Messrs|M/s)\b\.?\s+(?=\S)")
_ADDRESS = re.compile(r"(?:先生|女士|小姐|博士|教授)$")


def find_names(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Offsets of company names in a stretch of the opening.

    Names with a legal form, in Latin or Chinese letters; where there is none, names that end or
    begin with a word such as "Factory" or "University".

    Args:
        text: The text.
        start: Where to begin; names before the last "between" are passed over.
        end: Where to stop; default: at the end of the text.
    """
    end = len(text) if end is None else end
    start = max((match.end() for match in _OFFSET.finditer(text, start, end)), default=start)
    names = [*latin_names(text, start, end), *han_names(text, start, end)]
    return _apart(names) or _apart(list(noun_names(text, start, end)))


def find_plain_names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A capitalised run without legal form, behind the last "and" or at the start."""
    breaks = [m.end() for m in _BREAK.finditer(text, start, end) if text[m.end() : end].strip()]
    match = _PLAIN.search(text, max(breaks, default=start), end)
    if match is None or is_place(match["name"]):
        return []
    first = match["name"].split()[0].casefold().strip(".")
    if first in ("the", *party_data()["words"]["never_first"]):
        return []
    title = _TITLE.match(match["name"])
    return [(match.start("name") + (title.end() if title else 0), match.end())]


def short_name(name: str) -> str:
    """The trade name without its legal form, if it is one or two words."""
    form = form_pattern().search(name)
    words = name[: form.start()].strip(" ,").split() if form else []
    if not words or len(words[0]) < 4 or not words[0][0].isupper() or is_place(words[0]):
        return ""
    common = words[0].casefold() in _common() or words[0].endswith(",")
    return "" if common else words[0]


def bare_name(name: str) -> str:
    """The name without its legal form, if it is more than the trade name: "Dragon Systems"."""
    form = form_pattern().search(name)
    bare = name[: form.start()].strip(" ,") if form else ""
    return bare if " " in bare and bare.isascii() else ""


def tidy(name: str) -> str:
    """A name on one line, without the punctuation and titles around it.

    The full stop of a legal form at its end stays.
    """
    plain = re.sub(r"\s+", " ", name).strip(" ,;:“”\"'‘’")
    plain = _TITLE.sub("", _ADDRESS.sub("", plain))
    if any(form.end() == len(plain) for form in form_pattern().finditer(plain)):
        return plain.lstrip(".")
    return plain.strip(" ,.;:“”\"'‘’")


def without_form(name: str) -> str:
    """A name as it is compared: without article, legal form, case and plurals."""
    form = form_pattern().search(name)
    words = re.findall(r"\w+", (name[: form.start()] if form else name).casefold())
    return " ".join(word.rstrip("s") for word in words if word != "the")


def form_of(name: str) -> str:
    """The legal form as written, without punctuation."""
    form = form_pattern().search(name)
    return re.sub(r"\W", "", form[0]).casefold() if form else ""


def _apart(names: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Names that do not overlap, in order; the longer of two stays."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(names, key=lambda name: name[0] - name[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end))
    return sorted(kept)


@cache
def _common() -> frozenset[str]:
    return frozenset(party_data()["words"]["common"])
