"""Whom each norm leaves worse off: the common ground of findings and scores.

A `Fact` is one norm, or one clause without a verb of duty, with its labels, its attributes and the
parties that it burdens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from clausescan.contract import Clause, Contract, Norm
from clausescan.document import Location
from clausescan.findings.attributes import find_attributes, split_values
from clausescan.findings.sides import named_party
from clausescan.findings.weights import Override, Weights, load_weights

CLAUSE_KINDS = frozenset({"clause", "annex"})
"""Only these bind; recitals and titles are evidence for roles and never fire a finding."""

NOBODY: frozenset[str] = frozenset()
_BREAK = re.compile(r"[;；。!?\n]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Fact:
    """One norm, or one clause without any, as the rules and scores see it.

    Attributes:
        clause: Its clause.
        norm: The norm, or None.
        labels: Labels of the norm's sentence, or of the clause.
        attributes: Facts of the part of the clause that holds the norm.
        text: That part.
        bearers: Parties whose duty or right it is, by grammar.
        burdened: Parties that it leaves worse off.
        mutual: Whether it burdens all sides alike.
        strength: 0 to 1.
        location: Where it stands.
    """

    clause: Clause
    norm: Norm | None
    labels: frozenset[str]
    attributes: Mapping[str, str]
    text: str
    bearers: frozenset[str]
    burdened: frozenset[str]
    mutual: bool
    strength: float
    location: Location


def find_facts(contract: Contract, language: str) -> tuple[Fact, ...]:
    """All facts of one language's text, in reading order."""
    finder = _Finder(contract, load_weights())
    return tuple(
        fact
        for clause in contract.clauses
        if clause.language == language and clause.kind in CLAUSE_KINDS
        for fact in finder.facts(clause)
    )


Facts = Mapping[str, tuple[Fact, ...]]
"""Facts by language."""


def read_facts(contract: Contract) -> Facts:
    """The facts of all texts; pass them to `find`, `score_clauses` and `summarise` to save time."""
    languages = sorted({clause.language for clause in contract.clauses})
    return {language: find_facts(contract, language) for language in languages}


def text_languages(contract: Contract) -> tuple[str, ...]:
    """Languages that have a text of their own, the main one first."""
    counts: dict[str, int] = {}
    for clause in contract.clauses:
        if clause.kind in CLAUSE_KINDS:
            counts[clause.language] = counts.get(clause.language, 0) + 1
    most = max(counts.values(), default=0)
    ranked = sorted(counts, key=lambda language: (-counts[language], language))
    return tuple(language for language in ranked if 2 * counts[language] >= most)


