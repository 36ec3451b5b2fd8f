"""The few conditions that compare clauses with each other; rules name them under ``computed``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clausescan.contract import Contract
from clausescan.findings.attributes import split_values
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
    longest, shortest = max(ours, key=_days), min(theirs, key=_days)
    if _days(longest) < parameters.get("ratio", 2.0) * max(_days(shortest), 1.0):
        return None
    return (longest, shortest)


@computed("affiliate_gap")
def affiliate_gap(question: Question, parameters: Mapping[str, float]) -> Found:
    """A restriction on us names affiliates and none on them does."""
    bound = [fact for fact in question.view.labelled(_TIES) if "affiliates" in fact.attributes]
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
        if not any(label.split(".")[0] in _HARD_FAMILIES for label in fact.labels - _RELIEF):
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
        for fact in question.view.labelled(frozenset({"termination"}))
        if fact.norm is not None
        and fact.norm.modality in _EXITS
        and fact.bearers & side
        and not fact.bearers & other
        and "convenience" in _values(fact, "termination.ground")
        and "termination.notice_days" in fact.attributes
    ]


def _days(fact: Fact) -> float:
    return max(map(float, _values(fact, "termination.notice_days")))


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
