"""Where a party comes from, by evidence in its own block of the draft.

Each piece of evidence speaks for one country with a weight in log-odds (``data/parties.toml``).
The confidence is that of the yes/no question "a mainland Chinese entity?". Never used: names of
persons, the order of Party A and Party B, and "Co., Ltd.", which a dozen countries use.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(r"(?<![0-9A-Z])[159ANY][0-9A-HJ-NPQRTUWXY]{17}(?![0-9A-Z])")
_LAW = re.compile(
    r"(?:under|pursuant to|in accordance with|by)\s+(?:the\s+)?laws?\s+of\s+(?:the\s+)?"
    r"|(?:incorporated|organi[sz]ed|established|registered|formed|existing)\s+"
    r"(?:and\s+(?:\w+\s+)?existing\s+)?(?:in|under)\s+(?:the\s+)?(?:laws?\s+of\s+(?:the\s+)?)?"
    r"|\b(?:an?|A)\s+(?=[A-Z][\w ]{2,24}\s+(?:corporation|company|limited|partnership|entity))"
    r"|a company of (?:the\s+)?|\b(?:citizen|national|resident)s?\s+of\s+(?:the\s+)?"
)
_LAW_ZH = re.compile(
    r"(?:依据|根据|依照|按照|依|按|在)\s*(?P<c>[\u4e00-\u9fff]{2,8}?)"
    r"(?:的)?(?:法律|法)?(?:设立|設立|成立|注册|註冊|组建|登记)"
    r"|(?P<n>[\u4e00-\u9fff]{2,8}?)(?:国)?籍|国籍\s*[:：]?\s*(?P<o>[\u4e00-\u9fff]{2,8})"
)
_REGISTRATION = re.compile(
    r"统一社会信用代码|营业执照|法定代表人|外商独资|外商投资企业|中外合资经营企业"
    r"|(?i:wholly[- ]foreign[- ]owned|WFOE|sino-foreign|unified social credit"
    r"|business licen[cs]e (?:no|number)|legal representative)"
)
_PRC_STREET = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:区|县|镇)[\u4e00-\u9fff]*(?:路|街|道|大道)[\u4e00-\u9fff]*\d*号?"
)
_PRC_NAME = re.compile(
    r"[\u4e00-\u9fff（）()]{4,}(?:有限公司|有限责任公司|有限責任公司|股份公司|集团|集團|厂|廠)"
)
_BRANCH_OF = r"\s+(?:[Bb]ranch|[Rr]epresentative\s+[Oo]ffice)\b"
_OTHER_LETTERS = re.compile(r"\s*[(（]\s*([A-Z][^()（）“”\"]{3,90})")
_STREET = r"\s+(?:(?:East|West|North|South|Central|Middle)\s+)?(?:Road|Rd|Street|St|Avenue|Lu)\b"
_ENTITY = (
    r"(?:\s+(?:limited|public|private|stock|joint|liability|business|legal|registered)){0,3}"
    r"\s+(?:corporation|company|Corporation|Company|partnership|entity|firm|enterprise|citizen"
    r"|national|resident)"
)
_TITLE_REST = re.compile(r"[\u4e00-\u9fff]{0,14}(?:法|法律|条例|银行)")
_TAIWAN_CODE = re.compile(r"統一編號\s*[:：]?\s*\d{8}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to think that a party comes from a country.

    Attributes:
        reason: Key of the weight in ``data/parties.toml``.
        quote: The words that say so.
        code: ISO 3166 code, ``EU`` for several countries, or ``""``.
        weight: Log-odds, positive for a mainland Chinese entity.
    """

    reason: str
    quote: str
    code: str
    weight: float


