"""The hinge: plain records of what a contract says. Nothing above this module imports spaCy.

`Document` and the pipeline's `Doc`s go in (see `clausescan.pipeline.assemble`); parties, clauses
and norms come out, with exact offsets into the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from clausescan.document import Document, Location, Notice, Revision
from clausescan.errors import UsageError

Language = Literal["en", "zh"]
Side = Literal["foreign", "chinese", "jv", "unknown"]
Burdened = Literal["foreign", "chinese", "both", "none", "unknown"]
Modality = Literal[
    "obligation",
    "prohibition",
    "permission",
    "entitlement",
    "discretion",
    "exemption",
    "declaration",
]


@dataclass(frozen=True, slots=True)
class Label:
    """What a clause is about: one of the 37 labels, how sure, and who says so.

    Attributes:
        label: Label id, e.g. ``exclusivity.grant``.
        score: Probability, 0 to 1.
        source: ``model`` or the id of the phrase rule.
    """

    label: str
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class PartyEvidence:
    """A reason to think that a party comes from a country."""

    reason: str
    quote: str
    nationality: str
    weight: float


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the contract.

    Attributes:
        id: ``P1``, ``P2`` …
        name: Full name as in the draft.
        aliases: Defined terms and other names, in all languages.
        nationality: ISO 3166 code, or ``""`` when nothing tells.
        side: ``foreign``, ``chinese``, ``jv`` or ``unknown``.
        role: Commercial role ("supplier", "distributor" …), or ``""``.
        confidence: That the side is right, 0 to 1.
        evidence: Why.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    nationality: str
    side: Side
    role: str
    confidence: float
    evidence: tuple[PartyEvidence, ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """One duty, ban, right or freedom.

    Attributes:
        id: ``N1``, ``N2`` …
        clause: Id of its clause.
        modality: Kind of norm.
        bearer: Party id, ``both``, or ``unknown`` when the sentence names nobody.
        counterparty: Party id, ``both`` or ``unknown``.
        trigger: The words that make it a norm ("shall not").
        strength: 0 to 1, DOMAIN scale: 1.0 dated duty, .35 bare best efforts, .1 illusory.
        condition: The words of its condition, or "".
        exception: The words of its exception, or "".
        mutual: Whether it binds both sides in the same words.
        language: ``en`` or ``zh``.
        labels: Labels of its sentence.
        location: Where its sentence stands.
        refers: Ids of the clauses and annexes that its sentence cites; an annex that is not in the
            file stands by its name, as among the missing annexes.
    """

    id: str
    clause: str
    modality: Modality
    bearer: str
    counterparty: str
    trigger: str
    strength: float
    condition: str
    exception: str
    mutual: bool
    language: Language
    labels: tuple[str, ...]
    location: Location
    refers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a clause with its own labels and norms.

    Attributes:
        text: Its words.
        labels: What it is about.
        norms: Ids of its norms.
        location: Where it stands.
        is_heading: Whether it is the clause's own heading, which carries no labels.
    """

    text: str
    labels: tuple[Label, ...]
    norms: tuple[str, ...]
    location: Location
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What one norm adds to the score of its clause.

    Attributes:
        norm: Id of the norm, or "" for a labelled clause without a verb of duty.
        labels: What it is about.
        sign: 1 where it binds the foreign side, -1 where the Chinese.
        strength: How firm it is, 0 to 1.
        materiality: How much its heaviest label matters, 0 to 1.
        expected: Less than 1 where the trade expects this burden of its bearer.
        weight: The product of the three.
    """

    norm: str
    labels: tuple[str, ...]
    sign: int
    strength: float
    materiality: float
    expected: float
    weight: float


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest numbered clause.

    Attributes:
        id: ``C1``, ``C2`` … in reading order.
        number: The number that a person sees.
        heading: Own heading or that of the nearest clause above.
        text: Its words, without the number.
        language: ``en`` or ``zh``.
        kind: ``clause``, ``heading``, ``title``, ``preamble``, ``recital``, ``signature``,
            ``annex`` or ``note``.
        labels: Labels of its sentences, the highest score each.
        norms: Ids of its norms.
        attributes: Facts that rules ask for, e.g. ``{"term.years": "10", "license": "exclusive"}``.
        score: -1 binds only the Chinese side, +1 only the foreign side, 0 mutual or empty.
        burdened: Whom it leaves worse off.
        loads: What its score is made of: the sum of signed weights over the sum of weights, or
            over 1 where that is more.
        pair: Id of the clause in the other language, or "".
        revisions: Tracked changes inside it.
        location: Where it stands.
        sentences: Its sentences.
        parent: Id of the clause that it is a part of, or "".
        lead_in: Whether its sub-clauses finish its last sentence.
    """

    id: str
    number: str
    heading: str
    text: str
    language: Language
    kind: str
    labels: tuple[Label, ...]
    norms: tuple[str, ...]
    attributes: Mapping[str, str]
    score: float
    burdened: Burdened
    pair: str
    revisions: tuple[Revision, ...]
    location: Location
    sentences: tuple[Sentence, ...] = ()
    parent: str = ""
    lead_in: bool = False
    loads: tuple[Load, ...] = ()

    def has(self, label: str) -> bool:
        """Whether the clause carries a label."""
        return any(item.label == label for item in self.labels)


