"""Component `clausescan_parties`: who contracts, under which names, in which role.

Parties come from definitions in the preamble ("X GmbH … (the “Supplier”)"), from party blocks
("甲方：…"), and, when a draft has neither, from the role nouns that bear its duties.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from clausescan.pipeline.definitions import (
    LETTERED,
    find_definitions,
    is_role,
    may_be_alias,
    role_of,
)
from clausescan.pipeline.names import bare_name, form_of, short_name, tidy, without_form
from clausescan.pipeline.nationality import Evidence, find_evidence, nationality_of
from clausescan.pipeline.openings import Found, introduced
from clausescan.pipeline.reading import (
    PARTIES_DATA,
    PARTIES_KEY,
    Reading,
    add_spans,
    reading_of,
)
from clausescan.pipeline.signatures import all_sign, signers, signing_persons, stands_for

_RECITALS = re.compile(
    r"\bWHEREAS\b|\bWhereas\b|\bRECITALS?\b|\bBACKGROUND\b|\bNOW,? THEREFORE\b|W I T N E S S E T H"
    r"|\bWITNESSETH\b|鉴于"
)
_BODY = re.compile(
    r"\n\s*(?:1[.、．]?\s|1\.1|第[一1]\s*[条條章]|一、|(?i:article\s+(?:1|i)\b))"
    r"|\bWHEREAS\b|\bWhereas\b|鉴于|鑒於|根据《|W I T N E S S E T H|WITNESSETH"
)
_DUTY = re.compile(
    r"(?<![A-Za-z])(?:(?:(?<=[.;,:)\n] )|(?<=\n)|(?<=\band )|(?<=\bthat )|^)(?:[Tt]he\s+|THE\s+)?"
    r"(?P<en>(?:[a-z]-?)?[A-Z][\w&.’'-]*(?:[ ](?:[A-Z][\w&-]*|\d)){0,3})[ ](?:hereby[ ]|also[ ])?"
    r"(?:shall|will|may|must|SHALL|WILL|MAY|agrees|grants|undertakes|warrants)\b"
    r"|(?P<person>[Yy]ou|[Ww]e)[ ](?:shall|will|may|must|agree)\b)"
    r"|(?=[\u4e00-\u9fff])(?P<zh>[甲乙丙丁]方|[买卖供需售购]方|合[营资作](?:公司|企业)"
    r"|[\u4e00-\u9fff]{2,4}[方商人]|您|我们|贵[方司]|我[方司])"
    r"(?=应|應|須|须|不得|有权|可以|负责|保证|承担)"
)
_NO_SUBJECT = re.compile(
    r"(?i)^(?:each|either|both|neither|no|any|all|it|this|such|that|they|he|she|there|which|party|parties"
    r"|section|article|receiving|disclosing|recipient|discloser|nothing|failure|notice|payment|delivery|title|term|if|in|upon|for|not|third)\b"
    r"|\b(?:committee|group|desk|team|plans?|bills?|entities)$"
    r"|双方|各方|一方|对方|第三|任何|人员|负责人|仲裁|主管|注册|代表"
)
_CONTENTS = re.compile(r"(?i)\btable\s+of\s+contents?\b")
_LISTS_PARTIES = re.compile(
    r"(?i)\b(?:made|entered\s+into|dated|effective)\b[^;]{0,160}?\b(?:between|among)\b"
)
_ZONE = 9000
_FARTHEST = 30000
_LATE_ROLE = re.compile(r"[(](?:the\s+|hereinafter\s+)?[\"“](?P<role>[A-Z]\w+(?: \w+)?)[\"”][)]")
_BEHIND = 160
_MOST = 80
"""Parties at most; submarine cables have been laid by sixty."""


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A party as found in one text.

    Attributes:
        id: ``P1``, ``P2`` … in order of appearance.
        name: Full name, or the alias when the draft leaves the name blank.
        aliases: Other names in the draft, the defined term first.
        role: Commercial role by its role noun, or "".
        nationality: Country code, or "" when nothing tells.
        confidence: Of Chinese or not, 0.5 to 1.
        evidence: Why.
        start: Offset of the name.
        end: One past it.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    role: str
    nationality: str
    confidence: float
    evidence: tuple[Evidence, ...]
    start: int
    end: int


def find_parties(text: str, clauses: Sequence[dict[str, Any]] = ()) -> list[PartyRecord]:
    """The parties of a contract.

    Args:
        text: The text of one language.
        clauses: Records of `clausescan_clauses`; they tell where the preamble ends.
    """
    zone = _preamble_end(text, clauses)
    found = _merged(introduced(text, zone))
    found = _before_recitals(text, sorted(found, key=lambda party: party.start))
    found = _signing(text, found)
    found = _merged([*found, *_by_duties(text, found)])
    ordered = sorted(found, key=lambda party: party.start)[:_MOST]
    starts = [*(party.start for party in ordered), _opening_end(text, ordered, zone)]
    return [
        _record(text, index, party, min(max(party.stop, starts[index]), party.start + 900))
        for index, party in enumerate(ordered, start=1)
    ]


def mention_pattern(parties: Sequence[PartyRecord], language: str) -> re.Pattern[str] | None:
    """A pattern that finds every mention of the parties, longest name first.

    Group names are ``p<number of the party>_<number of the alias>``.
    """
    words = [
        (word, f"p{index}_{position}")
        for index, party in enumerate(parties)
        for position, word in enumerate(dict.fromkeys([*party.aliases, party.name]))
    ]
    words.sort(key=lambda item: -len(item[0]))
    parts = []
    heads = set("" if language == "zh" else "Tt")
    for word, group in words:
        body = re.escape(word).replace(r"\ ", r"\s+")
        heads.add(word[0])
        if language != "zh" and re.match(r"\w", word):
            upper = re.escape(word.upper()).replace(r"\ ", r"\s+")
            lower = rf"|(?<=the\s){re.escape(word.lower())}" if is_role(word) else ""
            title = re.escape(word.title()).replace(r"\ ", r"\s+") if _is_shouted(word) else upper
            opening = re.escape(word[0].upper() + word[1:]).replace(r"\ ", r"\s+")
            names = f"{body}|{upper}|{title}|{opening}"
            body = rf"(?<![\w])(?:(?:[Tt]he\s+|THE\s+)?(?:{names}){lower})(?![A-Za-z])"
            heads |= {word.upper()[0], word.lower()[0] if lower else word[0]}
        parts.append(f"(?P<{group}>{body})")
    if not parts:
        return None
    # Most characters begin no name; one look ahead spares them all the alternatives.
    return re.compile(f"(?=[{re.escape(''.join(sorted(heads)))}])(?:{'|'.join(parts)})")


def _is_shouted(word: str) -> bool:
    """Whether a name stands in capitals that the text may not go on with (DRAGON, Dragon)."""
    return word.isupper() and len(word) > 4


class Parties:
    """Writes parties and their mentions to ``doc.spans["parties"]``.

    ``attrs["parties"]`` holds one record a mention; ``doc.user_data["clausescan_parties"]`` the
    parties themselves.
    """

    def __init__(self, language: str, *, spans_key: str = PARTIES_KEY) -> None:
        self.language = language
        self.spans_key = spans_key

    def read(self, reading: Reading) -> None:
        """Find the parties of one text."""
        parties = find_parties(reading.text, reading.clauses)
        pattern = mention_pattern(parties, self.language)
        reading.parties = [asdict(party) for party in parties]
        reading.mentions = [
            {
                "start": match.start(),
                "end": match.end(),
                "party": parties[int(str(match.lastgroup)[1:].split("_")[0])].id,
            }
            for match in (pattern.finditer(reading.text) if pattern else ())
        ]

    def __call__(self, doc: Doc) -> Doc:
        """Find the parties of a `Doc`."""
        reading = reading_of(doc)
        self.read(reading)
        doc.user_data[PARTIES_DATA] = reading.parties
        add_spans(doc, self.spans_key, reading.mentions, label="party")
        return doc


@Language.factory(
    "clausescan_parties",
    assigns=["doc.spans", "doc.user_data"],
    default_config={"spans_key": PARTIES_KEY},
)
def make_parties(nlp: Language, name: str, spans_key: str) -> Parties:
    """The party component; it has no state of its own."""
    return Parties(nlp.lang or "en", spans_key=spans_key)


def _preamble_end(text: str, clauses: Sequence[dict[str, Any]]) -> int:
    first = next((c["start"] for c in clauses if c["kind"] == "clause" and c["number"]), 0)
    zone = min(max(first + 1500, 4000), _ZONE)
    # Numbers of a table of contents are no clauses; the sentence that lists the parties is below.
    if contents := _CONTENTS.search(text, 0, zone):
        sentence = _LISTS_PARTIES.search(text, contents.end(), _FARTHEST)
        zone = max(zone, sentence.end() + 3000 if sentence else 0)
    return min(len(text), zone)


def _opening_end(text: str, parties: Sequence[Found], zone: int) -> int:
    """Where the last party's own block ends at the latest."""
    last = max((party.stop for party in parties), default=0)
    body = _BODY.search(text, last)
    return min(zone + 400, body.start() if body else len(text))


