"""Names of companies in running text, by legal form or by their capitals."""

from __future__ import annotations

import re
from functools import cache

from clausescan.pipeline.nationality import is_place, party_data

_WORD = r"(?:(?:[a-z]-?)?[A-Z][\w&.’'/-]*|\d[A-Z]\w*|\([A-Z][\w .]+\)|&|of|and|de|für)"
_RUN = re.compile(rf"{_WORD}(?:[ \t\n]+{_WORD})*$")
_HAN_NAME = re.compile(
    r"(?!一家|[和与及由系为是])(?:(?![的依据由称])[\u4e00-\u9fffA-Za-z（）()·]){2,40}?"
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|公司|集团|研究院|研究所|大学|厂)"
)
PLAIN_NAME = re.compile(
    r"[A-Z][\w .,&’'()-]{2,60}|(?!.*(?:美元|人民币|公司$))[\u4e00-\u9fff（）·]{2,30}"
)
_DESCRIPTION = re.compile(
    r"(?:中外|合资|合作|合营|经营|股份|有限|责任|成立|中国|该|本|一|家)*公司|工厂|\W.*"
)
_COMMON = frozenset(
    """
    north south east west united national international global general first american asia pacific
    china great golden digital world best home power energy bank technology shenzhen new
    """.split()  # noqa: SIM905, easier to read than quoted
)


def find_names(segment: str) -> list[tuple[int, int]]:
    """Offsets of company names in a stretch of the preamble, by legal form."""
    offset = max((m.end() for m in re.finditer(r"(?i)\bbetween\b|\bamong\b", segment)), default=0)
    names = []
    for form in _form_pattern().finditer(segment, offset):
        start = max(_grow_left(segment, form.start()), offset)
        if start >= form.start() or re.search(r"\b(?:an?|the|A)\s+$", segment[:start]):
            continue
        names.append((start, form.end()))
    names += [
        (m.start(), m.end())
        for m in _HAN_NAME.finditer(segment, offset)
        if not _DESCRIPTION.fullmatch(m[0])
    ]
    return sorted(names)


def find_plain_names(segment: str) -> list[tuple[int, int]]:
    """A capitalised run without legal form, behind the last "and" or at the start."""
    offset = max(
        (m.end() for m in re.finditer(r"(?i)\bbetween\b|\bamong\b|\band\b[:,]?", segment)),
        default=0,
    )
    plain = re.compile(r"(?:Mr|Ms|Mrs)?\.?\s*[A-Z][\w&.’'-]*(?:\s+(?:[A-Z&][\w&.’'-]*|of|de))*")
    match = plain.search(segment, offset)
    if match is None or match[0].split()[0].lower() in ("this", "whereas", "the", "these"):
        return []
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return [(start, match.end())]


def short_name(name: str) -> str:
    """The trade name without its legal form, if it is one or two words."""
    form = _form_pattern().search(name)
    words = name[: form.start()].strip(" ,").split() if form else []
    if not words or len(words[0]) < 4 or not words[0][0].isupper() or is_place(words[0]):
        return ""
    return "" if words[0].casefold() in _COMMON or words[0].endswith(",") else words[0]


def tidy(name: str) -> str:
    """A name on one line, without the punctuation around it."""
    return re.sub(r"\s+", " ", name).strip(" ,.;:“”\"'")


def _grow_left(text: str, end: int) -> int:
    """Start of the capitalised run that ends at `end`."""
    head = text[max(0, end - 120) : end].rstrip(" ,")
    match = _RUN.search(head)
    if match is None:
        return end
    start = max(0, end - 120) + match.start()
    lead = re.match(
        r"(?:(?:and|of|AND|OF|BETWEEN|AMONG|WHEREAS|RECITALS|This|To|By)[,:]?\s+)+", text[start:end]
    )
    return start + (lead.end() if lead else 0)


@cache
def _form_pattern() -> re.Pattern[str]:
    forms = "|".join(form["pattern"] for form in party_data()["form"])
    return re.compile(rf"(?<=[\w.)])[ \t\n]*,?[ \t\n]+(?:{forms})(?=$|[\s,;.()（）\"“”])\.?")
