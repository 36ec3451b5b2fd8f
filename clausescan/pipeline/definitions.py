"""Defined terms: what brackets and "hereinafter" call a party, and which nouns are roles."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from clausescan.pipeline.names import tidy
from clausescan.pipeline.nationality import is_place, party_data

_OPEN = '"“„「『《«'
_CLOSE = '"”“」』》»'
_SINGLE = r"(?<![A-Za-z])[‘'](?:[Tt]he\s+)?[^‘’'\"()]{1,60}?[’'](?![A-Za-z])"
_QUOTED = rf"(?:[{_OPEN}]\s*(?:[Tt]he\s+)?[^{_OPEN}{_CLOSE}]{{1,60}}?\s*[{_CLOSE}]|{_SINGLE})"
_CALLED = (
    r"(?:(?:hereinafter|hereafter|hereinbelow|herein)\b[\w ,]{0,40}?"
    r"(?:(?:referred\s+to|designated|known|defined|described)\s+as|called|referred\s+to|as)?"
    r"|(?:referred\s+to|known|described|called)\s+(?:below|here|in\s+what\s+follows)\s+(?:as)?)"
)
_DEFINITION = re.compile(
    rf"[(（\[](?P<pre>[^()（）\[\]{_OPEN}{_CLOSE}]{{0,160}}?)(?P<quoted>{_QUOTED})"
    rf"(?P<more>(?:[^()（）\[\]{_OPEN}{_CLOSE}]{{0,24}}{_QUOTED})*)(?P<rest>[^()（）\[\]]{{0,320}})[)）\]]"
    rf"|(?P<said>(?:(?<=[\s,–—-])|^){_CALLED}[\s:,]*(?:the\s+)?{_QUOTED})"
    rf"|[(（]\s*(?P<lead>{_CALLED}\s*(?:the\s+)?|[Aa]s\s+(?:the\s+)?|(?:and\s+)?[Tt]he\s+)?"
    r"(?P<bare>[A-Z][\w.&-]*(?: [A-Z][\w .&-]{1,30})?)\s*[)）]"
    r"|[（(，,]?\s*(?:以下|下)(?:[简簡])?[称稱][为為作]?\s*[:：]?"
    r"(?P<zh>[\"“「『]?[\u4e00-\u9fff]{2,8}[\"”」』]?)(?=\s*(?:[)）,，。；]|$))"
)
_COLON = re.compile(r"\s*[)）]?\s*[:：]")
_ITEM = re.compile(_QUOTED)
_EACH = re.compile(r"分别|分別|respectively")
_GROUP = re.compile(r"(?i)\b(?:collectively|together|jointly|each|both)\b")
_TOGETHER = re.compile(
    r"(?i)\W*(?:and\s+)?(?:collectively\s+|together\s+)?with\b|\W*and\s+together"
)
_RUNNER = re.compile(
    r"(?:[A-Z][\w-]* )*(?:[A-Z][\w-]*(?:er|or|ee|ary|ant|ent)|[\w-]*Part(?:y|ner)|Company|Client"
    r"|Agency|Bank)"
)
LETTERED = re.compile(r"^(?:Party\s+[A-E]|[甲乙丙丁]方)$")
_MUTUAL = re.compile(
    r"(?i)^(?:each\s+)?(?:the\s+|a\s+)?(?:part(?:y|ies)|both parties|third part(?:y|ies)"
    r"|双方|雙方|各方|一方|协议各方|合同双方)$"
)
_THING = re.compile(
    r"(?i)agreement|contract|dates?\b|product|territor|\bterm\b|price|services?\b|technolog"
    r"|(?:\b|trade)marks?\b|patent"
    r"|annex|schedule|software|information|period|goods|know|licen[cs]ed|rights|effective|property"
    r"|exhibit|system|device|brand|sec\b|act\b|law|letter|order\b|statement|amendment|document"
    r"|shares?\b|stock|securities|offering|indenture|securit|closing|site\b|prospectus|register\b"
    r"|terms$|attachment|commission\b|committee|upgrades?\b|notes?\b|stud(?:y|ies)\b|debentures|league|procedures"
    r"|number|address|board\b|chamber|court\b|plan\b|program|project|facility\b|purpose"
    r"|合同|协议|協議|产品|產品|商品|技术|区域|期限|商标|专利|意向书|备忘录|附件|法\b|软件|设备|项目|信息"
    r"|资料|货物|服务$|价格|工程|股权|标的|平台"
)
_LABEL = re.compile(
    r"(?!.*(?:代表|联系|聯繫|负责|負責|收件|收款|付款|经办|签[署约订字]|法定|法人|户名|注册|发票|开票|名称"
    r"|开户|委托代理|见证|经手|监督|审核|邮|电话|被保险|受益|管理方|地|行$|主体|一方|对方|双方|多方|该|其))"
    r"[\u4e00-\u9fff]{1,8}(?:方|人|商|者|公司|企业|单位|單位|店)"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition that may name a party.

    Attributes:
        start: Its offset.
        end: One past it.
        terms: The defined terms; none when they cannot stand for a party.
        each: Whether they are said of several parties in turn ("respectively").
        group: Whether they are said of several parties as one ("collectively").
        group: Whether they are said of several parties as one ("collectively").
    """

    start: int
    end: int
    terms: tuple[str, ...]
    each: bool = False
    group: bool = False


