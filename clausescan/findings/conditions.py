"""Asks the conditions of one rule about one text, for one side.

In ``when``, words that bind both sides alike burden nobody; where absence or clearing is asked,
they count as present for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from clausescan.contract import Contract
from clausescan.findings.attributes import split_values
from clausescan.findings.burdens import Fact, holds
from clausescan.findings.rules import COMPUTED, Condition, Rule
from clausescan.findings.sides import named_party

_FIRM = 0.5

Status = Literal["fires", "cleared", "silent"]


@dataclass(frozen=True)
class View:
    """One language's text, indexed for the rules.

    Attributes:
        contract: The contract.
        language: ``en`` or ``zh``.
        facts: All facts, in reading order.
        by_label: The same by label.
        texts_agree: Whether a comparison of the two texts found nothing; None if none was made.
    """

    contract: Contract
    language: str
    facts: tuple[Fact, ...]
    by_label: Mapping[str, tuple[Fact, ...]]
    texts_agree: bool | None = None
    _pools: dict[frozenset[str], tuple[Fact, ...]] = field(default_factory=dict, repr=False)
    _words: dict[tuple[re.Pattern[str], str], bool] = field(default_factory=dict, repr=False)

    @property
    def presence(self) -> Mapping[str, float]:
        """Probability that this text holds a label anywhere, by label."""
        return self.contract.presence.get(self.language, {})

    def labelled(self, labels: frozenset[str]) -> tuple[Fact, ...]:
        """Facts with one of the labels, in the labels' order, each once."""
        pool = self._pools.get(labels)
        if pool is None:
            seen: dict[int, Fact] = {}
            for label in sorted(labels):
                for fact in self.by_label.get(label, ()):
                    seen.setdefault(id(fact), fact)
            pool = self._pools[labels] = tuple(seen.values())
        return pool

    def says(self, pattern: re.Pattern[str], text: str) -> bool:
        """Whether a text has words like these; searched once, as many facts share a long text."""
        found = self._words.get((pattern, text))
        if found is None:
            found = self._words[pattern, text] = pattern.search(text) is not None
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """For whom a rule is asked, and which rules have fired for that side."""

    view: View
    us: frozenset[str]
    them: frozenset[str]
    fired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A condition that holds, with what made it hold.

    Attributes:
        condition: The condition.
        facts: What it found; empty for absences and questions about the whole contract.
        missing: Labels that were not found.
        doubtful: Whether an absence rests on clauses whose bearer is not known.
        sure: How sure an absence is, 0 to 1; 1 where nothing needs to be absent.
    """

    condition: Condition
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    doubtful: bool = False
    sure: float = 1.0
    parts: tuple[Match, ...] = field(default=())


def make_view(
    contract: Contract,
    language: str,
    facts: tuple[Fact, ...],
    *,
    texts_agree: bool | None = None,
) -> View:
    """The facts of one language's text, indexed."""
    index: dict[str, list[Fact]] = {}
    for fact in facts:
        for label in fact.labels:
            index.setdefault(label, []).append(fact)
    by_label = {label: tuple(items) for label, items in index.items()}
    return View(contract, language, facts, by_label, texts_agree)


def ask(rule: Rule, question: Question) -> tuple[Status, tuple[Match, ...]]:
    """Whether a rule fires for one side in one text.

    Returns:
        ``fires`` with the matches; ``cleared`` if only an absence or an exception fails, or the
        words bind both, which means that the text holds what the rule asks for; else ``silent``.
    """
    matches: list[Match] = []
    failed: list[Condition] = []
    before: tuple[Fact, ...] = ()
    for condition in rule.when:
        match = check(condition, question, before=before)
        if match is None:
            if not _answered(condition, question, before):
                return "silent", ()
            failed.append(condition)
            continue
        before = match.facts or before
        matches.append(match)
    if failed or any(
        check(condition, question, before=before, lenient=True) for condition in rule.unless
    ):
        return "cleared", ()
    return "fires", tuple(matches)