@dataclass(frozen=True)
class Words:
    """Words that stand for one country.

    There are a thousand for all countries, of which a draft holds ten; so a text is first asked
    for each word, and a pattern only compiled for those it holds.

    Attributes:
        latin: Words in Latin letters.
        han: Words in Chinese characters.
        follow: Pattern of what must, or must not, stand behind a Latin word.
        extra: A pattern besides the words.
    """

    latin: tuple[str, ...]
    han: tuple[str, ...] = ()
    follow: str = ""
    extra: str = ""

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """One of the words at `start`."""
        return self._pattern.match(text, start) if self._may_be_in(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The text, if it is one of the words."""
        return self._pattern.fullmatch(text) if self._may_be_in(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        """The first of the words in a text."""
        return self._pattern.search(text) if self._may_be_in(text) else None

    def all_in(self, text: str) -> Iterator[re.Match[str]]:
        """The words in a text."""
        return self._pattern.finditer(text) if self._may_be_in(text) else iter(())

    def _may_be_in(self, text: str) -> bool:
        return bool(self.extra) or any(piece in text for piece in self._pieces)

    @cached_property
    def _pieces(self) -> frozenset[str]:
        """The longest part of each word that stands in a text as it is."""
        return frozenset(self.han) | {max(word.split(), key=len) for word in self.latin}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [
            rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z]){self.follow}"
            for word in sorted(self.latin, key=len, reverse=True)
        ]
        parts += [re.escape(word) for word in sorted(self.han, key=len, reverse=True)]
        if self.extra:
            parts.insert(0, self.extra)
        return re.compile("|".join(parts).replace(r"\ ", r"\s+"))


@dataclass(frozen=True, slots=True)
class Country:
    """A country with the words that stand for it."""

    code: str
    names: Words
    places: Words
    demonyms: Words
    offshore: bool


@cache
def party_data() -> dict[str, Any]:
    """The tables of ``data/parties.toml``."""
    data = files("clausescan").joinpath("data/parties.toml").read_bytes()
    return tomllib.loads(data.decode())


def valid_uscc(code: str) -> bool:
    """Whether an 18-character unified social credit code has the right check character.

    Source: GB 32100-2015.
    """
    if len(code) != 18 or any(char not in _USCC_ALPHABET for char in code):
        return False
    total = sum(
        weight * _USCC_ALPHABET.index(char)
        for weight, char in zip(_USCC_WEIGHTS, code[:17], strict=True)
    )
    return _USCC_ALPHABET.index(code[17]) == (31 - total % 31) % 31


def is_place(word: str) -> bool:
    """Whether a word is the name of a country, province or city."""
    return any(
        country.names.fullmatch(word) or country.places.fullmatch(word) for country in _countries()
    )


def find_evidence(name: str, block: str) -> list[Evidence]:
    """Everything in a party's name and block that tells its country.

    Args:
        name: The party's name.
        block: The text about it: from its name to the next party's.
    """
    evidence = list(_from_name(name))
    other = _OTHER_LETTERS.match(block, len(name)) if block.startswith(name) else None
    if other is not None and not any(item.reason == "form" for item in evidence):
        evidence += _from_form(other[1])
    return [*evidence, *_from_block(name, block)]


def nationality_of(evidence: list[Evidence]) -> tuple[str, float]:
    """Country code and confidence of "Chinese or not".

    Returns:
        The code with the most weight (``""`` when nothing tells) and the probability, 0.5 to 1,
        that the party is on that side of the question.
    """
    if not evidence:
        return "", 0.5
    weights: dict[str, float] = {}
    for item in evidence:
        if item.code:
            weights[item.code] = weights.get(item.code, 0.0) + abs(item.weight)
    odds = sum(item.weight for item in evidence)
    chinese = odds > 0
    side = {code: weight for code, weight in weights.items() if (code == "CN") == chinese}
    code = max(sorted(side), key=lambda key: side[key]) if side else ("CN" if chinese else "")
    return code, 1.0 / (1.0 + math.exp(-abs(odds)))


def _from_name(name: str) -> Iterator[Evidence]:
    yield from _from_form(name)
    weights = party_data()["weights"]
    if (branch := _branch(name)) is not None:
        yield _spoken("name_branch", name, branch, weights["name_branch"])
        if branch.code == "CN" and _PRC_NAME.search(name):
            yield Evidence("zh_form", name, "CN", weights["zh_form"])
    elif re.search(r"[\u4e00-\u9fff]{3}", name):
        yield from _from_han_name(name)
    elif re.search(r"[A-Za-z]", name):
        for country in _countries():
            if match := country.places.search(name):
                yield _spoken("name_place", match[0], country, weights["name_place"])
                break


def _from_form(name: str) -> Iterator[Evidence]:
    """The legal form that ends the name, or stands before it."""
    forms = [(match, country) for pattern, country in _forms() if (match := pattern.search(name))]
    if forms:
        form, code = max(forms, key=lambda item: (item[0].end(), len(item[0][0])))
        if code:
            yield Evidence("form", form[0].strip(" ,"), code, -party_data()["weights"]["form"])


def _from_han_name(name: str) -> Iterator[Evidence]:
    """Country or city at the head of a Chinese name, or its Chinese form."""
    weights = party_data()["weights"]
    place = next((c for c in _countries() if c.places.match(name)), None)
    country = next((c for c in _countries() if c.names.match(name)), None)
    found = country or place
    if found is not None and found.code != "CN":
        yield _spoken("name_place", name, found, weights["name_place"])
    elif found is not None:
        known = _PRC_NAME.search(name)
        key = "prc_name" if known else "name_place"
        yield Evidence(key, name, "CN", weights[key])
    elif _PRC_NAME.search(name):
        yield Evidence("zh_form", name, "CN", weights["zh_form"])


def _branch(name: str) -> Country | None:
    """The country or city that stands in brackets in a name."""
    inner = re.search(r"[(（]\s*([^()（）]{2,24}?)\s*[)）]", name)
    if inner is None:
        return None
    return next(
        (
            country
            for country in _countries()
            if country.names.fullmatch(inner[1]) or country.places.fullmatch(inner[1])
        ),
        None,
    )


def _from_block(name: str, block: str) -> Iterator[Evidence]:
    weights = party_data()["weights"]
    for code in _USCC.findall(block):
        if valid_uscc(code):
            yield Evidence("uscc", code, "CN", weights["uscc"])
    if match := _TAIWAN_CODE.search(block):
        yield Evidence("taiwan_code", match[0], "TW", -weights["taiwan_code"])
    if match := _REGISTRATION.search(block):
        yield Evidence("prc_registration", match[0], "CN", weights["prc_registration"])
    law = next(_laws(block), None)
    if law is not None:
        yield law
    if (match := _PRC_STREET.search(block)) and not _is_abroad(match[0]):
        yield Evidence("prc_address", match[0], "CN", weights["prc_address"])
    address = _address(block[len(name) :] if block.startswith(name) else block)
    if address is not None:
        yield address


def _is_abroad(address: str) -> bool:
    """Whether an address names a country or city outside the mainland."""
    return any(
        country.names.search(address) or country.places.search(address)
        for country in _countries()
        if country.code != "CN"
    )


def _laws(block: str) -> Iterator[Evidence]:
    weights = party_data()["weights"]
    for country in _countries():
        if hit := country.demonyms.search(block):
            yield _spoken("law", hit[0], country, weights["law"])
    for match in _LAW.finditer(block):
        for country in _countries():
            hit = country.names.match(block, match.end())
            if hit:
                yield _spoken("law", block[match.start() : hit.end()], country, weights["law"])
    for match in _LAW_ZH.finditer(block):
        for country in _countries():
            if country.names.search(match["c"] or match["n"] or match["o"]):
                yield _spoken("law", match[0], country, weights["law"])


def _address(block: str) -> Evidence | None:
    """The country named last in the first address line, or else the first place."""
    weights = party_data()["weights"]
    cut = re.split(r"\blaws? of\b|法律", block, maxsplit=1)[0] or block
    for text in (cut, block):
        hits = [
            (match.start(), country, match[0])
            for country in _countries()
            for words in (country.names, country.places)
            for match in [next((m for m in words.all_in(text) if not _is_title(text, m)), None)]
            if match is not None
        ]
        if hits:
            _, country, quote = min(hits, key=lambda hit: hit[0])
            return _spoken("address", quote, country, weights["address"])
    return None


def _is_title(text: str, match: re.Match[str]) -> bool:
    """Whether a country's name is part of a statute's or bank's name."""
    return text[: match.start()].endswith("《") or bool(_TITLE_REST.match(text, match.end()))


def _spoken(reason: str, quote: str, country: Country, weight: float) -> Evidence:
    sign = 1 if country.code == "CN" else -1
    reason = "offshore" if country.offshore else reason
    return Evidence(reason, " ".join(quote.split()), country.code, sign * weight)


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    return (
        [
            (
                re.compile(r"(?:^|[\s,(])" + form["pattern"] + r"(?=$|[\s,;.()\"“”])"),
                form["country"],
            )
            for form in party_data()["form"]
        ]
        + [
            (
                re.compile(r"(?:^|\s)" + form["pattern"] + r"(?=$|[\s\u3040-\u9fff가-힣])"),
                form["country"],
            )
            for form in party_data()["prefix"]
        ]
        + [(re.compile("(?:株式会社|株式會社)$"), "JP")]
    )


@cache
def _countries() -> list[Country]:
    return [
        Country(
            row["code"],
            Words(tuple(row["names"]), tuple(row["zh"]), extra=row.get("pattern", "")),
            Words(tuple(row["places"]), tuple(row["zh_places"]), f"(?!{_STREET}|{_BRANCH_OF})"),
            Words(tuple(row["demonyms"]), follow=f"(?={_ENTITY})"),
            row.get("offshore", False),
        )
        for row in party_data()["country"]
    ]