def holds(attributes: Mapping[str, str], wanted: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether all wanted facts are stated; ``>n`` and ``<n`` compare, ``x*`` begins."""
    return all(
        name in attributes
        and any(_fits(value, test) for value in split_values(attributes[name]) for test in tests)
        for name, tests in wanted.items()
    )


def _fits(value: str, test: str) -> bool:
    if test.endswith("*"):
        return value.startswith(test[:-1])
    if test[0] in "<>":
        number = _number(value)
        limit = float(test[1:].lstrip("="))
        if number is None:
            return False
        above = number > limit if test[0] == ">" else number < limit
        return above or (test[1] == "=" and number == limit)
    return value == test


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


class _Finder:
    """Facts of one contract; holds what all clauses share."""

    def __init__(self, contract: Contract, weights: Weights) -> None:
        self._contract = contract
        self._weights = weights
        self._norms = contract.norm_by_id
        self._parties = frozenset(party.id for party in contract.parties if party.side != "jv")
        self._side = {party.id: party.side for party in contract.parties}
        self._role = {party.id: party.role for party in contract.parties}
        self._attributes: dict[tuple[str, str, frozenset[str]], Mapping[str, str]] = {}

    def facts(self, clause: Clause) -> list[Fact]:
        norms = [self._norms[name] for name in clause.norms if name in self._norms]
        labels = frozenset(item.label for item in clause.labels)
        found = [
            self._of_norm(clause, norm, text, labels, alone=len(norms) == 1)
            for norm, text in zip(norms, _pieces(clause, norms), strict=True)
        ]
        bound = {label for fact in found if fact.burdened for label in fact.labels}
        return [*found, self._of_clause(clause, labels, labels - bound)]

    def _of_norm(
        self, clause: Clause, norm: Norm, text: str, labels: frozenset[str], *, alone: bool
    ) -> Fact:
        own = frozenset(norm.labels) or (labels if len(clause.sentences) < 2 else NOBODY)
        attributes = (
            clause.attributes if alone else self._stated(text, clause.language, own or labels)
        )
        # "Neither party nor its Affiliates": the sentence names both, though no one subject does.
        mutual = norm.mutual or norm.bearer == "both"
        mutual = mutual or (norm.bearer not in self._side and "reciprocal" in attributes)
        bearers = self._parties if mutual else self._bearers(norm, own)
        burdened, mutual = self._burdened(norm, own, attributes, bearers, mutual)
        if not burdened and not bearers and self._is_subjectless(norm.modality, own, attributes):
            burdened = self._shut_out(text, norm.trigger)
        return Fact(
            clause,
            norm,
            own,
            attributes,
            text,
            bearers,
            burdened,
            mutual,
            norm.strength,
            norm.location,
        )

    def _shut_out(self, text: str, verb: str = "") -> frozenset[str]:
        """All but the only party that a text names, if it is named behind the verb.

        A name before the verb may be a subject that was not understood.
        """
        named = {
            party.id
            for party in self._contract.parties
            for name in (*party.aliases, party.name)
            if re.search(rf"\b{re.escape(name)}\b", text)
        }
        if len(named) != 1:
            return NOBODY
        party = self._contract.party_by_id[min(named)]
        head = text[: max(text.find(verb), 0)]
        if any(name in head for name in (*party.aliases, party.name)):
            return NOBODY
        return self._scored(self._against(party.id))

    def _stated(self, text: str, language: str, labels: frozenset[str]) -> Mapping[str, str]:
        """The attributes of a part of a clause, read once for all norms in it."""
        key = (text, language, labels)
        if key not in self._attributes:
            self._attributes[key] = find_attributes(text, language, labels)
        return self._attributes[key]

    def _of_clause(self, clause: Clause, labels: frozenset[str], free: frozenset[str]) -> Fact:
        """The clause itself: what its labels say where no norm has said it."""
        burdened = self._verbless(clause, free) if free else NOBODY
        silent = not burdened and not clause.norms
        if silent and self._is_subjectless("verbless", free, clause.attributes):
            burdened = self._shut_out(clause.text)
        strength = self._weights.verbless_strength
        return Fact(
            clause,
            None,
            free if burdened else labels,
            clause.attributes,
            clause.text,
            NOBODY,
            burdened,
            False,
            strength,
            clause.location,
        )

    def _bearers(self, norm: Norm, labels: frozenset[str]) -> frozenset[str]:
        if norm.bearer in self._side:
            return frozenset({norm.bearer})
        return self._by_role(labels)

    def _by_role(self, labels: Iterable[str]) -> frozenset[str]:
        for label in sorted(labels):
            role = self._weights.default_role.get(label)
            if role:
                wanted = self._weights.roles[role]
                found = {party for party in self._parties if self._role[party] in wanted}
                if len(found) == 1:
                    return frozenset(found)
        return NOBODY

    def _others(self, party: str, named: str = "") -> frozenset[str]:
        """The other side; where sides are unknown or all are of one, the other parties."""
        if named in self._side and named != party:
            return frozenset({named})
        side = self._side.get(party, "unknown")
        if side == "jv":
            return NOBODY
        others = self._parties - {party}
        opposite = frozenset(other for other in others if self._side[other] != side)
        return others if side == "unknown" else opposite or others

    def _burdened(
        self,
        norm: Norm,
        labels: frozenset[str],
        attributes: Mapping[str, str],
        bearers: frozenset[str],
        mutual: bool,
    ) -> tuple[frozenset[str], bool]:
        overrides = self._weights.overrides
        override = _first(overrides, norm.modality, labels, attributes, norm.trigger)
        side = override.side if override else self._weights.modality[norm.modality]
        if _names(side):
            named = self._named(side, attributes)
            if named:
                return named, False
            side = self._weights.modality[norm.modality]
        if mutual:
            empty = norm.modality == "declaration" or side == "none"
            return (NOBODY if empty else self._parties), not empty
        if len(bearers) != 1 or side == "none":
            return NOBODY, False
        (bearer,) = bearers
        return self._scored(self._hit(bearer, side, norm)), False

    def _hit(self, bearer: str, side: str, norm: Norm) -> frozenset[str]:
        if side == "grantor":
            taker = self._role.get(bearer) in self._weights.roles["grantee"]
            gives = norm.modality == "obligation" and not taker
            side = "bearer" if gives else "counterparty"
        return frozenset({bearer}) if side == "bearer" else self._others(bearer, norm.counterparty)

    def _against(self, party: str) -> frozenset[str]:
        """Who is hit when `party` gets something; a joint venture company counts as Chinese."""
        if self._side[party] != "jv":
            return self._others(party)
        return frozenset(other for other in self._parties if self._side[other] == "foreign")

    def _named(self, side: str, attributes: Mapping[str, str]) -> frozenset[str]:
        """Who is hit where an attribute names a party: that party, or the side opposite to it."""
        kind, attribute = side.split(":", 1)
        party = named_party(self._contract, split_values(attributes[attribute])[0])
        if not party:
            return NOBODY
        return self._scored(frozenset({party}) if kind == "on" else self._against(party))

    def _scored(self, parties: frozenset[str]) -> frozenset[str]:
        return frozenset(party for party in parties if self._side[party] != "jv")

    def _verbless(self, clause: Clause, labels: frozenset[str]) -> frozenset[str]:
        override = _first(self._weights.overrides, "verbless", labels, clause.attributes, "")
        if override is None:
            return NOBODY
        if _names(override.side):
            return self._named(override.side, clause.attributes)
        return self._by_role(labels & override.labels) if override.side == "grantor" else NOBODY

    def _is_subjectless(
        self, modality: str, labels: frozenset[str], attributes: Mapping[str, str]
    ) -> bool:
        return _first(self._weights.subjectless, modality, labels, attributes, "") is not None


def _first(
    overrides: Iterable[Override],
    modality: str,
    labels: frozenset[str],
    attributes: Mapping[str, str],
    trigger: str,
) -> Override | None:
    """The first override that is meant for such a norm."""
    for item in overrides:
        if not _meets(item, modality):
            continue
        if item.labels and item.labels.isdisjoint(labels):
            continue
        if item.trigger and not item.trigger.search(trigger):
            continue
        if holds(attributes, item.attributes) and not (
            item.without and holds(attributes, item.without)
        ):
            return item
    return None


def _names(side: str) -> bool:
    """Whether the side is that of a party which an attribute names, or the one opposite."""
    return ":" in side


def _meets(override: Override, modality: str) -> bool:
    """Whether an override is meant for this kind of norm; what names a party needs no verb."""
    if modality == "verbless" and _names(override.side):
        return True
    if modality == "verbless" and not override.modality:
        return False
    return not override.modality or modality in override.modality


def _pieces(clause: Clause, norms: Sequence[Norm]) -> list[str]:
    """For each norm the part of its sentence between full stops or semicolons that holds it."""
    if len(norms) == 1:
        return [clause.text]
    sentence_of = {name: item.text for item in clause.sentences for name in item.norms}
    cursor: dict[str, int] = {}
    pieces = []
    for norm in norms:
        text = sentence_of.get(norm.id, clause.text)
        at = text.find(norm.trigger, cursor.get(text, 0)) if norm.trigger else -1
        at = at if at >= 0 else cursor.get(text, 0)
        cursor[text] = at + len(norm.trigger)
        pieces.append(_piece(text, at))
    return pieces


def _piece(text: str, at: int) -> str:
    parts = _parts(text)
    return parts[bisect_right(parts, at, key=itemgetter(0)) - 1][1]


@lru_cache(maxsize=16)
def _parts(text: str) -> tuple[tuple[int, str], ...]:
    """Where a sentence's parts begin, and their words; kept, as each of its norms asks for its own.

    Norms of one part get the same string, which costs nothing to look up again however long it is.
    """
    breaks = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(right for _, right in breaks)]
    ends = [*(left for left, _ in breaks), len(text)]
    return tuple((start, text[start:end].strip()) for start, end in zip(starts, ends, strict=True))
