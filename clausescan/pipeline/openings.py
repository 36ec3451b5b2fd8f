"""Parties as the opening of a contract introduces them: by a definition or by a label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from clausescan.pipeline.chain import is_owned, slot_name
from clausescan.pipeline.definitions import (
    LETTERED,
    Definition,
    as_used,
    find_definitions,
    is_label,
    is_role,
)
from clausescan.pipeline.names import PLAIN_NAME, find_names, find_plain_names, form_of, tidy
from clausescan.pipeline.nationality import party_data

_LABEL_WORDS = re.compile(
    r"^(?:以下|下)?[简簡]?[称稱][为為作]?\s*[“\"「]?|^(?:hereinafter|[Tt]he)\s+|[”\"」]"
)
_BREAK = re.compile(
    r"(?i)\band\b|和|与|與|\.\s+[A-Z]|。|\n\s*\n|[:：]|[_＿×]{2}|\[[●•\s]*\]|[ \u3000]{4}"
)
_TRANSLATION = re.compile(
    r"\s*[(（]\s*([^()（）\"“”]{4,90}?)\s*(?:[,，;；][^()（）\"“”]*[“\"]?[^()（）]*)?[)）]"
)
_NO_NAME = re.compile(
    r"现金|名称|美元|人民币|[万亿]元|土地|厂房|设备|盖章|签[字章名]|以下|应|負責|负责|[_＿×]{2}"
)
_TITLE = re.compile(r"^.*(?:合同|协议|协议书|意向书|备忘录)(?=.)")
_BLANK = re.compile(r"[_＿]{3}|\[[●•\s]*\]")
_KNOWN_AS = re.compile(
    r"(?:,?\s*an?\s[^,;()]{4,60})?,?\s*(?i:[daf][./]?[bk][./]?a\b\.?|doing\s+business\s+as|(?:formerly|also)\s+known\s+as)"
    r"\s+[“\"]?(?P<name>[A-Z][^,;()“”\"\n]{2,50}?)(?=\s*(?:[,;()“”\"\n]|\ban?\s|\bas\s))"
)
_SERVES_AS = re.compile(
    r",\s+as\s+(?:the\s+)?(?P<role>[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,3})(?=\s*[,;\n(])"
)
_BETWEEN = re.compile(r"(?i)\b(?:between|among|amongst)\b[:\s]")
_END = re.compile(r"\b(?i:recitals?|whereas|background|table of contents)\b|\n\s*1\.\s")
_STOP = re.compile(
    r"\bWHEREAS\b|\bWhereas\b|\bR\s?E\s?C\s?I\s?T\s?A\s?L\s?S?\b|\bBACKGROUND\b|\bW\s?I\s?T\s?N\s?E\s?S\s?S\s?E\s?T\s?H\b"
    r"|\b(?:NOW|Now),? (?:THEREFORE|therefore)\b|\b(?i:agree\s+as\s+follows|hereby\s+agree)\b"
    r"|\b(?i:confirms?\s+(?:its|their)\s+agreement)\b.*\b(?i:as\s+follows|with\s+respect)\b|鉴于|鑒於"
    r"|\n\s*1\.(?:1\.?)?\s|\b(?:Section|ARTICLE|Article)\s+(?:1|I)\b"
)
"""Where the sentence that lists the parties is over, once it has named two."""
_HEAD = 700
_NEAR = 160
_EARLY = 2500


@dataclass(slots=True)
class Found:
    """A party as one place of the opening names it.

    Attributes:
        name: Its name, or its defined term where the name is blank.
        start: Offset of the name.
        end: One past it.
        stop: One past its definition.
        aliases: Defined terms.
    """

    name: str
    start: int
    end: int
    stop: int
    aliases: list[str] = field(default_factory=list)


def introduced(text: str, zone: int) -> list[Found]:
    """The parties that the first `zone` characters introduce, in no order and with repeats."""
    labelled = list(_labelled(text, zone))
    found = [*_defined(text, zone, labelled), *labelled]
    return found if len(found) > 1 else [*found, *_undefined(text, zone)]


def _undefined(text: str, zone: int) -> Iterator[Found]:
    """Companies that stand behind a "between" and are given no term."""
    between = _BETWEEN.search(text, 0, min(zone, _EARLY))
    if between is None:
        return
    end = _END.search(text, between.end())
    stop = min(between.end() + _HEAD, end.start() if end else zone)
    for start, finish in find_names(text, between.end(), stop):
        yield _found(text, start, finish, finish, [])


def _defined(text: str, zone: int, labelled: Sequence[Found]) -> Iterator[Found]:
    """Parties introduced by a defined term behind their name."""
    previous = 0
    last: Found | None = None
    follows = False
    count = 0
    for term in find_definitions(text, zone):
        head = max(previous, term.start - _HEAD)
        segment = text[head : term.start]
        previous = term.end
        if count >= 2 and _STOP.search(segment):
            return
        if not term.terms:
            follows = False
            continue
        names = _names_between(text, head, term.start, labelled)
        slot = slot_name(text, head, term.start, follows=follows)
        own = [name for name in names if not is_owned(text, name[0])]
        names = _with_slot(own if own or slot else names, slot)
        if not names and last and _goes_on(segment, term, last):
            if follows:
                last.aliases += term.terms
            continue
        if count >= 2 and not slot and not _is_named(term.terms[0]):
            names = [name for name in names if _is_surely(text, name, term.terms, labelled)]
            if not names and not _BLANK.search(segment[-_NEAR:]):
                follows = False
                continue
        if not names and _is_thing(segment, term):
            follows = False
            continue
        for found in _introduced_by(text, term, names, head, first=last is None):
            last = found
            follows = True
            count += 1
            yield found


def _with_slot(names: list[tuple[int, int]], slot: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Names with the one at a party's place, unless it is the beginning of one of them."""
    if slot is None or any(start < slot[1] and slot[0] < end for start, end in names):
        return names
    return sorted([slot, *names])