@dataclass(frozen=True)
class Contract:
    """All that the rules may ask about.

    Attributes:
        document: The source.
        languages: Languages of the text, most used first.
        archetype: ``distribution``, ``licence``, ``oem``, ``supply``, ``agency``, ``jv``, ``loi``,
            ``vie`` or ``""``.
        title: Its title, or "".
        parties: In order of appearance.
        clauses: In reading order.
        norms: In reading order.
        missing_annexes: Annexes that are cited but not in the file.
        redactions: Number of places where text is blacked out.
        notices: What was not read or understood.
        presence: For each language the probability that its text holds a label anywhere; where a
            label is not in it, nothing is known beyond the clauses.
    """

    document: Document
    languages: tuple[Language, ...]
    archetype: str
    title: str
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    norms: tuple[Norm, ...]
    missing_annexes: tuple[str, ...] = ()
    redactions: int = 0
    notices: tuple[Notice, ...] = field(default=())
    presence: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def party_by_id(self) -> Mapping[str, Party]:
        """Parties by id."""
        return {party.id: party for party in self.parties}

    @cached_property
    def norm_by_id(self) -> Mapping[str, Norm]:
        """Norms by id."""
        return {norm.id: norm for norm in self.norms}

    @cached_property
    def clause_by_id(self) -> Mapping[str, Clause]:
        """Clauses by id."""
        return {clause.id: clause for clause in self.clauses}

    @property
    def sides_known(self) -> bool:
        """Whether one side is foreign and one Chinese, each with confidence of at least 0.6."""
        sure = {party.side for party in self.parties if party.confidence >= 0.6}
        return {"foreign", "chinese"} <= sure

    def side_of(self, bearer: str) -> str:
        """``foreign``, ``chinese``, ``jv``, ``both`` or ``unknown`` for a norm's bearer."""
        if bearer == "both":
            return "both"
        party = self.party_by_id.get(bearer)
        return party.side if party else "unknown"


def party_called(parties: Sequence[Party], name: str) -> Party:
    """The party with a name or alias, or whose name begins so.

    Raises:
        UsageError: When no party is called so; the message names those there are.
    """
    wanted = name.casefold().strip()
    for party in parties:
        if wanted in (word.casefold() for word in (party.name, *party.aliases)):
            return party
    for party in parties:
        if wanted and any(
            word.casefold().startswith(wanted) for word in (party.name, *party.aliases)
        ):
            return party
    known = ", ".join(f'"{party.name}"' for party in parties) or "none"
    raise UsageError(f'No party is called "{name}"; the draft names {known}.')
