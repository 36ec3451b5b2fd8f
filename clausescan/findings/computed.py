"""The few conditions that compare clauses with each other; rules name them under ``computed``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from clausescan.contract import Contract
from clausescan.findings.attributes import find_attributes, split_values
from clausescan.findings.burdens import CLAUSE_KINDS, Fact, text_languages
from clausescan.findings.conditions import Question, computed

Found = tuple[Fact, ...] | None

_RELIEF = frozenset({"exclusivity.carveout"})
"""What loosens a duty is none."""
_HARD_FAMILIES = ("exclusivity", "performance", "ip", "payment")
_TIES = frozenset(
    [
        "exclusivity.grant",
        "exclusivity.covenant",
        "non_compete",
        "non_solicit",
        "non_circumvention",
        "confidentiality",
        "territory.boundary",
        "ip.retained",
    ]
)
_ENDS = frozenset({"termination"})
_NOTICE = "termination.notice_days"
_EFFORT = 0.35
"""Strength of bare best efforts; softer verbs promise attitude only."""
_RIGHTS = frozenset({"permission", "entitlement", "discretion", "exemption"})
_EXITS = frozenset({"permission", "entitlement", "discretion", "obligation"})


@computed("strength_gap")
def strength_gap(question: Question, parameters: Mapping[str, float]) -> Found:
    """Our duties in the four core families are firmer than theirs by ``gap`` on average.

    Each smallest clause counts once by its strongest norm; mutual norms, rights, payouts and
    declarations stay out; each side needs ``least`` clauses.
    """
    ours = _strongest(question, question.us, question.them)
    theirs = _strongest(question, question.them, question.us)
    least = parameters.get("least", 2)
    if len(ours) < least or len(theirs) < least:
        return None
    gap = _mean(ours) - _mean(theirs)
    if gap < parameters.get("gap", 0.35) - 1e-9:
        return None
    softest = sorted(theirs, key=lambda fact: (fact.strength, fact.location.start))[:3]
    hardest = sorted(ours, key=lambda fact: (-fact.strength, fact.location.start))[:3]
    return (*hardest, *softest)


@computed("notice_ratio")
def notice_ratio(question: Question, parameters: Mapping[str, float]) -> Found:
    """Either side may leave at will, but our notice is ``ratio`` times theirs or more."""
    ours = _notices(question, question.us, question.them)
    theirs = _notices(question, question.them, question.us)
    if not ours or not theirs:
        return None
    days = _days(question, (*ours, *theirs))
    longest = max(ours, key=lambda fact: days[id(fact)])
    shortest = min(theirs, key=lambda fact: days[id(fact)])
    if days[id(longest)] < parameters.get("ratio", 2.0) * max(days[id(shortest)], 1.0):
        return None
    return (longest, shortest)


@computed("affiliate_gap")
def affiliate_gap(question: Question, parameters: Mapping[str, float]) -> Found:
    """A restriction on us names affiliates and none on them does.

    A right, such as to show secrets to one's shareholders, restricts nobody's affiliates.
    """
    bound = [
        fact
        for fact in question.view.labelled(_TIES)
        if "affiliates" in fact.attributes
        and (fact.norm is None or fact.norm.modality not in _RIGHTS)
    ]
    ours = [
        fact for fact in bound if fact.burdened & question.us and not fact.burdened & question.them
    ]
    if not ours or any(fact.burdened & question.them for fact in bound):
        return None
    return tuple(ours)


@computed("license_differs")
def license_differs(question: Question, parameters: Mapping[str, float]) -> Found:
    """Two texts of one clause name different licence types; 独家 beside "exclusive" counts."""
    contract = question.view.contract
    found = []
    for fact in question.view.labelled(frozenset({"exclusivity.grant", "ip.license"})):
        other = contract.clause_by_id.get(fact.clause.pair)
        own = _types(fact.attributes)
        if other is None or not own or not (theirs := _types(other.attributes)):
            continue
        if own != theirs and {*own, *theirs} != {"exclusive", "ambiguous"}:
            found.append(fact)
    return tuple(found) or None


@computed("prevails_conflict")
def prevails_conflict(question: Question, parameters: Mapping[str, float]) -> Found:
    """The two texts, or two clauses, name different versions as the one that prevails."""
    ranks = _ranks(question.view.contract)
    kinds = {value for values in ranks for value in values}
    if len(kinds & {"en", "zh"}) < 2 and not ("equal" in kinds and len(kinds) > 1):
        return None
    return _language_facts(question) or None


@computed("texts_unchecked")
def texts_unchecked(question: Question, parameters: Mapping[str, float]) -> Found:
    """Two texts without a prevailing one, and no comparison has found that they agree."""
    contract = question.view.contract
    if len(text_languages(contract)) < 2 or question.view.texts_agree:
        return None
    if any({"en", "zh"} & set(values) for values in _ranks(contract)):
        return None
    return _language_facts(question)


def _strongest(question: Question, side: frozenset[str], other: frozenset[str]) -> list[Fact]:
    best: dict[str, Fact] = {}
    for fact in question.view.facts:
        norm = fact.norm
        if norm is None or norm.modality not in ("obligation", "prohibition"):
            continue
        # A duty that favours its bearer, such as late payment, is no price that it pays.
        if not fact.bearers & side or not fact.burdened & side or fact.burdened & other:
            continue
        core = any(label.split(".")[0] in _HARD_FAMILIES for label in fact.labels - _RELIEF)
        # A duty as soft as this is one of efforts, whatever else its clause is about.
        if not core and norm.strength > _EFFORT:
            continue
        kept = best.get(fact.clause.id)
        if kept is None or fact.strength > kept.strength:
            best[fact.clause.id] = fact
    return list(best.values())


def _mean(facts: Iterable[Fact]) -> float:
    strengths = [fact.strength for fact in facts]
    return sum(strengths) / len(strengths)


def _notices(question: Question, side: frozenset[str], other: frozenset[str]) -> list[Fact]:
    return [
        fact
        for fact in question.view.labelled(_ENDS)
        if fact.norm is not None
        and fact.norm.modality in _EXITS
        and fact.bearers & side
        and not fact.bearers & other
        and "convenience" in _values(fact, "termination.ground")
        and _NOTICE in fact.attributes
    ]


def _days(question: Question, rights: Iterable[Fact]) -> dict[int, float]:
    """The notice of each right to leave, by the fact's identity."""
    wanted = {id(fact) for fact in rights}
    shared: dict[tuple[str, str], list[Fact]] = {}
    for fact in question.view.labelled(_ENDS):
        if id(fact) in wanted:
            shared.setdefault((fact.clause.id, fact.text), []).append(fact)
    return {
        id(fact): max(map(float, values))
        for facts in shared.values()
        for fact, values in zip(facts, _stated(facts, question.view.language), strict=True)
    }


