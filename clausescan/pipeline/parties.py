"""Component `clausescan_parties`: who contracts, under which names, in which role.

Parties come from definitions in the preamble ("X GmbH … (the “Supplier”)"), from party blocks
("甲方：…"), and, when a draft has neither, from the role nouns that bear its duties.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from clausescan.pipeline.names import PLAIN_NAME, find_names, find_plain_names, short_name, tidy
from clausescan.pipeline.nationality import (
    Evidence,
    find_evidence,
    is_place,
    nationality_of,
    party_data,
)
from clausescan.pipeline.reading import (
    PARTIES_DATA,
    PARTIES_KEY,
    Reading,
    add_spans,
    reading_of,
)

_DEFINITION = re.compile(
    r"[(（\[](?P<pre>[^()（）\[\]\"“”„]{0,90}?)"
    r"[\"“„「『《]\s*(?:[Tt]he\s+)?(?P<alias>[^\"“”„「」『』《》]{1,60}?)\s*[\"”“」』》]"
    r"(?P<more>(?:[^()（）\[\]\"“”]{0,24}[\"“][^\"“”]{1,60}[\"”])*)[^()（）\[\]]{0,90}[)）\]]"
    r"|[(（]\s*(?:hereinafter|hereafter|hereinbelow)[^()（）\"“]{0,40}?(?:\bas|called)\s+(?:the\s+)?"
    r"(?P<bare>[A-Z][\w .&-]{2,40}?)\s*[)）]"
    r"|[（(]?(?:以下|下)[简簡]?[称稱][为為]?\s*[\"“「『]?(?P<zh>[\u4e00-\u9fff]{2,8})[\"”」』]?\s*[)）]"
)
_RECITALS = re.compile(
    r"\bWHEREAS\b|\bWhereas\b|\bRECITALS?\b|\bBACKGROUND\b|\bNOW,? THEREFORE\b|W I T N E S S E T H"
    r"|\bWITNESSETH\b|鉴于"
)
_LETTERED = re.compile(r"^(?:Party\s+[A-E]|[甲乙丙丁]方)$")
_MUTUAL_ALIAS = re.compile(r"(?i)^(?:the\s+)?(?:part(?:y|ies)|both parties|双方|各方|一方)$")
_DUTY = re.compile(
    r"(?:(?<=[.;,:)\n] )|(?<=\n)|(?<=\band )|(?<=\bthat )|^)(?:[Tt]he\s+|THE\s+)?"
    r"(?P<en>(?:[a-z]-?)?[A-Z][\w&.’'-]*(?:[ ](?:[A-Z][\w&-]*|\d)){0,3})[ ](?:hereby[ ]|also[ ])?"
    r"(?:shall|will|may|must|SHALL|WILL|MAY|agrees|grants|undertakes|warrants)\b"
    r"|(?P<zh>[甲乙丙丁]方|[买卖供需][方]|合[营资作](?:公司|企业)|[\u4e00-\u9fff]{2,4}[方商人])"
    r"(?=应|須|须|不得|有权|可以|负责|保证|承担)"
    r"|\b(?P<person>[Yy]ou|[Ww]e)[ ](?:shall|will|may|must|agree)\b"
)
_NO_SUBJECT = re.compile(
    r"(?i)^(?:each|either|both|neither|no|any|all|it|this|such|that|they|he|she|there|which|party|parties"
    r"|section|article|nothing|failure|notice|payment|delivery|title|term|if|in|upon|for|not|third)\b"
    r"|双方|各方|一方|对方|第三|任何|人员|负责人|仲裁|主管|注册|代表"
)
_ZONE = 9000


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


@dataclass(slots=True)
class _Found:
    name: str
    start: int
    end: int
    stop: int
    aliases: list[str] = field(default_factory=list)


def find_parties(text: str, clauses: Sequence[dict[str, Any]] = ()) -> list[PartyRecord]:
    """The parties of a contract.

    Args:
        text: The text of one language.
        clauses: Records of `clausescan_clauses`; they tell where the preamble ends.
    """
    zone = _preamble_end(text, clauses)
    found = _merged([*_defined(text, zone), *_labelled(text, zone)])
    found = _before_recitals(text, sorted(found, key=lambda party: party.start))
    found = _merged([*found, *_by_duties(text, found)])
    ordered = sorted(found, key=lambda party: party.start)[:8]
    starts = [*(party.start for party in ordered), zone + 400]
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
    for word, group in words:
        body = re.escape(word).replace(r"\ ", r"\s+")
        if language != "zh" and re.match(r"\w", word):
            upper = re.escape(word.upper()).replace(r"\ ", r"\s+")
            lower = rf"|(?<=the\s){re.escape(word.lower())}" if _is_role(word) else ""
            body = rf"(?<![\w])(?:(?:[Tt]he\s+|THE\s+)?(?:{body}|{upper}){lower})(?![A-Za-z])"
        parts.append(f"(?P<{group}>{body})")
    return re.compile("|".join(parts)) if parts else None


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
    return min(len(text), max(first + 1500, 4000), _ZONE)


def _before_recitals(text: str, found: list[_Found]) -> list[_Found]:
    """Without those whom only the recitals name, if the preamble names two."""
    recitals = _RECITALS.search(text, found[1].end if len(found) > 1 else 0)
    early = [party for party in found if recitals and party.start < recitals.start()]
    return early if len(early) >= 2 else found


def _defined(text: str, zone: int) -> Iterator[_Found]:
    """Parties introduced by a defined term in brackets behind their name."""
    previous = 0
    last: _Found | None = None
    for match in _DEFINITION.finditer(text, 0, zone):
        aliases = _aliases(match)
        head = max(previous, match.start() - 700)
        segment = text[head : match.start()]
        previous = match.end()
        if not aliases:
            continue
        names = find_names(segment)
        if not names and last is not None and not re.search(r"(?i)\band\b|和|与", segment):
            last.aliases += aliases
            continue
        named = _is_role(aliases[0]) or bool(_LETTERED.match(aliases[0]))
        if not names and named:
            names = find_plain_names(segment)
        chosen = _closest(names, segment, aliases)
        if chosen is None:
            if named:
                yield _Found(aliases[0], match.start(), match.start(), match.end(), aliases)
            continue
        for name in [*(name for name in names if last is None and name[0] < chosen[0]), chosen]:
            last = _Found(
                tidy(segment[name[0] : name[1]]),
                head + name[0],
                head + name[1],
                match.end() if name == chosen else head + name[1],
                list(aliases) if name == chosen else [],
            )
            yield last


def _aliases(match: re.Match[str]) -> list[str]:
    """The defined terms of a bracket that can stand for a party."""
    more = re.findall(r"[\"“](?:[Tt]he\s+)?([^\"“”]{1,60})[\"”]", match["more"] or "")
    words = [tidy(word) for word in (match["alias"] or match["bare"] or match["zh"], *more)]
    if any(_MUTUAL_ALIAS.match(word) for word in words) or not _may_be_alias(words[0]):
        return []
    return [word for word in words if word]


def _closest(
    names: list[tuple[int, int]], segment: str, aliases: list[str]
) -> tuple[int, int] | None:
    """The name that a defined term stands for: one that shares a word with it, or the first."""
    words = {word.casefold() for alias in aliases for word in re.findall(r"\w+", alias)}
    for start, end in names:
        if words & {word.casefold() for word in re.findall(r"\w+", segment[start:end])}:
            return start, end
    if not names:
        return None
    return names[-1] if not segment[names[-1][0]].isascii() else names[0]


def _labelled(text: str, zone: int) -> Iterator[_Found]:
    """Parties introduced by a label and a colon: ``Party A: …``, ``甲方（许可方）：…``."""
    for match in _labels_pattern().finditer(text, 0, zone):
        alias = re.sub(r"\s+", " " if match["alias"].isascii() else "", match["alias"])
        inner = (match["more"] or "").strip()
        inner = re.sub(r"^(?:以下[简簡]?[称稱]|下称|hereinafter|[Tt]he)\s*[“\"]?|[”\"]", "", inner)
        aliases = [alias, inner] if _LETTERED.match(inner) or _is_role(inner) else [alias]
        raw = match["name"]
        names = find_names(raw)
        start, end = names[0] if names else (0, len(re.split(r"[,，（(]|\s{2,}|\u3000", raw)[0]))
        name = tidy(raw[start:end])
        if not names and not PLAIN_NAME.fullmatch(name):
            name = alias
        offset = match.start("name")
        yield _Found(name, offset + start, offset + end, match.end(), aliases)


def _by_duties(text: str, found: Sequence[_Found]) -> Iterator[_Found]:
    """Who bears the duties, when fewer than two of the parties found do.

    A frequent subject of "shall" is another name of a known party when it stands in its name, and
    a party of its own otherwise.
    """
    counts = Counter(
        tidy(match["en"] or match["zh"] or match["person"].capitalize())
        for match in _DUTY.finditer(text)
    )
    known = {alias for party in found for alias in (party.name, *party.aliases)}
    bearing = {
        party.name for party in found if any(counts[a] for a in (*party.aliases, party.name))
    }
    for word, count in counts.most_common(12):
        if len(bearing) >= 2:
            return
        if count < 2 or word in known or _NO_SUBJECT.search(word) or not _may_be_alias(word):
            continue
        start = text.find(word) if word in text else 0
        owner = next((party for party in found if word in party.name), None)
        name = owner.name if owner else word
        aliases = ["You", "you"] if word == "You" else ["We", "we"] if word == "We" else [word]
        bearing.add(name)
        at = owner.start if owner else start
        yield _Found(name, at, at + len(name), at + len(name), aliases)


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """One record a party: the same name or the same defined term is the same party."""
    parties: list[_Found] = []
    for item in found:
        same = [party for party in parties if _same(party, item)]
        for party in same:
            parties.remove(party)
        for party in [*same, item][1:]:
            first = [*same, item][0]
            first.aliases += [alias for alias in party.aliases if alias not in first.aliases]
            if party.start - first.start < 400:
                first.stop = max(first.stop, party.stop)
            if first.name in first.aliases and party.name not in first.aliases:
                first.name, first.start, first.end = party.name, party.start, party.end
        parties.append([*same, item][0])
    return parties


def _same(one: _Found, other: _Found) -> bool:
    names = one.name.casefold() == other.name.casefold()
    return names or bool(set(one.aliases) & set(other.aliases))


def _record(text: str, index: int, party: _Found, stop: int) -> PartyRecord:
    block = text[party.start : stop]
    if party.name in party.aliases:
        block = re.split(r"[\n。]", block, maxsplit=1)[0]
    evidence = find_evidence(party.name, block)
    code, confidence = nationality_of(evidence)
    aliases = [alias for alias in party.aliases if alias != party.name]
    short = short_name(party.name)
    if short and short not in aliases and text.count(short) > 2:
        aliases.append(short)
    record = PartyRecord(
        f"P{index}", party.name, tuple(aliases), _role_of([*aliases, party.name]), code, confidence,
        tuple(evidence), party.start, party.end,
    )  # fmt: skip
    return record if evidence else replace(record, confidence=0.5)


def _may_be_alias(alias: str) -> bool:
    """Whether a defined term can stand for a party at all."""
    if _is_role(alias) or _LETTERED.match(alias):
        return True
    return (
        not _THING.search(alias)
        and not is_place(alias)
        and (alias[:1].isupper() or not alias.isascii())
    )


_THING = re.compile(
    r"(?i)agreement|contract|date|product|territor|term\b|price|services?\b|technolog|mark|patent"
    r"|annex|schedule|software|information|period|goods|know|licen[cs]ed|rights|effective|property"
    r"|exhibit|system|device|brand|sec\b|act\b|law|合同|协议|产品|商品|技术|区域|期限|商标|专利|意向书"
    r"|备忘录|附件|法\b|软件|设备|项目|信息|资料"
)


@cache
def _labels_pattern() -> re.Pattern[str]:
    """A party's label with a colon; English role nouns only at the head of a line."""
    latin = "|".join(word for row in party_data()["role"] for word in row["en"])
    han = sorted((word for row in party_data()["role"] for word in row["zh"]), key=len)
    return re.compile(
        rf"(?:(?<![\w“\"])(?P<alias>Party\s+[A-E]|[甲乙丙丁]\s*方|{'|'.join(reversed(han))}"
        rf"|(?m:(?<=^)|(?<=^The\s)|(?<=^THE\s))(?:{latin}))\s*"
        r"(?:[(（](?P<more>[^()（）]{1,30})[)）])?\s*[:：][\s\u3000]*(?P<name>[^\n:：;；]{2,120}))"
    )


@cache
def _role_words() -> dict[str, str]:
    return {
        word.casefold(): row["role"]
        for row in party_data()["role"]
        for word in (*row["en"], *row["zh"])
    }


def _is_role(word: str) -> bool:
    return word.casefold() in _role_words()


def _role_of(aliases: Sequence[str]) -> str:
    words = _role_words()
    return next((words[alias.casefold()] for alias in aliases if alias.casefold() in words), "")
