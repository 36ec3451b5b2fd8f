"""A `Document` and what the pipeline read in it become a `Contract`.

Offsets of each language's text go back to the source, parties of two languages become one, and
every party gets its side.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clausescan.contract import (
    Clause,
    Contract,
    Label,
    Language,
    Norm,
    Party,
    PartyEvidence,
    Sentence,
    Side,
    party_called,
)
from clausescan.document import BODY_KINDS, Document, Location, Revision, View
from clausescan.pipeline.doubts import party_notices
from clausescan.pipeline.reading import Reading
from clausescan.pipeline.references import find_missing_annexes, with_references

_PAIRS = {"甲方": "Party A", "乙方": "Party B", "丙方": "Party C", "丁方": "Party D"}
_REDACTED = re.compile(r"\[\s*\*{2,}\s*\]|\*{5,}|█{2,}|\[●\]\s*redacted")
_FOREIGN_OWNED = re.compile(
    r"(?i:wholly[- ]foreign|WFOE)|外商独资|[(（]\s*(?:China|[A-Z][a-z]+|中国)\s*[)）]"
)
_SURE = 0.6
_OPPOSITE: dict[Side, Side] = {"foreign": "chinese", "chinese": "foreign"}


@dataclass(frozen=True, slots=True)
class LanguageText:
    """One language's part of a document and what the pipeline found in it."""

    language: Language
    view: View
    reading: Reading


def assemble(
    document: Document,
    texts: Sequence[LanguageText],
    *,
    us: str | None = None,
    archetype: str = "",
) -> Contract:
    """Put a contract together.

    Args:
        document: The source.
        texts: Its languages, most used first.
        us: Name or alias of the party whose report this is; default: the foreign one.
        archetype: Kind of deal, where known.

    Raises:
        UsageError: When no party is called `us`.
    """
    parties, ids = _merge_parties(texts)
    parties = assign_sides(parties, us)
    clauses: list[Clause] = []
    norms: list[Norm] = []
    for text in texts:
        _add_text(document, text, ids[text.language], clauses, norms)
    if len(texts) > 1:
        clauses, norms = _in_reading_order(clauses, norms)
    missing = find_missing_annexes(document.text, clauses)
    title = next((clause.text for clause in clauses if clause.kind == "title"), "")
    return Contract(
        document=document,
        languages=tuple(text.language for text in texts),
        archetype=archetype,
        title=title or (clauses[0].text[:80] if clauses else ""),
        parties=parties,
        clauses=tuple(clauses),
        norms=with_references(norms, clauses, document.text, missing),
        missing_annexes=missing,
        redactions=len(_REDACTED.findall(document.text)),
        notices=(*document.notices, *party_notices(parties, document.text)),
        presence={text.language: text.reading.presence for text in texts},
    )


def _in_reading_order(
    clauses: Sequence[Clause], norms: Sequence[Norm]
) -> tuple[list[Clause], list[Norm]]:
    """The clauses of all languages as they follow each other, with new ids."""
    ordered = sorted(clauses, key=lambda clause: clause.location.start)
    names = {clause.id: f"C{place}" for place, clause in enumerate(ordered, start=1)}
    return (
        [
            replace(clause, id=names[clause.id], parent=names.get(clause.parent, ""))
            for clause in ordered
        ],
        [replace(norm, clause=names[norm.clause]) for norm in norms],
    )


def assign_sides(parties: Sequence[Party], us: str | None) -> tuple[Party, ...]:
    """Give every party its side.

    Nationality decides, where it is sure; a joint venture company of three parties stands apart.
    The party named by `us` is sure of its side, and so is its only counterparty, which then stands
    on the other one whatever its papers say.

    Raises:
        UsageError: When no party is called `us`.
    """
    named = None if us is None else party_called(parties, us)
    sided = [_by_nationality(party, alone=len(parties) < 3) for party in parties]
    sided = [_with_its_owner(party, sided) for party in sided]
    if named is None:
        return tuple(sided)
    place = list(parties).index(named)
    others = [party.side for index, party in enumerate(sided) if index != place]
    ours = sided[place].side
    if ours not in _OPPOSITE or (len(others) == 1 and others[0] == ours):
        ours = "chinese" if others == ["foreign"] else "foreign"
    theirs = _OPPOSITE[ours]
    return tuple(
        replace(party, side=ours, confidence=1.0)
        if index == place
        else replace(party, side=theirs, confidence=1.0)
        if len(parties) == 2 or party.side == "unknown"
        else party
        for index, party in enumerate(sided)
    )


