"""The words that make a sentence bind or free somebody, and how firmly.

Tables in ``data/norms.en.toml`` and ``data/norms.zh.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from clausescan.pipeline.terms import lowered

_COMMA = re.compile(r"[,，;；:：]|\band\b")
_BEFORE = 16
"""Characters before a Chinese trigger where words that weaken it may stand (原则上应)."""
_INNER = frozenset({"grant", "aim"})
RIGHTS = frozenset({"permission", "entitlement", "discretion", "exemption"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger found in a sentence; offsets count from the sentence's start."""

    rule: str
    modality: str
    strength: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Modifier:
    id: str
    instead: str
    pattern: re.Pattern[str]
    strength: float
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled tables of one language.

    All but the triggers' own pattern read a sentence as `plain` gives it.
    """

    language: str
    pattern: re.Pattern[str]
    lead: re.Pattern[str] | None
    rules: dict[str, dict[str, Any]]
    modifiers: tuple[_Modifier, ...]
    discretion: re.Pattern[str]
    condition: re.Pattern[str]
    exception: re.Pattern[str]
    firm: re.Pattern[str]

    def plain(self, sentence: str) -> str:
        """A sentence as the tables are written: English in lower case."""
        return lowered(sentence) if self.language == "en" else sentence

    def find(self, sentence: str, plain: str) -> Iterator[Trigger]:
        """Triggers in order; hidden words ("goodwill", 供应) give none.

        A grant or aim behind a modal ("may grant", 应积极) belongs to that modal's norm.
        """
        last = -1
        for match in self._matches(sentence, plain):
            rule = self.rules[str(match.lastgroup)]
            if rule["modality"] == "none":
                continue
            inner = last >= 0 and not _COMMA.search(sentence, last, match.start())
            if rule["id"] in _INNER and inner:
                continue
            last = match.end()
            yield Trigger(
                rule["id"], rule["modality"], rule["strength"], match.start(), match.end()
            )

    def _matches(self, sentence: str, plain: str) -> Iterator[re.Match[str]]:
        if self.lead is None:
            yield from self.pattern.finditer(sentence)
            return
        place = 0
        while start := self.lead.search(plain, place):
            match = self.pattern.match(sentence, start.start())
            if match is not None:
                yield match
            place = match.end() if match else start.end()

    def settle(self, trigger: Trigger, plain: str, stop: int) -> tuple[str, float]:
        """Modality and strength of a trigger in its sentence.

        Args:
            trigger: The trigger.
            plain: Its sentence, as `plain` gives it.
            stop: Where the next norm begins.
        """
        reach = plain[trigger.start : stop]
        modality, strength = trigger.modality, trigger.strength
        if modality in ("permission", "entitlement") and self.discretion.search(reach):
            return "discretion", 1.0
        before = max(0, trigger.start - _BEFORE) if self.language == "zh" else trigger.start
        found = [
            modifier
            for modifier in self.modifiers
            if (not modifier.only or modality in modifier.only)
            and (modifier.only or modality not in RIGHTS)
            and modifier.pattern.search(plain, before, stop)
        ]
        replaced = {modifier.instead for modifier in found}
        weaker = [modifier.strength for modifier in found if modifier.id not in replaced]
        if weaker and modality != "prohibition":
            return modality, min(weaker)
        if modality == "obligation" and self.firm.search(reach):
            return modality, 1.0
        return modality, strength


@cache
def load_lexicon(language: str) -> Lexicon:
    """The tables of a language, ``en`` or ``zh``."""
    data = tomllib.loads(
        files("clausescan").joinpath(f"data/norms.{language}.toml").read_text("utf-8")
    )
    parts = []
    rules = {}
    for index, rule in enumerate(data["trigger"]):
        edge = r"\b" if language == "en" and not rule["pattern"].startswith(r"\b") else ""
        parts.append(f"(?P<t{index}>{edge}(?:{rule['pattern']}))")
        rules[f"t{index}"] = rule
    spans = data["spans"]
    return Lexicon(
        language,
        re.compile("|".join(parts), re.IGNORECASE if language == "en" else 0),
        re.compile(data["lead"]) if "lead" in data else None,
        rules,
        tuple(
            _Modifier(
                row["id"],
                row.get("instead", ""),
                re.compile(row["pattern"]),
                row["strength"],
                frozenset(row.get("only", ())),
            )
            for row in data["modifier"]
        ),
        re.compile("|".join(row["pattern"] for row in data["discretion"])),
        re.compile(spans["condition"]),
        re.compile(spans["exception"]),
        re.compile(spans["firm"]),
    )
