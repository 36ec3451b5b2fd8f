"""Clause scores, balance, exposure and light; pure functions, every figure from weights.toml.

Balance says who is bound (+100 only the foreign side, -100 only the Chinese side), exposure how
much it can hurt our side. They are shown side by side and never averaged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from clausescan.contract import Burdened, Clause, Contract, Load
from clausescan.findings import Finding
from clausescan.findings.attributes import archetypes
from clausescan.findings.burdens import Fact, Facts, read_facts, text_languages
from clausescan.findings.sides import Sides, find_sides
from clausescan.findings.verdict import write_verdict
from clausescan.findings.weights import Group, Weights, load_weights
from clausescan.standing import Standing, find_standing

Light = Literal["red", "amber", "green", "grey"]

_SPACE = re.compile(r"\W+")
_CONTROL = "vie"
"""Documents by which a shell controls a company: one-sided by design, so they have no balance."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole contract in four figures.

    Attributes:
        balance: -100 to 100, positive where the foreign side is bound (our side, where no side is
            known to be foreign); None where the sides are not known.
        exposure: 0 to 100, over the findings that hurt our side.
        light: ``red``, ``amber``, ``green`` or ``grey``.
        verdict: One sentence.
        standing: Where the balance stands among real contracts of the kind; None without one.
    """

    balance: float | None
    exposure: float
    light: Light
    verdict: str
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Burden:
    """What one norm adds to the load of one side.

    Attributes:
        fact: The norm.
        materiality: How much its heaviest label matters.
        expected: Less than 1 where the trade expects it.
        positive: On which side: True for the positive one of `Sides`.
    """

    fact: Fact
    materiality: float
    expected: float
    positive: bool

    @property
    def weight(self) -> float:
        """Strength × materiality, less where the trade expects it."""
        return self.fact.strength * self.materiality * self.expected

    @property
    def load(self) -> Load:
        """As the report tells it."""
        return Load(
            norm=self.fact.norm.id if self.fact.norm else "",
            labels=tuple(sorted(self.fact.labels)),
            sign=1 if self.positive else -1,
            strength=round(self.fact.strength, 3),
            materiality=self.materiality,
            expected=self.expected,
            weight=round(self.weight, 4),
        )


def score_clauses(contract: Contract, *, us: str = "", facts: Facts | None = None) -> Contract:
    """The contract with ``score`` and ``burdened`` of every clause filled in.

    Where the sides are not known, scores are 0 and burdens ``unknown``.

    Raises:
        UsageError: `us` is no party of the contract.
    """
    sides = find_sides(contract, us)
    found: dict[str, list[Fact]] = {}
    for items in (read_facts(contract) if facts is None else facts).values():
        for fact in items:
            found.setdefault(fact.clause.id, []).append(fact)
    clauses = tuple(
        _scored(clause, found.get(clause.id, []), contract, sides) for clause in contract.clauses
    )
    return replace(contract, clauses=clauses)


def find_balance(contract: Contract, *, us: str = "", facts: Facts | None = None) -> float | None:
    """Who is bound, -100 to 100; the mean over the texts.

    None where sides are not known and for documents that let one company control another.

    Raises:
        UsageError: `us` is no party of the contract.
    """
    sides = find_sides(contract, us)
    if not sides.known:
        return None
    facts = read_facts(contract) if facts is None else facts
    if contract.archetype == _CONTROL:
        return None
    values = [_balance(facts[language], contract, sides) for language in text_languages(contract)]
    return round(sum(values) / len(values), 1) + 0.0 if values else 0.0


def find_exposure(findings: Iterable[Finding]) -> float:
    """How much the findings against our side can hurt, 0 to 100."""
    chances = load_weights().exposure
    safe = 1.0
    for finding in findings:
        if finding.hurts_us:
            safe *= 1.0 - chances[finding.severity] * finding.confidence
    return round(100 * (1.0 - safe), 1)


def summarise(
    contract: Contract,
    findings: Sequence[Finding],
    *,
    us: str = "",
    facts: Facts | None = None,
) -> Summary:
    """Balance, exposure, light and the verdict in one sentence.

    Args:
        contract: The contract.
        findings: What `clausescan.findings.find` found for the same `us`.
        us: Id of a party on our side; by default the foreign side is ours.
        facts: What `read_facts` gave for the contract, to save reading again.

    Raises:
        UsageError: `us` is no party of the contract.
    """
    sides = find_sides(contract, us)
    balance = find_balance(contract, us=us, facts=facts)
    exposure = find_exposure(findings)
    light = _light(contract, findings, sides, balance)
    verdict = write_verdict(contract, findings, sides, balance, unread=_is_unread(contract))
    standing = None if balance is None else find_standing(contract.archetype, balance)
    return Summary(balance, exposure, light, verdict, standing)


def _scored(clause: Clause, facts: Sequence[Fact], contract: Contract, sides: Sides) -> Clause:
    if not facts:
        return _weighed(clause, 0.0, "none")
    burdens = _merged(_burdens(facts, contract, sides))
    front = sum(item.weight for item in burdens if item.positive)
    back = sum(item.weight for item in burdens if not item.positive)
    score = round((front - back) / max(1.0, front + back), 3) + 0.0
    if not sides.known:
        return _weighed(clause, 0.0, "unknown")
    loads = tuple(item.load for item in burdens)
    who = _who(front, back, facts)
    named = sides.nations or who not in ("foreign", "chinese")
    return _weighed(clause, score, who if named else "unknown", loads)


def _weighed(
    clause: Clause, score: float, burdened: Burdened, loads: tuple[Load, ...] = ()
) -> Clause:
    if (clause.score, clause.burdened, clause.loads) == (score, burdened, loads):
        return clause
    return replace(clause, score=score, burdened=burdened, loads=loads)


def _who(front: float, back: float, facts: Sequence[Fact]) -> Burdened:
    """Whom a clause leaves worse off; a small rest on the other side does not make it mutual."""
    if front and back:
        even = 0.5 if any(fact.mutual for fact in facts) else 0.1
        if abs(front - back) <= even * (front + back):
            return "both"
    if front or back:
        return "foreign" if front > back else "chinese"
    lost = any(
        fact.norm and not fact.bearers and fact.norm.modality != "declaration" for fact in facts
    )
    return "unknown" if lost else "none"


def _burdens(facts: Iterable[Fact], contract: Contract, sides: Sides) -> list[Burden]:
    weights = load_weights()
    found = []
    for fact in facts:
        materiality = _materiality(fact, weights)
        expected = _expected(fact, contract, weights)
        for parties, positive in ((sides.positive, True), (sides.negative, False)):
            if fact.burdened & parties:
                found.append(Burden(fact, materiality, expected, positive))
    return found


def _materiality(fact: Fact, weights: Weights) -> float:
    known = [weights.materiality[label] for label in fact.labels if label in weights.materiality]
    return max(known, default=weights.plain_materiality)


def _expected(fact: Fact, contract: Contract, weights: Weights) -> float:
    """The discount for a burden that the trade expects of its bearer."""
    if fact.mutual or contract.archetype not in archetypes():
        return 1.0
    roles = {contract.party_by_id[party].role for party in fact.burdened}
    for item in archetypes()[contract.archetype]["expected"]:
        if not fact.labels.isdisjoint(item["labels"]) and roles & set(item["roles"]):
            return weights.expected_factor
    return 1.0


def _merged(burdens: Iterable[Burden]) -> list[Burden]:
    """One burden for each label set, side and wording: repetition adds nothing."""
    best: dict[tuple[object, ...], Burden] = {}
    for item in burdens:
        fact = item.fact
        modality = fact.norm.modality if fact.norm else ""
        key = (fact.labels, item.positive, fact.mutual, modality, _wording(fact.text))
        if key not in best or item.weight > best[key].weight:
            best[key] = item
    return list(best.values())


@lru_cache(maxsize=2000)
def _wording(text: str) -> str:
    """The letters of a text; kept, as clause scores and balance both ask for them."""
    return _SPACE.sub("", text).casefold()


def _balance(facts: Sequence[Fact], contract: Contract, sides: Sides) -> float:
    """One-sided loads, netted group by group, then damped by what binds both.

    Mutual words shrink the difference of their own group. The shrinking is applied to the sum, in
    proportion to the groups' differences: where all groups lean one way that is the same, and where
    they lean against each other a mutual clause cannot tip the sum.
    """
    weights = load_weights()
    burdens = _merged(_burdens(facts, contract, sides))

    @cache
    def firm(labels: frozenset[str], positive: bool) -> bool | None:
        return _firm(labels, burdens, weights, positive=positive)

    factors = [_paired(item, firm, weights) for item in burdens]
    pairs = list(zip(burdens, factors, strict=True))
    net, size, damped, used = [], [], [], 0.0
    for group in weights.groups:
        inside = [pair for pair in pairs if not group.labels.isdisjoint(pair[0].fact.labels)]
        if not any(not item.fact.mutual for item, _ in inside):
            continue
        used += group.weight
        lean = _load(inside, group, weights, side=True) - _load(inside, group, weights, side=False)
        net.append(group.weight * lean)
        size.append(abs(net[-1]))
        damped.append(size[-1] * (1.0 - _load(inside, group, weights, side=None)))
    if not math.fsum(size):
        return 0.0
    return 100 * math.fsum(net) / used * math.fsum(damped) / math.fsum(size)


def _load(
    inside: Iterable[tuple[Burden, float]], group: Group, weights: Weights, *, side: bool | None
) -> float:
    """The saturated load of the positive side, of the negative one, or (None) of mutual words."""
    summed = math.fsum(
        item.weight * factor * _share(item.fact, group, weights)
        for item, factor in inside
        if (item.positive if side is None else item.positive is side)
        and item.fact.mutual is (side is None)
    )
    return 1.0 - math.exp(-summed / weights.saturation)


def _share(fact: Fact, group: Group, weights: Weights) -> float:
    """A norm with labels of several groups counts in each by the materiality it has there."""
    here = max(weights.materiality[label] for label in fact.labels & group.labels)
    return here / _materiality(fact, weights)


def _paired(
    item: Burden, firm: Callable[[frozenset[str], bool], bool | None], weights: Weights
) -> float:
    """What a leg of an exchange counts: in full only if both legs are firm.

    Args:
        item: The burden.
        firm: What `_firm` says of all burdens, by labels and side.
        weights: The weights.
    """
    if item.fact.mutual:
        return 1.0
    for pair in weights.pairs:
        if not any(not part.isdisjoint(item.fact.labels) for part in pair.takes):
            continue
        given = firm(pair.gives, not item.positive)
        if given is None:
            continue
        taken = [firm(part, item.positive) for part in pair.takes]
        if not (given and all(taken)):
            return weights.unpaired_factor
    return 1.0


def _firm(
    labels: frozenset[str], burdens: Sequence[Burden], weights: Weights, *, positive: bool
) -> bool | None:
    """Whether one side bears a firm norm of these labels; None if it bears none."""
    strengths = [
        item.fact.strength
        for item in burdens
        if item.positive is positive
        and not item.fact.mutual
        and not labels.isdisjoint(item.fact.labels)
    ]
    return max(strengths) >= weights.pair_strength if strengths else None


def _is_unread(contract: Contract) -> bool:
    document = contract.document
    return document.pages_read < load_weights().light["coverage"] * document.pages


def _light(
    contract: Contract, findings: Sequence[Finding], sides: Sides, balance: float | None
) -> Light:
    limits = load_weights().light
    if _is_unread(contract) or balance is None or sides.confidence < limits["roles"]:
        return "grey"
    ours = [finding for finding in findings if finding.hurts_us]
    against = balance if sides.us == sides.positive else -balance
    sure = limits["red_confidence"]
    if against >= limits["red_balance"] or any(
        item.severity == "critical" and item.confidence >= sure for item in ours
    ):
        return "red"
    heavy = any(item.severity in ("critical", "high") for item in ours)
    return "amber" if heavy or against >= limits["amber_balance"] else "green"