def find_definitions(text: str, end: int) -> Iterator[Definition]:
    """The definitions in the first `end` characters of a text."""
    for match in _DEFINITION.finditer(text, 0, end):
        if match["bare"] and not _is_bare_term(match["bare"], match["lead"] or ""):
            continue
        if _COLON.match(text, match.end()) and _is_labelled(text[: match.start()]):
            continue
        found = match["said"] or match["zh"] or match["bare"]
        if found is None:
            found = match["quoted"] + (match["more"] or "")
        items = _ITEM.findall(found) or [found]
        words = [re.sub(r"^(?:the|The)\s+", "", _unquoted(item)) for item in items]
        before = match["pre"] or ""
        usable = _usable(text, words)
        if usable and _TOGETHER.match(match["rest"] or ""):
            more = [_unquoted(item) for item in _ITEM.findall(match["rest"])]
            usable += _usable(text, [re.sub(r"^(?:the|The)\s+", "", word) for word in more])
        each, group = bool(_EACH.search(before)), bool(_GROUP.search(before))
        yield Definition(match.start(), match.end(), tuple(usable), each, group)


def is_role(word: str) -> bool:
    """Whether a word is a role noun ("Supplier", 供应商)."""
    return word.casefold() in _role_words()


def is_label(word: str) -> bool:
    """Whether a word can stand before a colon and a party's name."""
    return bool(LETTERED.match(word) or is_role(word) or _LABEL.fullmatch(word))


def role_of(aliases: Sequence[str]) -> str:
    """The commercial role that one of the aliases tells, or ``""``."""
    words = _role_words()
    return next((role for alias in aliases if (role := words.get(alias.casefold()))), "")


def may_be_alias(alias: str) -> bool:
    """Whether a defined term can stand for a party at all."""
    if is_role(alias) or LETTERED.match(alias) or alias in ("we", "you", "us"):
        return True
    return (
        not _THING.search(alias)
        and not is_place(alias)
        and any(char.isupper() or not char.isascii() for char in alias[:3])
    )


def as_used(text: str, alias: str) -> str:
    """A role noun in capitals as the text goes on to write it."""
    title = alias.title()
    if alias.isupper() and is_role(alias) and re.search(rf"\b{re.escape(title)}\b", text):
        return title
    return alias


def _usable(text: str, words: list[str]) -> list[str]:
    """The terms before the first that stands for all parties ("each a “Party”")."""
    own = list(itertools.takewhile(lambda word: not _MUTUAL.match(word), words))
    if not own or not may_be_alias(own[0]):
        return []
    return [as_used(text, word) for word in own if word]


def _is_bare_term(word: str, lead: str) -> bool:
    """Whether a bracket without quotes defines a term: "(Supplier)", "(the Guarantor)"."""
    if is_role(word):
        return True
    return bool(lead.strip()) and ("herein" in lead.casefold() or bool(_RUNNER.fullmatch(word)))


def _is_labelled(text: str) -> bool:
    """Whether a text ends with a party's label, behind which brackets only add another."""
    word = re.search(r"(?:Party [A-E]|[A-Z]\w+|[\u4e00-\u9fff]+)\s*$", text[-40:])
    return word is not None and is_label(word[0].strip())


def _unquoted(word: str) -> str:
    return tidy(word.strip(f"{_OPEN}{_CLOSE}‘’' \n"))


@cache
def _role_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for row in party_data()["role"]:
        for word in (*row["en"], *row["zh"]):
            words.setdefault(word.casefold(), row["role"])
    return words
