"""Facts of one clause: how long, which forum, whose name, exclusive or sole.

The patterns stand in ``data/attributes.toml`` and the deal archetypes in
``data/archetypes.toml``; this module only reads and applies them. A pattern is compiled when one
of its words first turns up, so a start costs no regex work.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from clausescan.errors import DataError
from clausescan.numerals import NUMBER, PERIOD, in_days, in_years, read_number, short

JOINT = "|"
"""Stands between several values of one attribute."""

_PARTY = {
    "en": r"(?:the\s+)?(?P<value>(?-i:[A-Z])[\w&-]*(?:\s+(?-i:[A-Z])[\w&-]*){0,3})",
    "zh": r"(?P<value>[甲乙丙丁]方|"
    r"(?:(?![当应由向在至交归给将须])[\u4e00-\u9fff]){1,6}?(?:方|商|人|公司))",
}
_KINDS = frozenset({"text", "days", "years", "number", "party"})
_MOST_SUBJECTS = 2000
"""Sets of labels whose patterns are kept; real clauses carry some hundreds."""
_REQUIRED = frozenset({"id", "attribute", "language", "words", "pattern", "examples", "counter"})
_OPTIONAL = frozenset({"value", "as", "labels", "not", "prefix"})


@dataclass(frozen=True)
class Pattern:
    """One way in which a clause states a fact.

    Attributes:
        id: Unique name.
        attribute: The fact, e.g. ``term.years``.
        language: ``en`` or ``zh``.
        words: Lower-case strings of which one must occur; the cheap test before the pattern.
        pattern: Regular expression; ``<number>``, ``<period>`` and ``<party>`` stand for numbers,
            units of time and the name of a party.
        value: The value, or "" to take it from the match.
        kind: How a taken value is read: ``text``, ``days``, ``years``, ``number`` or ``party``.
        labels: Labels of which the clause must carry one; empty for any.
        unless: Regular expression that, found in the clause, forbids the match; "" for none.
        examples: Pairs of text and value.
        counter: Texts that must not match.
    """

    id: str
    attribute: str
    language: str
    words: tuple[str, ...]
    pattern: str
    value: str = ""
    kind: str = "text"
    labels: frozenset[str] = frozenset()
    unless: str = ""
    prefix: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    counter: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self._source, 0 if self.reads_lower_case else re.IGNORECASE)

    @cached_property
    def unless_regex(self) -> re.Pattern[str]:
        """The compiled forbidding pattern."""
        return re.compile(self.unless, re.IGNORECASE)

    @cached_property
    def reads_lower_case(self) -> bool:
        """Whether it takes nothing from the text and tells no capitals apart.

        A text in lower case is searched several times faster.
        """
        letters = re.sub(r"\\.", "", self._source)
        return bool(self.value) and letters == letters.lower()

    @cached_property
    def _source(self) -> str:
        source = self.pattern.replace("<number>", NUMBER[self.language])
        source = source.replace("<period>", PERIOD[self.language])
        return source.replace("<party>", _PARTY[self.language])

    def values(self, text: str, lowered: str) -> list[str]:
        """All values that the pattern finds, in order of the text."""
        if not any(word in lowered for word in self.words):
            return []
        if self.unless and self.unless_regex.search(text):
            return []
        searched = lowered if self.reads_lower_case else text
        found = [self._value(match) for match in self.regex.finditer(searched)]
        return [self.prefix + value for value in found if value]

    def _value(self, match: re.Match[str]) -> str:
        if self.value:
            return self.value
        if self.kind in ("text", "party"):
            return _alias(match["value"])
        number = read_number(match["n"], self.language)
        if number is None:
            return ""
        if self.kind == "days":
            number = in_days(number, match["unit"], self.language)
        elif self.kind == "years":
            number = in_years(number, match["unit"], self.language)
        return short(number)


def find_attributes(text: str, language: str, labels: Set[str]) -> dict[str, str]:
    """The facts that one clause states.

    Args:
        text: The clause or a part of it.
        language: ``en`` or ``zh``.
        labels: Its labels; most patterns only look at clauses of their own subject.

    Returns:
        Attribute to value; several different values are joined by ``|`` in order of finding.
    """
    lowered = text.lower()
    found: dict[str, list[str]] = {}
    for pattern in _patterns_for(language, frozenset(labels)):
        for value in pattern.values(text, lowered):
            values = found.setdefault(pattern.attribute, [])
            if value not in values:
                values.append(value)
    return {attribute: JOINT.join(values) for attribute, values in sorted(found.items())}


def split_values(value: str) -> tuple[str, ...]:
    """The single values of an attribute."""
    return tuple(value.split(JOINT))


@cache
def load_patterns() -> tuple[Pattern, ...]:
    """All patterns of the package, in the order of the file.

    Raises:
        DataError: A key is unknown or missing, a language or kind is wrong, an id occurs twice.
    """
    patterns = tuple(_pattern(item) for item in _read("attributes.toml")["pattern"])
    ids = [pattern.id for pattern in patterns]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice:
        raise DataError(f"attributes.toml: pattern {twice!r} occurs twice; rename one")
    return patterns


@cache
def known_attributes() -> frozenset[str]:
    """Names of all attributes that the package can find."""
    return frozenset(pattern.attribute for pattern in load_patterns())


def find_archetype(title: str, *texts: str) -> str:
    """The kind of deal: ``distribution``, ``licence``, ``oem`` … or "" when nothing tells.

    Args:
        title: Title of the draft; its words count four times.
        *texts: Further evidence, such as recitals and the first clauses.
    """
    scores = {
        name: 4 * _hits(patterns, title) + sum(min(_hits(patterns, text), 2) for text in texts)
        for name, patterns in _archetype_patterns().items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else ""


@cache
def archetypes() -> Mapping[str, Mapping[str, Any]]:
    """The archetypes by name, as the file has them."""
    return {item["id"]: item for item in _read("archetypes.toml")["archetype"]}


def _hits(patterns: Sequence[re.Pattern[str]], text: str) -> int:
    return sum(1 for pattern in patterns for _ in pattern.finditer(text))


@cache
def _archetype_patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {
        name: tuple(re.compile(source, re.IGNORECASE) for source in item["words"])
        for name, item in archetypes().items()
    }


@lru_cache(_MOST_SUBJECTS)
def _patterns_for(language: str, labels: frozenset[str]) -> tuple[Pattern, ...]:
    """The patterns that look at a clause with these labels."""
    return tuple(
        pattern
        for pattern in load_patterns()
        if pattern.language == language
        and (not pattern.labels or not pattern.labels.isdisjoint(labels))
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("clausescan").joinpath(f"data/{name}").read_text("utf8"))


def _pattern(item: Mapping[str, Any]) -> Pattern:
    name = f"attributes.toml: pattern {item.get('id', '?')!r}"
    missing = sorted(_REQUIRED - set(item))
    unknown = sorted(set(item) - _REQUIRED - _OPTIONAL)
    if missing or unknown:
        key, what = (missing[0], "missing") if missing else (unknown[0], "unknown")
        raise DataError(f"{name}: key {key!r} is {what}")
    kind = item.get("as", "text")
    if kind not in _KINDS:
        raise DataError(f"{name}: key 'as' must be one of {', '.join(sorted(_KINDS))}")
    if item["language"] not in NUMBER:
        raise DataError(f"{name}: key 'language' must be en or zh")
    return Pattern(
        id=item["id"],
        attribute=item["attribute"],
        language=item["language"],
        words=tuple(item["words"]),
        pattern=item["pattern"],
        value=item.get("value", ""),
        kind=kind,
        labels=frozenset(item.get("labels", ())),
        unless=item.get("not", ""),
        prefix=item.get("prefix", ""),
        examples=tuple((text, value) for text, value in item["examples"]),
        counter=tuple(item["counter"]),
    )


def _alias(text: str) -> str:
    return re.sub(r"^the\s+", "", text.strip(), flags=re.IGNORECASE)
