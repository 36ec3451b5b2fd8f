"""Rules and their conditions as records; `clausescan.playbook` reads them from files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from clausescan.findings.attributes import split_values

Severity = Literal["critical", "high", "medium", "advisory"]

SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "advisory")
"""Worst first."""

SIDES: Final = frozenset({"us", "them", "both", "any"})
MODALITIES: Final = frozenset(
    [
        "obligation",
        "prohibition",
        "permission",
        "entitlement",
        "discretion",
        "exemption",
        "declaration",
    ]
)
COMPUTED: Final[dict[str, str]] = {
    "strength_gap": "our duties are firmer than theirs by `gap` on average",
    "notice_ratio": "our notice of termination is `ratio` times theirs or more",
    "affiliate_gap": "our restrictions bind our group, theirs do not",
    "license_differs": "the two texts name different licence types",
    "prevails_conflict": "the two texts disagree on which one prevails",
    "texts_unchecked": "two texts of equal or unstated rank that were not found to agree",
}
"""Conditions that need code, by name, with what they say."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about the contract; all parts that are given must hold together.

    Attributes:
        say: What it means, in words, for the reader of a finding; "" to derive it.
        labels: The clause carries one of these.
        all_labels: The clause carries all of these.
        burdens: Whom the clause leaves worse off: ``us``, ``them``, ``both`` or ``any``.
        bearer: Whose duty or right it is, by grammar.
        modality: Kinds of norm.
        strength_min: Least strength of the norm.
        strength_max: Greatest strength of the norm.
        attributes: Facts that the clause must state; ``>60`` compares, ``us`` names a party.
        without: Facts that it must not state.
        absent: Whether no such clause may exist.
        count_min: Least number of such clauses.
        count_max: Greatest number of such clauses, or None.
        same_clause: Whether it must be a clause that the condition before found.
        text: Regular expression that the clause's words must match.
        title: Regular expression that the contract's title must match.
        archetypes: Kinds of deal of which the contract must be one.
        roles: Commercial roles of which a party of ours must have one; ``""`` for none known.
        rules: Rules of which one must have fired for the same side (raise and lower only).
        computed: Name of a condition in code.
        parameters: Numbers that it takes.
        any: Conditions of which one must hold.
        all: Conditions that must all hold.
    """

    say: str = ""
    labels: frozenset[str] = frozenset()
    all_labels: frozenset[str] = frozenset()
    burdens: str = ""
    bearer: str = ""
    modality: frozenset[str] = frozenset()
    strength_min: float = 0.0
    strength_max: float = 1.0
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    absent: bool = False
    count_min: int = 1
    count_max: int | None = None
    same_clause: bool = False
    text: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    archetypes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    computed: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    @property
    def needs_absence(self) -> bool:
        """Whether it, or a part of it, holds because something was not found."""
        return self.absent or any(part.needs_absence for part in (*self.any, *self.all))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from and when it was read or judged (ISO date)."""

    text: str
    date: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One asymmetry that the playbook looks for.

    Attributes:
        id: Stable name, e.g. ``EXCL_EFFORTS_ONLY``.
        title: A few words.
        severity: Before ``raises`` and ``lowers``.
        group: Subject, for the report's order.
        only_foreign: Whether it can hurt the foreign side only.
        archetypes: Kinds of deal it is meant for; empty for all.
        supersedes: Rules that say less and stay silent when this one fires.
        why: Why it matters.
        clears: What would clear it.
        sources: Where it comes from.
        ask: What to propose, by language.
        when: All must hold.
        unless: None may hold.
        raises: Each that holds makes it one level worse.
        lowers: Each that holds makes it one level lighter.
        examples: Drafts in miniature that fire it.
        counter_examples: Drafts in miniature that do not.
    """

    id: str
    title: str
    severity: Severity
    group: str
    only_foreign: bool
    archetypes: frozenset[str]
    supersedes: frozenset[str]
    why: str
    clears: str
    sources: tuple[Source, ...]
    ask: Mapping[str, str]
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()
    raises: tuple[Condition, ...] = ()
    lowers: tuple[Condition, ...] = ()
    examples: tuple[tuple[str, ...], ...] = ()
    counter_examples: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Playbook:
    """The rules in force, in order."""

    rules: tuple[Rule, ...]
    version: str

    def rule(self, name: str) -> Rule | None:
        """The rule of this id, if there is one."""
        return next((rule for rule in self.rules if rule.id == name), None)


def describe(condition: Condition) -> str:
    """A condition in words, for the reader of a finding."""
    if condition.say:
        return condition.say
    if condition.computed:
        return COMPUTED[condition.computed]
    if condition.any or condition.all:
        word = " or " if condition.any else " and "
        return word.join(describe(part) for part in (*condition.any, *condition.all))
    subject = " or ".join(sorted(condition.labels)) or " and ".join(sorted(condition.all_labels))
    parts = ["no " + (subject or "clause") if condition.absent else (subject or "a clause")]
    if condition.burdens:
        parts.append(f"that burdens {condition.burdens}")
    if condition.bearer:
        parts.append(f"of {condition.bearer}")
    if condition.modality:
        parts.append(f"as {' or '.join(sorted(condition.modality))}")
    parts += [_told(name, tests, "with") for name, tests in condition.attributes.items()]
    parts += [_told(name, tests, "without") for name, tests in condition.without.items()]
    if condition.archetypes:
        parts.append(f"in a deal of kind {' or '.join(sorted(condition.archetypes))}")
    if condition.roles:
        parts.append(f"where we are the {' or '.join(sorted(condition.roles - {''}))}")
    if condition.rules:
        parts.append(f"together with {' or '.join(sorted(condition.rules))}")
    if condition.count_min > 1:
        parts.append(f"at least {condition.count_min} times")
    if condition.count_max is not None:
        parts.append(f"at most {condition.count_max} times")
    return " ".join(parts)


def _told(name: str, tests: Iterable[str], word: str) -> str:
    values = [value for test in tests for value in split_values(test)]
    return f"{word} {name} {' or '.join(values)}"
