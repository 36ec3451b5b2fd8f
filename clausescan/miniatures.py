"""The examples of rules as whole small drafts, and whether scanning them does as the rules say."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clausescan.document import language_of
from clausescan.findings.rules import Playbook, Rule
from clausescan.scanner import scan

_FOREIGN = {
    "en": "Nordlicht GmbH, a company organised under the laws of Germany",
    "zh": "Nordlicht GmbH（诺德里希特有限公司），一家依照德国法律设立的公司，地址：德国汉堡",
}
_CHINESE = {
    "en": "Ningbo Haisheng Trading Co., Ltd. (宁波海晟贸易有限公司), a company organised under the "
    "laws of the People's Republic of China",
    "zh": "宁波海晟贸易有限公司，统一社会信用代码91330206MA2GR7K415，"
    "地址：浙江省宁波市北仑区明州西路77号",
}
ROLES: Final = {
    "en": (
        ("Licensor", "Licensee", "LICENCE AGREEMENT"),
        ("Buyer", "Manufacturer", "MANUFACTURING AGREEMENT"),
        ("Party B", "Party A", "JOINT VENTURE CONTRACT"),
        ("Supplier", "Distributor", "DISTRIBUTION AGREEMENT"),
    ),
    "zh": (
        ("许可方", "被许可方", "技术许可合同"),
        ("买方", "制造商", "委托加工合同"),
        ("甲方", "乙方", "经销合同"),
    ),
}
"""Foreign role, Chinese role and title; the first pair that a draft names, else the last."""
_INTENT = {"en": "MEMORANDUM OF UNDERSTANDING", "zh": "合作备忘录"}


@dataclass(frozen=True, slots=True)
class Broken:
    """An example that does not do what its rule says."""

    rule: str
    clauses: tuple[str, ...]
    fires: bool

    def __str__(self) -> str:
        start = "a counter-example fires" if self.fires else "an example does not fire"
        return f"rule {self.rule}: {start}: {' '.join(self.clauses)}"


def write_draft(rule: Rule, clauses: Sequence[str], *, swapped: bool = False) -> str:
    """A whole small draft round the clauses of an example.

    Args:
        rule: Whose example it is; a rule for letters of intent gets one.
        clauses: The clauses, without numbers.
        swapped: Whether the Chinese party has the role that the foreign one has in examples.
    """
    text = " ".join(clauses)
    language = language_of(text)
    language = language if language in ROLES else "en"
    pairs = ROLES[language]
    ours, theirs, title = next(
        (pair for pair in pairs if pair[0] in text or pair[1] in text), pairs[-1]
    )
    if rule.archetypes == {"loi"}:
        title = _INTENT[language]
    one, other = _FOREIGN[language], _CHINESE[language]
    if swapped:
        one, other = other, one
    if language == "zh":
        opening = f"{ours}：{one}\n{theirs}：{other}"
        lines = [f"第{_chinese(number)}条 {clause}" for number, clause in enumerate(clauses, 1)]
    else:
        opening = (
            f'This Agreement is made between {one} (the "{ours}"), and {other} (the "{theirs}").'
        )
        lines = [f"{number}. {clause}" for number, clause in enumerate(clauses, 1)]
    return "\n\n".join([title, opening, *lines]) + "\n"


def hurt_sides(
    rule: Rule,
    clauses: Sequence[str],
    *,
    swapped: bool = False,
    playbook: Path | None = None,
    model: Path | None = None,
) -> frozenset[str]:
    """The sides (``foreign``, ``chinese``) that a rule hurts in an example, scanned whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.txt"
        path.write_text(write_draft(rule, clauses, swapped=swapped), "utf8")
        report = scan(path, rules=playbook, model=model)
    sides = {party.id: party.side for party in report.parties}
    return frozenset(sides[item.burdened] for item in report.findings if item.rule == rule.id)


def broken_examples(
    playbook: Playbook,
    names: Collection[str],
    *,
    path: Path | None = None,
    model: Path | None = None,
) -> Iterator[Broken]:
    """The examples of the named rules that do not fire, and the counter-examples that do.

    Args:
        playbook: The rules.
        names: Ids of the rules to try.
        path: The file that the playbook was read from; None for the package's own.
        model: A retrained model to label with.
    """
    for rule in playbook.rules:
        if rule.id not in names:
            continue
        for fires, drafts in ((True, rule.examples), (False, rule.counter_examples)):
            for clauses in drafts:
                hurt = hurt_sides(rule, clauses, playbook=path, model=model)
                if bool(hurt) != fires:
                    yield Broken(rule.id, clauses, bool(hurt))


def _chinese(number: int) -> str:
    """A number below a hundred as Chinese text numbers its articles."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (
        (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
    )