def _before_recitals(text: str, found: list[Found]) -> list[Found]:
    """Without those whom only the recitals name, if the preamble names two."""
    recitals = _RECITALS.search(text, found[1].end if len(found) > 1 else 0)
    early = [party for party in found if recitals and party.start < recitals.start()]
    return early if len(early) >= 2 else found


def _signing(text: str, found: list[Found]) -> list[Found]:
    """With what the signature page adds.

    Signatories whom a clause introduces by a role, full names of parties that the opening only
    calls by a term, and, where the opening names fewer than two or says that all who sign are
    parties, everybody who signs.
    """
    every = all_sign(text)
    unnamed = [party for party in found if party.name in party.aliases]
    if not every and len(found) > 1 and not unnamed and not _has_late_role(text, found):
        return found
    signed = [Found(tidy(text[start:end]), start, end, end, []) for start, end in signers(text)]
    for party in unnamed:
        for one in signed:
            if stands_for(one.name, party.name):
                party.name, party.start, party.end = one.name, one.start, one.end
                break
    if len(found) > 1 and not every:
        new = [one for one in signed if not _is_known(one.name, found)]
        return [*found, *(late for one in new if (late := _defined_late(text, one)))]
    if every:
        signed += [
            Found(tidy(text[start:end]), start, end, end, [])
            for start, end in signing_persons(text)
        ]
    return _merged([*found, *(one for one in signed if not _is_known(one.name, found))])


