"""Contract × playbook → findings; pure functions, no language processing, no files.

Each text (English, Chinese) is asked on its own and the answers are joined; each rule is asked for
both sides, unless it can only hurt the foreign one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import clausescan.findings.computed  # noqa: F401  # registers the conditions that need code
from clausescan.contract import Contract
from clausescan.document import Location
from clausescan.findings.burdens import Fact, Facts, read_facts, text_languages
from clausescan.findings.conditions import Match, Question, Status, View, ask, check, make_view
from clausescan.findings.rules import SEVERITIES, Condition, Playbook, Rule, Severity, describe
from clausescan.findings.sides import Sides, find_sides

Text = Literal["en", "zh", "both"]

_MOST_EVIDENCE = 4
_DOUBT = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that made a rule fire; the quote is a verbatim piece of the clause."""

    clause: str
    quote: str
    location: Location


@dataclass(frozen=True, slots=True)
class Basis:
    """One condition of a rule and what met it.

    Attributes:
        condition: The condition in words.
        clauses: Ids of the clauses that met it; empty where nothing was found, as asked.
    """

    condition: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One asymmetry of the contract.

    Attributes:
        rule: Id of the rule.
        severity: After raising, lowering and downgrades.
        confidence: 0 to 1: roles, labels and absences taken together.
        burdened: Id of the party that it hurts.
        hurts_us: Whether that party is on our side; False where the sides are not known.
        clauses: Ids of the clauses it rests on, in reading order.
        missing: Labels that were looked for and not found.
        text: In which text it holds: ``en``, ``zh`` or ``both``.
        title: A few words.
        why: Why it matters.
        clears: What would clear it.
        ask: What to propose, by language.
        evidence: Quotes with their places.
        basis: The conditions that were met.
        notes: Why its severity is not the rule's own.
    """

    rule: str
    severity: Severity
    confidence: float
    burdened: str
    hurts_us: bool
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    text: Text
    title: str
    why: str
    clears: str
    ask: Mapping[str, str]
    evidence: tuple[Evidence, ...]
    basis: tuple[Basis, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that fired for one side in one text."""

    rule: Rule
    question: Question
    matches: tuple[Match, ...]


def find(
    contract: Contract,
    playbook: Playbook,
    *,
    us: str = "",
    texts_agree: bool | None = None,
    facts: Facts | None = None,
) -> tuple[Finding, ...]:
    """All findings, those that hurt us first, worst first.

    Args:
        contract: The contract; its clauses need labels, norms and attributes.
        playbook: The rules.
        us: Id of a party on our side; by default the foreign side is ours.
        texts_agree: Whether a comparison of both texts found nothing; None if none was made.
        facts: What `read_facts` gave for the contract, to save reading again.

    Raises:
        UsageError: `us` is no party of the contract.
    """
    sides = find_sides(contract, us)
    if not (sides.us and sides.them):
        return ()
    facts = read_facts(contract) if facts is None else facts
    views = [
        make_view(contract, language, facts[language], texts_agree=texts_agree)
        for language in text_languages(contract)
    ]
    order = {clause.id: index for index, clause in enumerate(contract.clauses)}
    findings = [
        finding
        for hurt, other in ((sides.us, sides.them), (sides.them, sides.us))
        for finding in _find_for(hurt, other, views, playbook, sides, order)
    ]
    ranks = {rule.id: index for index, rule in enumerate(playbook.rules)}
    return tuple(
        sorted(
            findings,
            key=lambda item: (
                not item.hurts_us,
                SEVERITIES.index(item.severity),
                ranks[item.rule],
            ),
        )
    )


def _find_for(
    hurt: frozenset[str],
    other: frozenset[str],
    views: Sequence[View],
    playbook: Playbook,
    sides: Sides,
    order: Mapping[str, int],
) -> list[Finding]:
    """The findings that hurt one side."""
    rules = [rule for rule in playbook.rules if _applies(rule, hurt, sides, views)]
    hits: dict[str, list[_Hit]] = {}
    states: dict[str, list[Status]] = {}
    for view in views:
        question = Question(view, hurt, other)
        for rule in rules:
            status, matches = ask(rule, question)
            states.setdefault(rule.id, []).append(status)
            if status == "fires":
                hits.setdefault(rule.id, []).append(_Hit(rule, question, matches))
    silenced = {name for item in hits.values() for name in item[0].rule.supersedes}
    fired = frozenset(hits)
    return [
        _finding(hits[rule.id], states[rule.id], fired, sides, order)
        for rule in rules
        if rule.id in hits and rule.id not in silenced
    ]


def _applies(rule: Rule, hurt: frozenset[str], sides: Sides, views: Sequence[View]) -> bool:
    if rule.only_foreign and not hurt & sides.foreign:
        return False
    archetype = views[0].contract.archetype if views else ""
    return not rule.archetypes or archetype in rule.archetypes