def _is_thing(segment: str, term: Definition) -> bool:
    """Whether a term only repeats a common noun: "a royalty (the “Royalty”)"."""
    words = term.terms[0].casefold().rstrip("s").replace("(s)", "")
    return term.terms[0][:1].isupper() and words in segment[-_NEAR:]


def _names_between(
    text: str, head: int, end: int, labelled: Sequence[Found]
) -> list[tuple[int, int]]:
    """Names in a stretch of text: those that a label introduces, or else companies' names."""
    anchors = [
        (party.start, party.end)
        for party in labelled
        if head <= party.start and party.end <= end and party.name not in party.aliases
    ]
    names = _untranslated(text, find_names(text, head, end))
    line = text.rfind("\n", head, end) + 1
    own = [name for name in names if name[0] >= line > 0]
    return (
        anchors if anchors and (anchors[-1][0] >= line or not own) else (own if anchors else names)
    )


def _untranslated(text: str, names: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Names but for those that stand in brackets behind their own translation."""
    ends = [end for _, end in names]
    return [
        (start, end)
        for start, end in names
        if not any(text[other:start].strip() in ("(", "（") for other in ends if other <= start)
    ]


def _goes_on(segment: str, term: Definition, last: Found) -> bool:
    """Whether a definition without a name of its own adds to the one before it."""
    if len(segment) > _NEAR or _BREAK.search(segment):
        return False
    roles = [word for word in last.aliases if _is_named(word)]
    return not (roles and _is_named(term.terms[0])) or len(segment.strip(" ,")) < 2


def _is_surely(
    text: str, name: tuple[int, int], terms: Sequence[str], labelled: Sequence[Found]
) -> bool:
    """Whether one more name is a party's, although its term is no role noun."""
    words = text[name[0] : name[1]]
    if words.isascii() or not re.search(r"[\u4e00-\u9fff]", words):
        return bool(form_of(words))
    return any(name[0] == party.start for party in labelled) or bool(set(words) & set(terms[0]))


def _is_named(word: str) -> bool:
    """Whether a word stands for a party by itself."""
    return is_role(word) or bool(LETTERED.match(word))


def _introduced_by(
    text: str, term: Definition, names: list[tuple[int, int]], head: int, *, first: bool
) -> Iterator[Found]:
    aliases = list(term.terms)
    if term.each and len(names) >= len(aliases) > 1:
        for (start, end), alias in zip(names[-len(aliases) :], aliases, strict=True):
            yield _found(text, start, end, term.end, [alias])
        return
    named = _is_named(aliases[0])
    if not names:
        plain = find_plain_names(text, head, term.start)
        names = [name for name in plain if named or _alike(text[name[0] : name[1]], aliases)]
    chosen = _closest(text, names, aliases)
    if chosen is None:
        if named or _BLANK.search(text[head : term.start][-_NEAR:]):
            yield Found(aliases[0], term.start, term.start, term.end, aliases)
        return
    for start, end in names:
        if (first and start < chosen[0]) or (term.group and start != chosen[0]):
            yield _found(text, start, end, end, [])
    yield _found(text, *chosen, term.end, aliases)


def _found(text: str, start: int, end: int, stop: int, aliases: list[str]) -> Found:
    """A party with the name in other letters that stands in brackets behind its own."""
    other = _TRANSLATION.match(text, end)
    if other is not None and find_names(other[1]) == [(0, len(other[1]))]:
        aliases = [*aliases, tidy(other[1])]
    elif (known := _KNOWN_AS.match(text, end)) is not None:
        aliases = [*aliases, tidy(known["name"])]
    elif (serves := _SERVES_AS.match(text, end)) is not None:
        aliases = [*aliases, serves["role"]]
    return Found(tidy(text[start:end]), start, end, stop, aliases)


def _alike(name: str, aliases: Sequence[str]) -> bool:
    """Whether a term is one of a name's words or its initials."""
    words = re.findall(r"\w+", name.casefold())
    initials = "".join(re.findall(r"[^\W\d_a-z]", name)).casefold()
    return any(
        alias.casefold() in (initials, *words) or set(alias.casefold().split()) <= set(words)
        for alias in aliases
    )


def _closest(
    text: str, names: list[tuple[int, int]], aliases: Sequence[str]
) -> tuple[int, int] | None:
    """The name that a defined term stands for: one that shares a word with it, or the first."""
    words = {word.casefold() for alias in aliases for word in re.findall(r"\w+", alias)}
    for start, end in names:
        if words & {word.casefold() for word in re.findall(r"\w+", text[start:end])}:
            return start, end
    if not names:
        return None
    return names[-1] if not text[names[-1][0]].isascii() else names[0]


def _labelled(text: str, zone: int) -> Iterator[Found]:
    """Parties introduced by a label: ``Party A: …``, ``甲方（许可方）：…``, a line ``SELLER``."""
    for match in _labels_pattern().finditer(text, 0, zone):
        alias = re.sub(r"\s+", " " if match["alias"].isascii() else "", match["alias"])
        alias = _TITLE.sub("", alias)
        if not is_label(alias):
            continue
        raw, offset = match["name"], match.start("name")
        names = [(a - offset, b - offset) for a, b in find_names(text, offset, offset + len(raw))]
        if not names and not _may_lack_form(alias, match["colon"], raw):
            continue
        if names and not match["colon"] and names[0][0] > 0:
            continue
        aliases = [as_used(text, alias), *_inner(match["more"] or "")]
        if names:
            yield _found(text, offset + names[0][0], offset + names[0][1], match.end(), aliases)
            continue
        end = len(re.split(r"[,，（(_]|\s{2,}|\u3000", raw)[0])
        name = tidy(raw[:end])
        if not PLAIN_NAME.fullmatch(name) or is_label(name) or _NO_NAME.search(name):
            name = aliases[0]
        yield Found(name, offset, offset + end, match.end(), aliases)


def _may_lack_form(alias: str, colon: str, raw: str) -> bool:
    """Whether what stands behind a label is a party even without a company's name."""
    return bool(colon) and bool(
        _is_named(alias) or re.search(r"[(（]\s*(?:以下|下)?[简簡]?[称稱]", raw)
    )


def _inner(more: str) -> list[str]:
    """The second label in the brackets of a first one."""
    inner = _LABEL_WORDS.sub("", more.strip()).strip()
    return [inner] if LETTERED.match(inner) or is_role(inner) or is_label(inner) else []


@cache
def _labels_pattern() -> re.Pattern[str]:
    """A party's label; role nouns with a colon, or at the head of a line of their own."""
    latin = "|".join(word for row in party_data()["role"] for word in row["en"])
    han = sorted((word for row in party_data()["role"] for word in row["zh"]), key=len)
    line = r"(?m:(?<=^)|(?<=[\n)）、.．\u3000 ]))"
    alias = (
        rf"(?<![A-Za-z0-9“\"「])(?P<alias>Party\s+[A-E]|[甲乙丙丁]\s*方|{'|'.join(reversed(han))}"
        rf"|{line}[\u4e00-\u9fff][\u4e00-\u9fff \u3000]{{0,8}}[\u4e00-\u9fff]"
        rf"|(?m:(?<=^)|(?<=^The\s)|(?<=^THE\s))(?i:{latin}))"
    )
    blank = r"[ \t\u3000]*"
    return re.compile(
        rf"{alias}{blank}(?:[(（](?P<more>[^()（）]{{1,30}})[)）])?{blank}"
        rf"(?:(?P<colon>[:：])(?!{blank}\n)|[:：]?{blank}\n|\t+){blank}"
        r"(?=(?P<name>[^\n:：;；]{2,120}))"
    )