def _has_late_role(text: str, found: Sequence[Found]) -> bool:
    """Whether a bracket below the last party gives somebody a role that no party has."""
    known = {alias for party in found for alias in party.aliases}
    last = max((party.stop for party in found), default=0)
    return any(
        is_role(match["role"]) and match["role"] not in known
        for match in _LATE_ROLE.finditer(text, last)
    )


def _defined_late(text: str, signer: Found) -> Found | None:
    """A signatory as a clause introduces it by a role, such as a guarantor."""
    spelled = r"\s+".join(map(re.escape, signer.name.split()))
    for match in re.finditer(f"(?i:{spelled})", text[: signer.start]):
        block = text[match.start() : match.end() + _BEHIND]
        term = next(find_definitions(block, len(block)), None)
        if term is not None and term.terms and is_role(term.terms[0]):
            stop = match.start() + term.end
            return Found(tidy(match[0]), match.start(), match.end(), stop, list(term.terms))
    return None


def _is_known(name: str, found: Sequence[Found]) -> bool:
    """Whether a name on the signature page is one of the parties' names or terms."""
    plain = without_form(name)
    return any(
        plain == without_form(word) or plain.startswith(f"{without_form(word)} ")
        for party in found
        for word in (party.name, *party.aliases)
        if without_form(word)
    )


