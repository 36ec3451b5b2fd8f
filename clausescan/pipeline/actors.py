"""Who is named in a sentence: parties by name, and words for all of them or for the other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

BOTH = "both"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named in a sentence; offsets count from the sentence's start.

    Attributes:
        start: First character.
        end: One past the last.
        party: Party id, `BOTH`, or ``other`` for "the other party".
    """

    start: int
    end: int
    party: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence may inherit.

    Attributes:
        lead_in: Bearer of the list's lead-in or heading, or "".
        topic: Bearer of the sentence before in the same clause, or "".
    """

    lead_in: str = ""
    topic: str = ""


_MUTUAL_EN = re.compile(
    r"\b(?:(?:each|either|both|neither|any|no|all)\s+(?:and\s+every\s+|one\s+)?(?:of\s+(?:the|said)\s+)?"
    r"(?:part(?:y|ies)|participants?|signator(?:y|ies)|venturers?)\b|the\s+parties\b|parties\s+hereto\b"
    r"|the\s+undersigned\b|the\s+(?:licens|indemnit)(?:ee|or)\b(?=\s+(?:shall|may|will|must)\b)"
    r"|(?:the|a|any|such|each|no|that)\s+(?:(?:non-)?\w+(?:ing|ed)|aggrieved|innocent|first|second)\s+party\b"
    r"|(?:the|such|that)\s+party(?:\s+(?:so\s+)?\w+(?:ing|ed)\b(?:\s+\w+){0,6}?)?(?=\s+(?:shall|may|will|must)\b)"
    r"|(?:we|they)\s+both\b|(?:each|neither|both|either)\s+of\s+(?:us|them)\b"
    r"|(?:the\s+)?(?:recipient|discloser|indemnitee|indemnitor|claimant)\b"
    r"|(?:^|(?<=,\s)|(?<=;\s))(?:a|one)\s+party\b)"
    r"|^\s*(?:neither|each|both|either)\b(?=\s+(?:shall|may|will|must))"
)
_OTHER_EN = re.compile(r"\b(?:the\s+)?other\s+part(?:y|ies)\b")
_MUTUAL_ZH = re.compile(
    r"双方|雙方|各方|[三四五]方|任何一方|任一方|任意一方|每一方|接收方|披露方|违约方|守约方|受约方|受害方|受损方|受影响方|保密方|泄密方|违约一方"
    r"|(?:不|未)?(?:委派|提供|接受|出资|出让|转让|受让|过错|过失|通知|请求|要求|申请|索赔|赔偿|收款|付款"
    r"|解约|终止|履约|延误|泄露|聘请|聘|改进)方(?![面式法案便向针位])|其(?:他|它|余)(?:合资|合营|合作|订约)?[各两二三]?方(?![面式法案便])"
    r"|(?<![另对])一方(?!面)|[甲乙丙丁](?:[、和与及]?[甲乙丙丁])+(?:双|各|三|两)?方|败诉方|胜诉方|合[营资作]者|合作各方|彼此|互相|相互"
)
_OTHER_ZH = re.compile(r"(?:对|對|另一|他|相对)方(?![面式])")
_MUTUAL_CUES = {
    "en": (
        "party",
        "parties",
        "both",
        "each",
        "either",
        "recipient",
        "discloser",
        "claimant",
        "undersigned",
        "participant",
        "signator",
        "venturer",
        "licens",
        "indemnit",
    ),
    "zh": ("方", "者", "彼此", "互相", "相互"),
}
"""A sentence without one of them has none of the words above."""

_REACH = 1000
"""Characters before a trigger that decide; a table without full stops may be one long sentence."""


def ends_with(text: str, pattern: re.Pattern[str], end: int | None = None) -> re.Match[str] | None:
    """What a pattern that ends in ``$`` finds at the end of a text, or of its part before `end`."""
    end = len(text) if end is None else end
    return pattern.search(text, max(0, end - _REACH), end)


def find_mutual(plain: str, language: str) -> list[Mention]:
    """Words that stand for every party, or for the other one.

    Args:
        plain: A sentence; English in lower case.
        language: ``en`` or ``zh``.
    """
    if not any(cue in plain for cue in _MUTUAL_CUES[language]):
        return []
    mutual, other = (_MUTUAL_ZH, _OTHER_ZH) if language == "zh" else (_MUTUAL_EN, _OTHER_EN)
    found = [Mention(m.start(), m.end(), "other") for m in other.finditer(plain)]
    taken = {(mention.start, mention.end) for mention in found}
    found += [
        Mention(m.start(), m.end(), BOTH)
        for m in mutual.finditer(plain)
        if not any(start < m.end() and m.start() < end for start, end in taken)
    ]
    return found


def opposite_in(mentions: Sequence[Mention]) -> str:
    """Whom "the other party" behind these mentions means."""
    named = [mention.party for mention in mentions if mention.party != "other"]
    return BOTH if not named or named[-1] == BOTH else f"not:{named[-1]}"


class ActorFinder:
    """Finds who is named in the sentences of one text; they must come in reading order."""

    def __init__(self, mentions: Sequence[Mapping[str, Any]], language: str) -> None:
        self._mentions = mentions
        self._language = language
        self._cursor = 0

    def find(self, start: int, end: int, plain: str) -> list[Mention]:
        """The actors of a sentence in order, with offsets from its start.

        Args:
            start: Where it begins in the text.
            end: One past it.
            plain: Its words; English in lower case.
        """
        while self._cursor < len(self._mentions) and self._mentions[self._cursor]["end"] <= start:
            self._cursor += 1
        stop = bisect_left(self._mentions, end, self._cursor, key=itemgetter("start"))
        found = [
            Mention(mention["start"] - start, mention["end"] - start, mention["party"])
            for mention in self._mentions[self._cursor : stop]
        ]
        mutual = [
            item
            for item in find_mutual(plain, self._language)
            if not any(named.start <= item.start and item.end <= named.end for named in found)
        ]
        found = [
            named
            for named in found
            if not any(item.start < named.end and named.start < item.end for item in mutual)
        ]
        return sorted([*found, *mutual], key=lambda mention: mention.start)