def _by_nationality(party: Party, *, alone: bool) -> Party:
    if party.role == "jv-company" and not alone:
        return replace(party, side="jv")
    if party.confidence < _SURE or party.nationality == "TW":
        return replace(party, side="unknown")
    return replace(party, side="chinese" if party.nationality == "CN" else "foreign")


def _with_its_owner(party: Party, parties: Sequence[Party]) -> Party:
    """A foreign-owned Chinese company on the side of the party whose trade name it bears."""
    if party.side != "chinese" or not any(
        _FOREIGN_OWNED.search(f"{item.quote} {party.name}") for item in party.evidence
    ):
        return party
    trade = party.name.split()[0].casefold().strip(",(")
    for other in parties:
        if other.side == "foreign" and other.name.split()[0].casefold().strip(",(") == trade:
            return replace(party, side="foreign")
    return party


def _merge_parties(
    texts: Sequence[LanguageText],
) -> tuple[tuple[Party, ...], dict[str, dict[str, str]]]:
    """Parties of all languages as one list, with each language's ids mapped into it.

    Two records are one party when they share a name or a paired alias (Party A and 甲方), or a
    name stands in the other's block; parties that find no partner are matched by their order.
    """
    merged: list[Party] = []
    ids: dict[str, dict[str, str]] = {}
    for text in texts:
        mapping: dict[str, str] = {}
        free = [party.id for party in merged]
        waiting = []
        for record in text.reading.parties:
            party = _party(record, f"P{len(merged) + 1}")
            partner = next((p for p in merged if p.id in free and _same_party(p, party)), None)
            if partner is None:
                waiting.append((record, party))
                continue
            free.remove(partner.id)
            mapping[record["id"]] = partner.id
            merged[merged.index(partner)] = _joined(partner, party)
        for record, party in waiting:
            if free and len(text.reading.parties) == len(texts[0].reading.parties):
                partner = next(p for p in merged if p.id == free[0])
                free.pop(0)
                merged[merged.index(partner)] = _joined(partner, party)
                mapping[record["id"]] = partner.id
            elif not free or text is texts[0]:
                party = replace(party, id=f"P{len(merged) + 1}")
                merged.append(party)
                mapping[record["id"]] = party.id
            else:
                mapping[record["id"]] = "unknown"
        ids[text.language] = mapping
    return tuple(merged), ids


def _party(record: Mapping[str, Any], party_id: str) -> Party:
    evidence = tuple(
        PartyEvidence(item["reason"], item["quote"], item["code"], item["weight"])
        for item in record["evidence"]
    )
    return Party(
        party_id, record["name"], tuple(record["aliases"]), record["nationality"], "unknown",
        record["role"], round(record["confidence"], 3), evidence,
    )  # fmt: skip


def _same_party(one: Party, other: Party) -> bool:
    names = {_PAIRS.get(word, word).casefold() for word in (one.name, *one.aliases)}
    return any(
        _PAIRS.get(word, word).casefold() in names for word in (other.name, *other.aliases)
    ) or (bool(one.role) and one.role == other.role)


def _joined(one: Party, other: Party) -> Party:
    aliases = dict.fromkeys((*one.aliases, other.name, *other.aliases))
    better = max(one, other, key=lambda party: party.confidence)
    return replace(
        one,
        aliases=tuple(alias for alias in aliases if alias != one.name),
        nationality=better.nationality or one.nationality,
        confidence=better.confidence,
        role=one.role or other.role,
        evidence=(*one.evidence, *other.evidence),
    )


