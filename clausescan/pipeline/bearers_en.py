"""Who bears an English norm: the subject in front of its trigger, or nobody.

Order of resolution: grammatical subject or agent ("by X"), coordinated verb, pronoun, list lead-in
or heading; else `UNKNOWN`. An agentless passive is never guessed: 41 of 100 duty sentences of
English contracts name nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from clausescan.pipeline.actors import BOTH, UNKNOWN, Context, Mention, ends_with, opposite_in
from clausescan.pipeline.triggers import Trigger

_PERSONS = (
    r"(?:employees?|personnel|affiliates?|staff|representatives?|agents?|sub-?distributors?|subsidiar(?:y|ies)"
    r"|directors?|officers?|engineers?|sub-?contractors?|group|sub-?licensees?|parent|invitees?|customers?"
    r"|end-?users?|contractors?|consultants?|managers?|successors?|licensees?|designees?|assign(?:ee)?s?"
    r"|nominees?)"
)
_ADVERB = (
    r"(?:hereby|also|further|each|jointly|severally|and|therefore|then|thus|always|only|itself|alone"
    r"|likewise|similarly|thereafter|accordingly|expressly|promptly|immediately|in\s+turn|as\s+follows"
    r"|irrevocably|unconditionally|hereunder|hereto|herein|upon\s+request|in\s+(?:any|each)\s+(?:case|event|year)"
    r"|at\s+(?:its|their|his|your|our)\s+(?:\w+\s+){0,3}(?:cost|expense|option|discretion)s?"
    r"|(?:covenants?|warrants?|acknowledges?|represents?|understands?|accepts?|agrees?|recogni[sz]es?|confirms?)"
    r"(?:\s*,\s*and\b|\s*,|\s+and\b)|(?:is|are|has|have)\s+and\b|does\s+not|do\s+not"
    r"|respectively|during\s+the\s+\w+|for\s+its\s+part|as\s+\w+|on\s+(?:its|their)\s+(?:own\s+)?(?:behalf|part))"
)
_GAP = re.compile(
    rf"(?:['’]s?\s+{_PERSONS}\b)?\s*(?:\([^()]{{0,120}}\))?"
    rf"(?:\s*(?:,|and|or|nor|and/or|,\s*including|,\s*or|,\s*and)\s+(?:any\s+of\s+)?(?:(?:an|its|their|the|your|our|his)\s+)?"
    rf"(?:\w+[\s,]+){{0,5}}{_PERSONS}\b(?:\s+of\s+(?:the\s+)?\w+\b)?(?:\s*\([^()]{{0,120}}\))?){{0,3}}"
    rf"(?:\s+to\s+this\s+\w+)?(?:\s*,[^.;]{{0,160}},)?\s*,?\s*(?:{_ADVERB}\s*,?\s*)*",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:of|by|to|with|from|for|between|under|against|upon|on|in|than|through|via|towards?|among|at"
    r"|behalf\s+of|favou?r\s+of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"\b(?:each|both|either|neither|any|all)\s+of\s+(?:the\s+)?$", re.IGNORECASE)
_JOINED = re.compile(
    r"\s*(?:\([^()]{0,60}\))?\s*,?\s*(?:and|or|and/or|as well as|nor)\s+(?:the\s+)?", re.IGNORECASE
)
_LISTED = re.compile(
    r"\s*(?:\([^()]{0,60}\))?\s*(?:,|,?\s*(?:and|or|nor))\s*(?:the\s+)?", re.IGNORECASE
)
_DEED = re.compile(
    r"\b(?:failure|delay|omission|neglect|refusal|forbearance|waiver)s?\s+(?:by|of|on\s+the\s+part\s+of)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_DEED_RULES = frozenset({"effect", "deemed", "ban"})
_STAYS_WITH = re.compile(
    r"\s*(?:not\s+|\w+ly\s+)*(?:be|remain|become)\s+(?:and\s+\w+\s+)?[^,;.]{0,60}?"
    r"\b(?:responsibility|obligation|duty|liability|property|account|expense|cost)\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_STAYS_OWN = re.compile(r"\s*(?:not\s+|\w+ly\s+)*(?:be|remain|become)\s+(?:at\s+|for\s+)?$", re.I)
_OWN_BURDEN = re.compile(
    r"['’]s?\s+(?:\w+\s+){0,3}(?:responsibility|obligation|duty|liability|property|account|expense|cost)\b",
    re.IGNORECASE,
)
_VOWS = re.compile(
    r"\b(?:(?:agrees?|covenants?|undertakes?|warrants?|represents?|acknowledges?|confirms?"
    r"|guarantees?|promises?|certif(?:y|ies))(?:(?:\s*,\s*|\s+)(?:and\s+)?\w+){0,2}"
    r"(?:\s+(?:to|with)\s+[^,;.]{1,60}?)?|(?:shall|will|must)\s+(?:ensure|procure|cause|see\s+to\s+it))"
    r"\s+that\b[^;.]{0,200}$",
    re.IGNORECASE,
)
_MODAL = re.compile(r"(?:shall|will|may|must|can|not|neither|in\s+no\s+\w+|'ll)$", re.IGNORECASE)
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

_START = attrgetter("start")
_NOTHING = frozenset({"nothing-frees", "nothing-binds"})
"""Triggers whose bearer stands behind them: "nothing herein shall oblige Supplier"."""
_NEAR = 100
_ACTIVE = frozenset({"entitled", "promise", "not-obliged", "no-right", "free", "granted"})
"""Triggers with a verb of their own; "to be paid" behind them makes no passive."""


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
    if trigger.rule == "withheld":
        return _consenter(sentence, start, mentions) or _agent_en(sentence, end, mentions)
    if trigger.rule in _NOTHING:
        return next((m.party for m in mentions if 0 <= m.start - end < _NEAR), UNKNOWN)
    passive = is_passive(sentence, trigger)
    if passive or trigger.rule == "deemed":
        agent = _agent_en(sentence, end, mentions)
        subject = "" if passive else _subject_en(sentence, start, mentions)
        return (
            (agent if agent != UNKNOWN else subject)
            or _doer(sentence, trigger, mentions)
            or _vower(sentence, start, mentions)
            or UNKNOWN
        )
    subject = (
        _subject_en(sentence, start, mentions)
        or _inverted_en(sentence, trigger, mentions)
        or _left_with(sentence, end, mentions)
    )
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
            or context.lead_in
            or context.topic
            or UNKNOWN
        )
    if not sentence[:start].strip(' ,;("“') and context.lead_in:
        return context.lead_in
    return _doer(sentence, trigger, mentions) or _vower(sentence, start, mentions) or UNKNOWN


def is_passive(sentence: str, trigger: Trigger) -> bool:
    """Whether the verb behind a trigger is passive: its subject bears nothing."""
    return (
        trigger.rule not in _ACTIVE
        and _PASSIVE.match(sentence, trigger.end) is not None
        and not _NOT_PASSIVE.match(sentence, trigger.end)
    )


def names_subject(sentence: str, trigger: Trigger, mentions: Sequence[Mention]) -> bool:
    """Whether a party, or a word for one, is the subject of a trigger."""
    return bool(
        _subject_en(sentence, trigger.start, mentions)
        or _inverted_en(sentence, trigger, mentions)
        or ends_with(sentence, _PRONOUN, trigger.start)
    )


def _consenter(sentence: str, start: int, mentions: Sequence[Mention]) -> str:
    """Whose consent is spoken of: "Supplier's consent", "the approval of Supplier"."""
    for place, mention in enumerate(mentions):
        of = re.search(r"(?i)(?:consent|approval)s?\s+of\s+(?:the\s+)?$", sentence[: mention.start])
        owns = re.match(r"['’]s?\s+(?:\w+\s+){0,4}(?:consent|approval)", sentence[mention.end :])
        if mention.end <= start and (of or owns):
            return opposite_in(mentions[:place]) if mention.party == "other" else mention.party
    return ""


def _vower(sentence: str, start: int, mentions: Sequence[Mention]) -> str:
    """Who vouches for what is said of a thing: "Supplier warrants that the goods will …"."""
    vow = ends_with(sentence, _VOWS, start)
    return _subject_en(sentence, vow.start(), mentions) if vow else ""


def _doer(sentence: str, trigger: Trigger, mentions: Sequence[Mention]) -> str:
    """Whose deed a sentence judges: "no failure of either party shall be construed as …"."""
    if trigger.rule not in _DEED_RULES:
        return ""
    deeds = (m for m in mentions if m.end <= trigger.start)
    return next((m.party for m in deeds if ends_with(sentence, _DEED, m.start)), "")


def _left_with(sentence: str, end: int, mentions: Sequence[Mention]) -> str:
    """With whom a thing lies or stays: "shall be the responsibility of Supplier"."""
    for mention in mentions:
        if not 0 <= mention.start - end <= 100 or mention.party == "other":
            continue
        between = sentence[end : mention.start]
        owns = _STAYS_OWN.fullmatch(between) and _OWN_BURDEN.match(sentence, mention.end)
        if owns or _STAYS_WITH.fullmatch(between):
            return mention.party
    return ""


def _subject_en(sentence: str, start: int, mentions: Sequence[Mention]) -> str:
    for index in range(bisect_left(mentions, start, key=_START) - 1, -1, -1):
        mention = mentions[index]
        if mention.end > start or (mention.party == "other" and start - mention.end > 20):
            continue
        if not _GAP.fullmatch(sentence, mention.end, start):
            continue
        named = _coordinated(sentence, mentions[: index + 1])
        if _is_governed(sentence, named[0].start):
            continue
        if mention.party == "other":
            return opposite_in(mentions[:index])
        return BOTH if len({item.party for item in named}) > 1 else mention.party
    return ""


def _is_governed(sentence: str, start: int) -> bool:
    """Whether what begins here stands behind a preposition, and so is no subject."""
    governed = ends_with(sentence, _PREPOSITION, start)
    return governed is not None and not ends_with(sentence, _ONE_OF, start)


def _coordinated(sentence: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions at the end that make up one subject: "Otis, UTC and Carrier".

    What stands behind the comma of a list that a preposition governs is a subject of its own
    ("as agreed by Seller, Buyer and Agent shall …"); a list names nobody twice.
    """
    first = len(mentions) - 1
    named = {mentions[first].party}
    commas = []
    while first:
        between = sentence[mentions[first - 1].end : mentions[first].start]
        last = first == len(mentions) - 1
        if not (_JOINED if last else _LISTED).fullmatch(between):
            break
        if mentions[first - 1].party in named:
            return mentions[-1:]
        if between.lstrip().startswith(","):
            commas.append(first)
        first -= 1
        named.add(mentions[first].party)
    governed = _is_governed(sentence, mentions[first].start)
    return mentions[max(commas) if governed and commas else first :]


def _inverted_en(sentence: str, trigger: Trigger, mentions: Sequence[Mention]) -> str:
    """The subject behind a modal: "in no event shall Supplier be liable"."""
    end = trigger.end
    if not _MODAL.search(sentence, trigger.start, end):
        return ""
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