def _answered(condition: Condition, question: Question, before: tuple[Fact, ...]) -> bool:
    """Whether a condition fails only for what was to be absent, or for words that bind both."""
    if condition.any:
        return any(_answered(part, question, before) for part in condition.any)
    if not condition.all:
        said = check(condition, question, before=before, lenient=True)
        return condition.absent or said is not None
    for part in condition.all:
        match = check(part, question, before=before, lenient=True)
        if match is None and not _answered(part, question, before):
            return False
        before = (match.facts if match else ()) or before
    return True


def check(
    condition: Condition,
    question: Question,
    *,
    before: tuple[Fact, ...] = (),
    lenient: bool = False,
) -> Match | None:
    """The match of one condition, or None.

    Args:
        condition: What to ask.
        question: Of which text and for whom.
        before: Facts that the condition before found.
        lenient: Whether mutual words count as burdening either side.
    """
    if not _fits_contract(condition, question):
        return None
    if condition.any:
        return _check_any(condition, question, before, lenient)
    if condition.all:
        return _check_all(condition, question, lenient)
    if condition.computed:
        found = _COMPUTED[condition.computed](question, condition.parameters)
        return None if found is None else Match(condition, found)
    if not (condition.labels or condition.all_labels or condition.attributes or condition.text):
        return Match(condition)
    return _check_facts(condition, question, before, lenient or condition.absent)


def _check_facts(
    condition: Condition, question: Question, before: tuple[Fact, ...], lenient: bool
) -> Match | None:
    facts = _select(condition, question, lenient)
    if condition.same_clause:
        clauses = {fact.clause.id for fact in before}
        facts = [fact for fact in facts if fact.clause.id in clauses]
    if condition.absent:
        if any(_is_firm(fact, condition) for fact in facts):
            return None
        labels = tuple(sorted(condition.labels | condition.all_labels))
        return Match(
            condition,
            missing=labels,
            doubtful=_doubtful(condition, question),
            sure=_sure(condition, question.view),
        )
    most = condition.count_max
    if len(facts) < condition.count_min and not (most is not None and not facts):
        return None
    if most is not None and len(facts) > most:
        return None
    return Match(condition, tuple(facts))


def _check_any(
    condition: Condition, question: Question, before: tuple[Fact, ...], lenient: bool
) -> Match | None:
    hits = [check(part, question, before=before, lenient=lenient) for part in condition.any]
    return _joined(condition, [hit for hit in hits if hit])


def _check_all(condition: Condition, question: Question, lenient: bool) -> Match | None:
    hits: list[Match] = []
    before: tuple[Fact, ...] = ()
    for part in condition.all:
        hit = check(part, question, before=before, lenient=lenient)
        if hit is None:
            return None
        before = hit.facts or before
        hits.append(hit)
    return _joined(condition, hits)


def _joined(condition: Condition, hits: list[Match]) -> Match | None:
    if not hits:
        return None
    facts = {id(fact): fact for hit in hits for fact in hit.facts}
    missing = dict.fromkeys(label for hit in hits for label in hit.missing)
    doubtful = all(hit.doubtful for hit in hits) or any(hit.doubtful for hit in hits if hit.missing)
    sure = (max if condition.any else min)(hit.sure for hit in hits)
    return Match(condition, tuple(facts.values()), tuple(missing), doubtful, sure, tuple(hits))


def _fits_contract(condition: Condition, question: Question) -> bool:
    contract = question.view.contract
    if condition.archetypes and contract.archetype not in condition.archetypes:
        return False
    if condition.title and not condition.title.search(contract.title):
        return False
    if condition.roles and not _plays(condition.roles, question):
        return False
    return not condition.rules or not condition.rules.isdisjoint(question.fired)


def _plays(roles: frozenset[str], question: Question) -> bool:
    """Whether a party of ours has one of the roles; ``""`` stands for a role that is not known."""
    parties = question.view.contract.parties
    return any(party.role in roles for party in parties if party.id in question.us)