def _by_duties(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Who bears the duties, when fewer than two of the parties found do.

    A frequent subject of "shall" is another name of a known party when it stands in its name, and
    a party of its own otherwise.
    """
    owners: dict[str, set[str]] = {}
    for party in found:
        for alias in (party.name, *party.aliases):
            owners.setdefault(alias, set()).add(party.name)
    counts: Counter[str] = Counter()
    bearing: set[str] = set()
    for match in _DUTY.finditer(text):
        word = tidy(match["en"] or match["zh"] or match["person"].capitalize())
        counts[word] += 1
        bearing |= owners.get(word, set())
        if len(bearing) >= 2:
            return
    for word, count in counts.most_common(12):
        if len(bearing) >= 2:
            return
        if count < 2 or word in owners or _NO_SUBJECT.search(word) or not may_be_alias(word):
            continue
        start = text.find(word) if word in text else 0
        owner = next((party for party in found if word.casefold() in party.name.casefold()), None)
        name = owner.name if owner else word
        aliases = ["You", "you"] if word == "You" else ["We", "we"] if word == "We" else [word]
        bearing.add(name)
        at = owner.start if owner else start
        yield Found(name, at, at + len(name), at + len(name), aliases)


def _merged(found: Sequence[Found]) -> list[Found]:
    """One record a party: the same name or the same defined term is the same party."""
    parties: list[Found] = []
    for item in found:
        same = [party for party in parties if _same(party, item)]
        for party in same:
            parties.remove(party)
        for party in [*same, item][1:]:
            first = [*same, item][0]
            if party.aliases and not first.aliases:
                first.start, first.end, first.stop = party.start, party.end, party.stop
            first.aliases += [alias for alias in party.aliases if alias not in first.aliases]
            if party.start - first.start < 400:
                first.stop = max(first.stop, party.stop)
            if first.name in first.aliases and party.name not in first.aliases:
                first.name, first.start, first.end = party.name, party.start, party.end
        parties.append([*same, item][0])
    return parties


def _same(one: Found, other: Found) -> bool:
    """The same name, but for plurals and a form left out, or the same defined term."""
    letters = [{word for word in found.aliases if LETTERED.match(word)} for found in (one, other)]
    if all(letters) and not letters[0] & letters[1]:
        return False
    if set(one.aliases) & set(other.aliases):
        return True
    words = without_form(one.name)
    if not words or words != without_form(other.name):
        return False
    forms = {form_of(one.name), form_of(other.name)} - {""}
    return len(forms) < 2


def _record(text: str, index: int, party: Found, stop: int) -> PartyRecord:
    block = text[party.start : stop]
    if party.name in party.aliases:
        block = re.split(r"[\n。]", block, maxsplit=1)[0]
    evidence = find_evidence(party.name, block)
    code, confidence = nationality_of(evidence)
    aliases = [alias for alias in party.aliases if alias != party.name]
    short = short_name(party.name)
    often = max(text.count(short), text.count(short.title()) if _is_shouted(short) else 0)
    if short and short not in aliases and often > 2:
        aliases.append(short)
    bare = bare_name(party.name)
    # Its name with the legal form counts once; the text must call it so without.
    written = bare.title() if bare.isupper() else bare
    if bare and bare not in aliases and re.search(rf"\b{re.escape(written)}\s+[a-z]", text):
        aliases.append(bare)
    record = PartyRecord(
        f"P{index}", party.name, tuple(aliases), role_of([*aliases, party.name]), code, confidence,
        tuple(evidence), party.start, party.end,
    )  # fmt: skip
    return record if evidence else replace(record, confidence=0.5)
