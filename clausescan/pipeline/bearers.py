"""Who bears a norm: the subject in front of its trigger, or nobody.

Order of resolution: grammatical subject or agent (由X, "by X"), coordinated verb, pronoun,
list lead-in or heading, Chinese topic-drop; else `UNKNOWN`. An agentless passive is never guessed:
41 of 100 duty sentences of English contracts name nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from clausescan.pipeline.triggers import Trigger

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
    r"part(?:y|ies)\b|the\s+parties\b|parties\s+hereto\b"
    r"|(?:the|a|any)\s+(?:receiving|disclosing|defaulting|non-defaulting|breaching|non-breaching"
    r"|terminating|notifying|affected|aggrieved|innocent|indemnif(?:ying|ied)|prevailing|requesting)"
    r"\s+party\b|(?:we|they)\s+both\b|(?:each|neither|both|either)\s+of\s+(?:us|them)\b"
    r"|(?:the\s+)?(?:recipient|discloser)\b|(?:^|(?<=,\s)|(?<=;\s))(?:a|one)\s+party\b)"
    r"|^\s*(?:neither|each|both|either)\b(?=\s+(?:shall|may|will|must))"
)
_OTHER_EN = re.compile(r"\b(?:the\s+)?other\s+part(?:y|ies)\b")
_MUTUAL_ZH = re.compile(
    r"双方|雙方|各方|[三四五]方|任何一方|任一方|任意一方|每一方|接收方|披露方|违约方|守约方|受约方|违约一方"
    r"|(?<![另对])一方(?!面)|[甲乙丙丁](?:[、和与及]?[甲乙丙丁])+(?:双|各|三|两)?方|败诉方|胜诉方|合[营资作]者|合作各方|彼此|互相|相互"
)
_OTHER_ZH = re.compile(r"对方|對方|另一方|他方|相对方")
_MUTUAL_CUES = {
    "en": ("party", "parties", "both", "each", "either", "recipient", "discloser"),
    "zh": ("方", "者", "彼此", "互相", "相互"),
}
"""A sentence without one of them has none of the words above."""

_PERSONS = (
    r"(?:employees|personnel|affiliates?|staff|representatives|agents|sub-?distributors|subsidiaries"
    r"|directors|officers|engineers|subcontractors|group|sub-?licensees|parent)"
)
_ADVERB = (
    r"(?:hereby|also|further|each|jointly|severally|and|therefore|then|thus|always|only|itself|alone"
    r"|likewise|similarly|thereafter|accordingly|expressly|promptly|immediately|in\s+turn|as\s+follows"
    r"|irrevocably|unconditionally|hereunder|hereto|herein|upon\s+request|in\s+(?:any|each)\s+(?:case|event|year)"
    r"|at\s+(?:its|their|his|your|our)\s+(?:\w+\s+){0,3}(?:cost|expense|option|discretion)s?"
    r"|(?:covenants?|acknowledges?|represents?|understands?|accepts?|agrees?|recogni[sz]es?|confirms?)\s+and"
    r"|respectively|during\s+the\s+\w+|for\s+its\s+part|as\s+\w+|on\s+(?:its|their)\s+(?:own\s+)?(?:behalf|part))"
)
_GAP = re.compile(
    rf"(?:['’]s?\s+{_PERSONS}\b)?\s*(?:\([^()]{{0,120}}\))?"
    rf"(?:\s*(?:and|or|nor|and/or|,\s*including)\s+(?:any\s+of\s+)?(?:its|their|the)\s+(?:\w+[\s,]+){{0,5}}{_PERSONS}\b)?"
    rf"(?:\s*,[^.;]{{0,160}},)?\s*,?\s*(?:{_ADVERB}\s*,?\s*)*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:of|by|to|with|from|for|between|under|against|upon|on|in|than|through|via|towards?|among|at"
    r"|behalf\s+of|favou?r\s+of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"\b(?:each|both|either|neither|any|all)\s+of\s+(?:the\s+)?$", re.IGNORECASE)
_JOINED = re.compile(r"(?:\band\b|\bor\b|\band/or\b|\bas well as\b|\bnor\b|,)\s*(?:the\s+)?$", re.I)
_PRONOUN = re.compile(
    rf"\b(?:it|they|he|she|who|which|that)\b\s*(?:{_ADVERB}\s*,?\s*)*$", re.IGNORECASE
)
_COORDINATED = re.compile(
    rf"(?:^|,|;|\band\b|\bor\b|\bbut\b|\bnor\b|\bthen\b)\s*(?:{_ADVERB}\s*,?\s*)*$", re.IGNORECASE
)
_PARTICIPLE = (
    r"(?:\w+ed|made|given|paid|borne|sent|kept|held|sold|bought|built|done|set|put|met|brought|drawn"
    r"|written|taken|shown|found|left|lost|won|spent|dealt|cut|split|sought|known|undertaken|begun)"
)
_PASSIVE = re.compile(
    rf"\s*(?:\w+ly\s+|not\s+|also\s+|then\s+)*be\s+(?:\w+ly\s+)*{_PARTICIPLE}\b", re.I
)
_NOT_PASSIVE = re.compile(
    r"\s*(?:\w+ly\s+|not\s+)*be\s+(?:\w+ly\s+)*(?:obliged|obligated|required|entitled|permitted|allowed"
    r"|authori[sz]ed|prohibited|restricted|bound|deemed|engaged|involved|committed|concerned|prepared)\b",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"\bby\s+(?:the\s+)?$|\bpass(?:es)?\s+from\s+(?:the\s+)?$|\b(?:cost|expense|account)s?\s+of\s+(?:the\s+)?$",
    re.I,
)
_LIABILITY_OF = re.compile(r"liabilit(?:y|ies)\s+of\s+(?:the\s+)?$", re.IGNORECASE)
_AT_EXPENSE = re.compile(r"['’]s?\s+(?:\w+\s+){0,2}(?:cost|expense|account)\b", re.IGNORECASE)

_OBJECT_ZH = re.compile(
    r"(?:向|对|對|与|與|给|給|为|從|从|自|以|按|按照|依|依照|将|將|把|被|受|经|經|因|除|凭|通知|要求|支付|交付|授予|提供"
    r"|委托|许可|指定|代表|协助|配合|越过|绕过|不影响|赔偿|补偿|征得|取得|根据)$"
)
_POSSESSIVE_ZH = re.compile(
    r"的(?!关联|關聯|员工|子公司|人员|股东|代理|分销|下级)|所(?=有|在|属)|(?:名义|所在地|书面)"
)
_CONSENT_ZH = re.compile(r"(?:未经|未經|非经|经|經|征得|取得)[^，。；]*$")
_TOPIC_ZH = re.compile(
    # Possessive: an adverbial is taken as long as it can be, and never given back. Any shorter
    # choice leads to the same places, but there are more of them than any clock can count.
    r"(?:^|[，、；：:])(?:(?>[^，；。]{0,18}"
    r"(?:内|內|后|後|前|时|時|下|日|起|的|外|期间|期間|过程中|基础上|情况|原因))"
    r"|并|並|且|而且|同时|同時|还|還|也|亦|另|但|均|都|即|届时|屆時|仍|则|則|并且|或者?|如有|此外|另外|其"
    r"|不|自行|及时|每年|每月)*+$"
)
_BY_ZH = re.compile(r"(?:^|[，；：])应?由$")
_NP_ZH = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,}$")


_START, _END = attrgetter("start"), attrgetter("end")
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


def bearer_en(
    sentence: str,
    trigger: Trigger,
    mentions: Sequence[Mention],
    previous: tuple[int, str] | None,
    context: Context,
) -> str:
    """Bearer of an English norm.

    Args:
        sentence: The sentence.
        trigger: Its trigger.
        mentions: Parties in the sentence, in order.
        previous: End and bearer of the norm before it in the sentence.
        context: What the sentence inherits.

    Returns:
        Party id, `BOTH` or `UNKNOWN`.
    """
    start, end = trigger.start, trigger.end
    if trigger.rule == "limit":
        return _owner_of_liability(sentence, end, mentions)
    passive = _PASSIVE.match(sentence, end) and not _NOT_PASSIVE.match(sentence, end)
    if passive or trigger.rule == "deemed":
        agent = _agent_en(sentence, end, mentions)
        return (
            agent
            if passive or agent != UNKNOWN
            else _subject_en(sentence, start, mentions) or UNKNOWN
        )
    subject = _subject_en(sentence, start, mentions) or _inverted_en(sentence, end, mentions)
    if subject:
        return subject
    before = sentence[previous[0] : start] if previous else sentence[:start]
    if (
        previous
        and ends_with(before, _COORDINATED)
        and not re.search(r"\b(?:that|which)\b", before[-12:])
    ):
        return previous[1]
    if ends_with(sentence, _PRONOUN, start):
        named = [m.party for m in mentions if m.end <= start and m.party != "other"]
        return (
            (previous[1] if previous else "")
            or (named[0] if named else "")
            or context.topic
            or UNKNOWN
        )
    if not sentence[:start].strip(' ,;("“') and context.lead_in:
        return context.lead_in
    return UNKNOWN


def _subject_en(sentence: str, start: int, mentions: Sequence[Mention]) -> str:
    for index in range(bisect_left(mentions, start, key=_START) - 1, -1, -1):
        mention = mentions[index]
        if mention.end > start or (mention.party == "other" and start - mention.end > 20):
            continue
        if not _GAP.fullmatch(sentence, mention.end, start):
            continue
        before = mention.start
        if ends_with(sentence, _PREPOSITION, before) and not ends_with(sentence, _ONE_OF, before):
            return ""
        if mention.party == "other":
            return _opposite_in(mentions[:index])
        if index and _JOINED.search(sentence[mentions[index - 1].end : mention.start]):
            joined = mentions[index - 1]
            between = sentence[joined.end : mention.start]
            if len(between) < 16 and joined.party != mention.party and "," not in between:
                return BOTH
        return mention.party
    return ""


def _inverted_en(sentence: str, end: int, mentions: Sequence[Mention]) -> str:
    """The subject behind the verb: "in no event shall Supplier be liable"."""
    for mention in mentions:
        if mention.start >= end and not sentence[end : mention.start].strip():
            return mention.party
    return ""


def _owner_of_liability(sentence: str, end: int, mentions: Sequence[Mention]) -> str:
    """Whose liability is limited: "the liability of Seller", "Seller's liability"."""
    named = [mention for mention in mentions if mention.start < end and mention.party != "other"]
    for mention in named:
        owned = ends_with(sentence, _LIABILITY_OF, mention.start)
        if owned or re.match(r"['’]s?\s+[^,.;]{0,40}liabilit", sentence[mention.end :], re.I):
            return mention.party
    return named[0].party if named else UNKNOWN


def _agent_en(sentence: str, end: int, mentions: Sequence[Mention]) -> str:
    """The party behind "by", or at whose cost; a passive names nobody else."""
    for mention in mentions:
        if mention.start < end or mention.start - end > 160 or mention.party == "other":
            continue
        between = sentence[end : mention.start]
        if re.search(r"\b(?:shall|will|may|must|provided)\b|[;]", between):
            break
        if _AGENT.search(between) and not re.search(
            r"\b(?:signed|approved|determined|requested|specified|designated|issued|agreed|owned|manufactured|supplied|provided)\s+by\s+(?:the\s+)?$",
            between[_first_word(between) :],
        ):
            return mention.party
        if re.search(r"\bat\s+(?:the\s+)?$", between) and _AT_EXPENSE.match(sentence, mention.end):
            return mention.party
    return UNKNOWN


def _first_word(between: str) -> int:
    """Behind the participle of the main verb itself ("be approved by X" names its agent)."""
    match = re.match(r"\s*(?:\w+ly\s+|not\s+)*be\s+(?:\w+ly\s+)*\w+", between)
    return match.end() if match else 0


def _opposite_in(mentions: Sequence[Mention]) -> str:
    named = [mention.party for mention in mentions if mention.party != "other"]
    return BOTH if not named or named[-1] == BOTH else f"not:{named[-1]}"


def bearer_zh(
    sentence: str,
    trigger: Trigger,
    mentions: Sequence[Mention],
    previous: tuple[int, str] | None,
    context: Context,
) -> str:
    """Bearer of a Chinese norm; arguments as for `bearer_en`."""
    start, end = trigger.start, trigger.end
    candidates = mentions[: bisect_right(mentions, start, key=_END)]
    passed_object = False
    if sentence[start:end].lstrip("均").startswith("归"):
        return _agent_zh(sentence, start, end, mentions)
    for place in range(len(candidates) - 1, -1, -1):
        mention = candidates[place]
        head, tail = mention.start, sentence[mention.end : start]
        if sentence.endswith("由", 0, head) or ends_with(sentence, _BY_ZH, head):
            return mention.party
        if "。" in tail or "；" in tail:
            break
        if ends_with(sentence, _CONSENT_ZH, head) or ends_with(sentence, _OBJECT_ZH, head):
            passed_object = True
            continue
        if _POSSESSIVE_ZH.match(sentence, mention.end):
            if "，" not in tail:
                return _agent_zh(sentence, start, end, mentions)
            continue
        if mention.party == "other":
            return _opposite_in(candidates)
        joined = place and _joined_zh(sentence, candidates[place - 1], mention)
        return BOTH if joined else mention.party
    agent = _agent_zh(sentence, start, end, mentions)
    if agent != UNKNOWN:
        return agent
    before = sentence[previous[0] : start] if previous else sentence[:start]
    if previous and ends_with(before, _TOPIC_ZH):
        return previous[1]
    if ends_with(sentence, _TOPIC_ZH, start) and not (
        passed_object and not _TOPIC_ZH.match(sentence[:start])
    ):
        return context.lead_in or context.topic or UNKNOWN
    if context.lead_in and not ends_with(sentence, _NP_ZH, start):
        return context.lead_in
    return UNKNOWN


def _agent_zh(sentence: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """The party behind 由 between trigger and verb: 费用应由乙方承担."""
    for mention in mentions:
        inside = mention.start >= start and mention.start - end <= 8
        if inside and sentence[: mention.start].endswith("由"):
            return mention.party
        if start <= mention.start < end and sentence[: mention.start].endswith(("归", "由")):
            return mention.party
    return UNKNOWN


def _joined_zh(sentence: str, other: Mention, mention: Mention) -> bool:
    between = sentence[other.end : mention.start]
    return other.party != mention.party and bool(re.fullmatch(r"[和与及、與]|以及", between))