def _finding(
    hits: Sequence[_Hit],
    states: Sequence[Status],
    fired: frozenset[str],
    sides: Sides,
    order: Mapping[str, int],
) -> Finding:
    rule = hits[0].rule
    matches = [match for hit in hits for match in hit.matches]
    severity, notes = _severity(hits, states, fired)
    clauses = {fact.clause.id for match in matches for fact in match.facts}
    hurt = hits[0].question.us
    return Finding(
        rule=rule.id,
        severity=severity,
        confidence=_confidence(hits, sides),
        burdened=_party(matches, hurt),
        hurts_us=sides.known and hurt == sides.us,
        clauses=tuple(sorted(clauses, key=lambda name: order[name])),
        missing=tuple(dict.fromkeys(name for match in matches for name in match.missing)),
        text=_text(hits),
        title=rule.title,
        why=rule.why,
        clears=rule.clears,
        ask=rule.ask,
        evidence=_evidence(hits, order),
        basis=tuple(basis for hit in hits for match in hit.matches for basis in _basis(match)),
        notes=notes,
    )


def _severity(
    hits: Sequence[_Hit], states: Sequence[Status], fired: frozenset[str]
) -> tuple[Severity, tuple[str, ...]]:
    """The worst level of the texts, then what the rule, the file and the other text make of it."""
    rule = hits[0].rule
    levels, notes = [], []
    for hit in hits:
        question = replace(hit.question, fired=fired)
        up = [item for item in rule.raises if check(item, question)]
        down = [item for item in rule.lowers if check(item, question)]
        levels.append(SEVERITIES.index(rule.severity) - len(up) + len(down))
        notes += [f"raised: {describe(item)}" for item in up]
        notes += [f"lowered: {describe(item)}" for item in down]
    level = max(min(levels), 0)
    contract = hits[0].question.view.contract
    gaps = bool(contract.missing_annexes) or contract.redactions > 0
    if gaps and all(any(map(_rests_on_absence, hit.matches)) for hit in hits):
        level += 1
        notes.append("lowered: annexes are missing or text is redacted, so an absence is unsure")
    if "cleared" in states:
        level += 1
        notes.append("lowered: the other text clears it")
    return SEVERITIES[min(level, len(SEVERITIES) - 1)], tuple(dict.fromkeys(notes))


def _rests_on_absence(match: Match) -> bool:
    """Whether it would not hold without something that was not found."""
    if match.parts:
        return (all if match.condition.any else any)(map(_rests_on_absence, match.parts))
    return bool(match.missing)


def _confidence(hits: Sequence[_Hit], sides: Sides) -> float:
    """Roles × the weakest presence × the least sure absence.

    An absence resting on clauses whose bearer is unknown counts for less.
    """
    best = 0.0
    for hit in hits:
        presence = hit.question.view.presence
        seen = [_seen(match, presence) for match in hit.matches if match.facts]
        value = min(seen, default=1.0) * min((match.sure for match in hit.matches), default=1.0)
        if any(match.doubtful for match in hit.matches):
            value *= _DOUBT
        best = max(best, value)
    return round(best * sides.confidence, 2)


def _seen(match: Match, presence: Mapping[str, float]) -> float:
    """That at least one of the clauses carries one of the labels asked for.

    What the clauses say by themselves is held against what the whole text says.
    """
    wanted = _labels(match.condition)
    missed = 1.0
    for clause in {fact.clause.id: fact.clause for fact in match.facts}.values():
        scores = [item.score for item in clause.labels if not wanted or item.label in wanted]
        missed *= 1.0 - max(scores, default=1.0)
    own = 1.0 - missed
    told = [presence[label] for label in wanted if label in presence]
    return math.sqrt(own * max(told)) if told else own


def _labels(condition: Condition) -> frozenset[str]:
    own = condition.labels | condition.all_labels
    return own.union(*(_labels(part) for part in (*condition.any, *condition.all)))


def _party(matches: Iterable[Match], hurt: frozenset[str]) -> str:
    counts = Counter(
        party for match in matches for fact in match.facts for party in fact.burdened & hurt
    )
    return min(hurt, key=lambda party: (-counts[party], party))


def _text(hits: Sequence[_Hit]) -> Text:
    if len(hits) > 1:
        return "both"
    return "zh" if hits[0].question.view.language == "zh" else "en"


def _evidence(hits: Sequence[_Hit], order: Mapping[str, int]) -> tuple[Evidence, ...]:
    found: dict[tuple[str, str], Evidence] = {}
    for hit in hits:
        for match in hit.matches:
            strongest = sorted(match.facts, key=lambda fact: (-fact.strength, fact.location.start))
            for fact in strongest[:_MOST_EVIDENCE]:
                item = _quote(fact)
                found.setdefault((item.clause, item.quote), item)
    return tuple(sorted(found.values(), key=lambda item: (order[item.clause], item.location.start)))


def _quote(fact: Fact) -> Evidence:
    """The sentence of the norm, or of the clause that carries the labels."""
    clause = fact.clause
    for sentence in clause.sentences:
        own = fact.norm.id in sentence.norms if fact.norm else False
        said = not fact.norm and any(item.label in fact.labels for item in sentence.labels)
        if own or said:
            return Evidence(clause.id, sentence.text, sentence.location)
    return Evidence(clause.id, clause.text, clause.location)


def _basis(match: Match) -> list[Basis]:
    if match.parts:
        return [basis for part in match.parts for basis in _basis(part)]
    clauses = tuple(dict.fromkeys(fact.clause.id for fact in match.facts))
    return [Basis(describe(match.condition), clauses)]