def _select(condition: Condition, question: Question, lenient: bool) -> list[Fact]:
    view = question.view
    wanted = condition.labels or condition.all_labels
    pool = view.labelled(wanted) if wanted else view.facts
    return [fact for fact in pool if _fits(fact, condition, question, lenient)]


def _fits(fact: Fact, condition: Condition, question: Question, lenient: bool) -> bool:
    if condition.all_labels and not condition.all_labels <= fact.labels:
        return False
    if condition.modality and (fact.norm is None or fact.norm.modality not in condition.modality):
        return False
    if not condition.strength_min <= fact.strength <= condition.strength_max:
        return False
    if condition.burdens and not _binds(fact.burdened, condition.burdens, question, lenient):
        return False
    if condition.bearer and not _binds(fact.bearers, condition.bearer, question, lenient):
        return False
    if condition.text and not question.view.says(condition.text, fact.text):
        return False
    if condition.attributes and not _states(fact, condition.attributes, question):
        return False
    if not condition.without:
        return True
    return not any(_says(fact, name, tests, question) for name, tests in condition.without.items())


def _binds(parties: frozenset[str], side: str, question: Question, lenient: bool) -> bool:
    ours, theirs = bool(parties & question.us), bool(parties & question.them)
    if side == "any":
        return ours or theirs
    if side == "both":
        return ours and theirs
    mine, other = (ours, theirs) if side == "us" else (theirs, ours)
    return mine and (lenient or not other)


def _states(fact: Fact, wanted: Mapping[str, tuple[str, ...]], question: Question) -> bool:
    attributes = fact.attributes
    for name in wanted:
        if name not in attributes:
            return False
    return all(_says(fact, name, tests, question) for name, tests in wanted.items())


def _says(fact: Fact, name: str, tests: tuple[str, ...], question: Question) -> bool:
    if name not in fact.attributes:
        return False
    if tests[0] in ("us", "them"):
        return _names_side(fact.attributes[name], tests, question)
    return holds(fact.attributes, {name: tests})


def _names_side(value: str, sides: tuple[str, ...], question: Question) -> bool:
    wanted = frozenset[str]().union(
        *(question.us if side == "us" else question.them for side in sides)
    )
    contract = question.view.contract
    return any(named_party(contract, item) in wanted for item in split_values(value))


def _is_firm(fact: Fact, condition: Condition) -> bool:
    """Whether a fact is more likely than not what was to be absent; weaker ones only cast doubt."""
    wanted = condition.labels | condition.all_labels
    scores = [item.score for item in fact.clause.labels if item.label in wanted]
    return max(scores, default=1.0) >= _FIRM


def _sure(condition: Condition, view: View) -> float:
    """How sure it is that a text lacks all of some labels.

    Clauses that carry one and bind somebody explain why the text looks as if it held it.
    """
    labels = condition.labels | condition.all_labels
    facts = view.labelled(labels)
    if any(fact.burdened and _is_firm(fact, condition) for fact in facts):
        return 1.0
    return 1.0 - max((view.presence.get(label, 0.0) for label in labels), default=0.0)


def _doubtful(condition: Condition, question: Question) -> bool:
    """Whether a clause of the missing kind exists but nobody knows whom it binds."""
    facts = question.view.labelled(condition.labels | condition.all_labels)
    bound = {fact.clause.id for fact in facts if fact.burdened}
    return any(
        not fact.burdened
        and (fact.norm is None or not fact.bearers)
        and fact.clause.id not in bound
        for fact in facts
    )


Computed = Callable[[Question, Mapping[str, float]], tuple[Fact, ...] | None]
_COMPUTED: dict[str, Computed] = {}


def computed(name: str) -> Callable[[Computed], Computed]:
    """Registers a condition that needs code under a name of `playbook.COMPUTED`.

    Raises:
        KeyError: The name is not declared there, so rules could not use it.
    """
    if name not in COMPUTED:
        raise KeyError(name)

    def register(function: Computed) -> Computed:
        _COMPUTED[name] = function
        return function

    return register