def _add_text(
    document: Document,
    text: LanguageText,
    ids: Mapping[str, str],
    clauses: list[Clause],
    norms: list[Norm],
) -> None:
    """Append one language's clauses and norms, in source offsets."""
    labels: dict[int, list[Label]] = {}
    for item in text.reading.labels:
        label = Label(item["label"], round(item["score"], 4), item["source"])
        labels.setdefault(item["sentence"], []).append(label)
    bearers = {"both": "both", **ids}
    places = [_located(document, text.view, record) for record in text.reading.sentences]
    found: dict[int, list[str]] = {}
    first = len(clauses) + 1
    for record in text.reading.norms:
        sentence = record["sentence"]
        norm = Norm(
            id=f"N{len(norms) + 1}",
            clause=f"C{first + record['clause']}",
            modality=record["modality"],
            bearer=bearers.get(record["bearer"], "unknown"),
            counterparty=bearers.get(record["counterparty"], "unknown"),
            trigger=record["trigger"],
            strength=record["strength"],
            condition=record["condition"],
            exception=record["exception"],
            mutual=record["mutual"],
            language=text.language,
            labels=tuple(label.label for label in labels.get(sentence, ())),
            location=places[sentence],
        )
        norms.append(norm)
        found.setdefault(sentence, []).append(norm.id)
    by_clause: dict[int, list[Sentence]] = {}
    for index, (record, place) in enumerate(zip(text.reading.sentences, places, strict=True)):
        words = document.text[place.start : place.end]
        sentence = Sentence(
            words,
            tuple(labels.get(index, ())),
            tuple(found.get(index, ())),
            place,
            record["is_heading"],
        )
        by_clause.setdefault(record["clause"], []).append(sentence)
    before = 0
    for index, record in enumerate(text.reading.clauses):
        sentences = by_clause.get(index, [])
        parent = f"C{first + record['parent']}" if record["parent"] >= 0 else ""
        clause = replace(
            _clause(document, text, record, f"C{first + index}", sentences, before), parent=parent
        )
        clauses.append(clause)
        before = clause.location.end


def _located(document: Document, part: View, record: Mapping[str, Any]) -> Location:
    return document.locate(*part.to_document(record["start"], record["end"]))


def _clause(
    document: Document,
    text: LanguageText,
    record: Mapping[str, Any],
    clause_id: str,
    sentences: Sequence[Sentence],
    before: int,
) -> Clause:
    """A clause; the one of its language before it ends at `before`."""
    place = _located(document, text.view, record)
    start, end = place.start, place.end
    best: dict[str, Label] = {}
    for sentence in sentences:
        for label in sentence.labels:
            if label.label not in best or label.score > best[label.label].score:
                best[label.label] = label
    return Clause(
        id=clause_id,
        number=record["number"],
        heading=record["heading"],
        text=document.text[start:end],
        language=text.language,
        kind=record["kind"],
        labels=tuple(sorted(best.values(), key=lambda label: (-label.score, label.label))),
        norms=tuple(norm for sentence in sentences for norm in sentence.norms),
        attributes={},
        score=0.0,
        burdened="none",
        pair="",
        revisions=tuple(_revisions(document, text.language, place, before)),
        location=place,
        sentences=tuple(sentences),
        lead_in=record["lead_in"],
    )


def _revisions(
    document: Document, language: str, place: Location, before: int
) -> Iterator[Revision]:
    """Tracked changes in the blocks of a clause, in its number too.

    Args:
        document: The source.
        language: The clause's.
        place: The clause's.
        before: Where the clause of that language before it ends.
    """
    start, end = place.start, place.end
    first = bisect.bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    for index in range(max(first, 0), len(document.blocks)):
        block = document.blocks[index]
        if block.start >= end:
            return
        if block.kind not in BODY_KINDS or block.language not in (language, ""):
            continue
        begin = block.start if before <= block.start else before + 1
        for one in block.revisions:
            stands = document.text.startswith(one.text, one.start)
            stop = one.start + (len(one.text) if stands else 0)
            if one.start <= end and (one.start >= begin or stop > start):
                yield one