def _stated(facts: Sequence[Fact], language: str) -> list[tuple[str, ...]]:
    """The notice of each right in a sentence: what follows, or what leads to, its verb."""
    if len(facts) > 1:
        for parts in _around_verbs(facts):
            found = [find_attributes(part, language, _ENDS).get(_NOTICE, "") for part in parts]
            if all(found):
                return [split_values(value) for value in found]
    return [_values(fact, _NOTICE) for fact in facts]


def _around_verbs(facts: Sequence[Fact]) -> tuple[list[str], list[str]]:
    """What follows each verb of a sentence up to the next one, and what leads up to each."""
    text, cursor, starts = facts[0].text, 0, []
    for fact in facts:
        at = text.find(fact.norm.trigger, cursor) if fact.norm else -1
        starts.append(max(at, cursor))
        cursor = starts[-1] + 1
    behind = [text[left:right] for left, right in pairwise([*starts, len(text)])]
    ahead = [text[left:right] for left, right in pairwise([0, *starts])]
    return behind, ahead


def _types(attributes: Mapping[str, str]) -> frozenset[str]:
    return (
        frozenset(split_values(attributes["license"])) if "license" in attributes else frozenset()
    )


def _values(fact: Fact, name: str) -> tuple[str, ...]:
    return split_values(fact.attributes[name]) if name in fact.attributes else ()


def _ranks(contract: Contract) -> list[tuple[str, ...]]:
    """What each clause says about the version that prevails."""
    return [
        split_values(clause.attributes["prevails"])
        for clause in contract.clauses
        if "prevails" in clause.attributes and clause.kind in CLAUSE_KINDS
    ]


def _language_facts(question: Question) -> tuple[Fact, ...]:
    return tuple(
        fact
        for fact in question.view.labelled(frozenset({"language"}))
        if fact.norm is None and "prevails" in fact.attributes
    )
