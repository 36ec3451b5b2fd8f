"""Who bears a Chinese norm: the subject in front of its trigger, or nobody.

Order of resolution: grammatical subject or agent (由X), coordinated verb, list lead-in or heading,
topic-drop; else `UNKNOWN`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from clausescan.pipeline.actors import BOTH, UNKNOWN, Context, Mention, ends_with, opposite_in
from clausescan.pipeline.triggers import Trigger

_OBJECT_ZH = re.compile(
    r"(?:向|对|對|与|與|给|給|为|從|从|自|以|按|按照|依|依照|将|將|把|被|受|经|經|因|除|凭|通知|要求|支付|交付|授予|提供"
    r"|委托|许可|指定|代表|协助|配合|越过|绕过|不影响|赔偿|补偿|征得|取得|根据|造成|导致|致使|使)$"
)
_POSSESSIVE_ZH = re.compile(
    r"的(?!(?:一切|各项|任何|全部)?(?:活动|行为)|关联|關聯|员工|子公司|人员|股东|代理|分销|下级)|所(?=有|在|属)|(?:名义|所在地|书面)"
)
_CONSENT_ZH = re.compile(r"(?:未经|未經|非经|经|經|征得|取得)[^，。；后後]*$")
_TOPIC_ZH = re.compile(
    # Possessive: an adverbial is taken as long as it can be, and never given back. Any shorter
    # choice leads to the same places, but there are more of them than any clock can count.
    r"(?:^|[，、；：:])(?:(?>[^，；。]{0,18}"
    r"(?:内|內|后|後|前|时|時|下|日|起|的|外|期间|期間|过程中|基础上|情况|原因))"
    r"|并|並|且|而且|同时|同時|还|還|也|亦|另|但|均|都|即|届时|屆時|仍|则|則|并且|或者?|如有|此外|另外|其"
    r"|不|自行|及时|每年|每月|只|方|才|就|一律|分别|事先|必要时|随即|共同|各自)*+$"
)
_ORGAN_ZH = re.compile(
    r"的?(?![应须可将同和与在对向经由及派])[\u4e00-\u9fff]{0,4}(?:部门|董事会|董事长?|经理|监事会?|委员会|机构|审计师|小组|办公室)"
)
_BY_OTHERS = re.compile(r"由(?![^，。；]{1,24}(?:中|内|起|收益|账户|帐户)(?:[弥支扣提列]|$))")
_BY_CONSULTING = re.compile(r"经[^，。；]{1,16}(?:协商|商定)")
_BY_ONE = re.compile(r"由[“\"「『]?$")
_BY_ALL = re.compile(r"由[\u4e00-\u9fff、]{0,4}$")
_OF_THEIRS = re.compile(r"(?:共同)?(?:同意|指定|认可|委托|确认|选定|聘请|推荐|委派|任命|提名)的")
_OPENS_SEGMENT = re.compile(
    r"(?:^|[，；：。])\W*(?:第[\w．.]+条|[\d０-９]+[．.、])?\s*"
    r"(?:如果?|若|当|凡|一旦|因|由于|但|而|且|则|并|同时|在)?$"
)
_CLAUSE_ZH = re.compile(
    r"其[^，。；]{0,4}(?:责任|活动|行为)"
    r"|(?:在|于|按|依|根据|向|以|自|从|为|对|经|将|把|除|凭|及时|立即|并|也|还|同时)"
)
_OPENS_ZH = re.compile(
    r"\W*(?:如|若|倘|当|在|于|因|由于|根据|依|按|为|经|未|除|对|自|逾期|一旦|此外|同时|另外|否则|但|并|也|还|且)"
)
_BY_ZH = re.compile(r"(?:^|[，；：])应?由$")
_NP_ZH = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,}$")

_END = attrgetter("end")
_OWNER = "owner"


def bearer_zh(
    sentence: str,
    trigger: Trigger,
    mentions: Sequence[Mention],
    previous: tuple[int, str] | None,
    context: Context,
) -> str:
    """Bearer of a Chinese norm; arguments as for `bearer_en`."""
    start, end = trigger.start, trigger.end
    if sentence[start:end].lstrip("均").startswith("归"):
        return _agent_zh(sentence, start, end, mentions)
    if start == end - 1 and _BY_OTHERS.match(sentence, end) and not _is_named(mentions, end + 1):
        return UNKNOWN
    agent = _by_agent(sentence, start, end, mentions)
    if agent or sentence.startswith("由", start):
        return agent or UNKNOWN
    if _BY_CONSULTING.match(sentence, end):
        return next((m.party for m in mentions if 0 <= m.start - end <= 2), UNKNOWN)
    dropped = bool(ends_with(sentence, _TOPIC_ZH, start))
    candidates = mentions[: bisect_right(mentions, start, key=_END)]
    reach = previous[0] if previous and dropped else 0
    subject, passed_object = _subject_zh(sentence, start, candidates, reach, dropped=dropped)
    if subject:
        return _agent_zh(sentence, start, end, mentions) if subject == _OWNER else subject
    agent = _agent_zh(sentence, start, end, mentions)
    if agent != UNKNOWN:
        return agent
    before = sentence[previous[0] : start] if previous else sentence[:start]
    if previous and ends_with(before, _TOPIC_ZH):
        return previous[1]
    if (
        dropped
        and _is_open(sentence, start)
        and not (passed_object and not _TOPIC_ZH.match(sentence[:start]))
    ):
        return context.lead_in or context.topic or UNKNOWN
    if context.lead_in and not ends_with(sentence, _NP_ZH, start):
        return context.lead_in
    return UNKNOWN


def _subject_zh(
    sentence: str, start: int, candidates: Sequence[Mention], reach: int, *, dropped: bool
) -> tuple[str, bool]:
    """The party in front of a trigger that acts, `_OWNER` where it only owns what is spoken of.

    Args:
        sentence: The sentence.
        start: Where the trigger begins.
        candidates: Parties named before it.
        reach: Parties that end before this are subjects of an earlier norm.
        dropped: Whether nothing in front of the trigger can be its subject.

    Returns:
        Party id, `BOTH`, `UNKNOWN`, `_OWNER` or "", and whether a party is passed over as object.
    """
    passed_object = False
    segment = max(sentence.rfind(mark, 0, start) for mark in "，；：")
    for place in range(len(candidates) - 1, -1, -1):
        mention = candidates[place]
        head, tail = mention.start, sentence[mention.end : start]
        away = mention.end < segment and not dropped
        if mention.end <= reach or (away and not _CLAUSE_ZH.search(sentence, segment, start)):
            break
        if sentence.endswith("由", 0, head) or ends_with(sentence, _BY_ZH, head):
            return mention.party, passed_object
        if "。" in tail or "；" in tail:
            break
        if ends_with(sentence, _CONSENT_ZH, head) or ends_with(sentence, _OBJECT_ZH, head):
            passed_object = True
            continue
        if _POSSESSIVE_ZH.match(sentence, mention.end):
            if "，" not in tail:
                return _OWNER, passed_object
            continue
        if _ORGAN_ZH.match(sentence, mention.end, start):
            return UNKNOWN, passed_object
        if mention.party == "other":
            return opposite_in(candidates), passed_object
        joined = place and _joined_zh(sentence, candidates[place - 1], mention)
        if joined:
            return BOTH, passed_object
        ahead = _ahead_of(sentence, candidates[:place], head) if mention.end < segment else None
        return (ahead or mention).party, passed_object
    return "", passed_object


def _ahead_of(sentence: str, candidates: Sequence[Mention], head: int) -> Mention | None:
    """The subject that opens the clause in which another party is only an object.

    甲方审查乙方的成果后，应付款: it is 甲方 who pays.
    """
    for mention in candidates:
        between = sentence[mention.end : head]
        alone = mention.party not in (BOTH, "other") and not re.search("[，。；：]", between)
        if alone and not _POSSESSIVE_ZH.match(sentence, mention.end):
            opens = ends_with(sentence, _OPENS_SEGMENT, mention.start)
            return mention if opens and len(between) > 1 else None
    return None


def _by_agent(sentence: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """Whom 由 right behind a trigger names, whoever stands before: 双方出资后，应由甲方聘请."""
    for place, mention in enumerate(mentions):
        by = _BY_ALL if mention.party == BOTH else _BY_ONE
        near = start <= mention.start <= end + 5 and by.search(sentence, start, mention.start)
        if not near or _OF_THEIRS.match(sentence, mention.end):
            continue
        if _ORGAN_ZH.match(sentence, mention.end, len(sentence)):
            return UNKNOWN
        others = mentions[place + 1 : place + 2]
        joined = any(_joined_zh(sentence, mention, other) for other in others)
        return BOTH if joined else mention.party if mention.party != "other" else ""
    return ""


def _agent_zh(sentence: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """The party behind 由 between trigger and verb: 费用应由乙方承担."""
    for mention in mentions:
        inside = mention.start >= start and mention.start - end <= 8
        if inside and _OF_THEIRS.match(sentence, mention.end):
            continue
        if inside and sentence[: mention.start].endswith("由"):
            return mention.party
        if start <= mention.start < end and sentence[: mention.start].endswith(("归", "由")):
            return mention.party
    return UNKNOWN


def _joined_zh(sentence: str, other: Mention, mention: Mention) -> bool:
    between = sentence[other.end : mention.start]
    return other.party != mention.party and bool(re.fullmatch(r"[和与及、與]|以及", between))


def _is_named(mentions: Sequence[Mention], place: int) -> bool:
    return any(mention.start == place for mention in mentions)


def _is_open(sentence: str, start: int) -> bool:
    """Whether a sentence begins with no subject of its own, so that one may be dropped."""
    head = sentence[:start]
    return "，" not in head or bool(
        _OPENS_ZH.match(head) or _TOPIC_ZH.match(head) or head.endswith("的，")
    )
