"""Phrase rules: patterns that give a sentence a label, or take away a wrong one.

The rules are data (``data/phrases.en.toml``, ``data/phrases.zh.toml``). They see a sentence in
lower case with single blanks (Chinese: folded to NFKC, without blanks). A rule runs only on
sentences that hold one of its ``needs``; the words of the sentence tell which rules those are, so
that most rules cost nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from clausescan.errors import DataError
from clausescan.pipeline.terms import folded

MARK = "§"
_START = 3
"""Characters of a need by which it is looked up."""
_MOST_WORDS = 20_000
"""Words whose needs are kept; a long English contract has 5,000."""
_RULE_KEYS = {"id", "label", "needs", "pattern", "also", "not", "score", "examples", "counter"}
_VETO_KEYS = {"id", "labels", "pattern", "unless", "factor", "examples", "counter"}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A rule's pattern, compiled when its words first occur: most rules wait in vain."""
    return re.compile(pattern)


def found(pattern: str, text: str) -> bool:
    """Whether a pattern occurs in a text."""
    return compiled(pattern).search(text) is not None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule that gives a label.

    Attributes:
        id: Unique in its language, ``label/name``.
        label: Label it gives.
        needs: Substrings of which a sentence must hold one.
        pattern: What must be found.
        also: What must be found as well, anywhere in the sentence; None for nothing.
        bars: What must not be found; None for nothing.
        score: Probability that a sentence it finds carries the label.
        examples: Sentences it must find.
        counter: Sentences it must not find.
    """

    id: str
    label: str
    needs: tuple[str, ...]
    pattern: str
    also: str | None
    bars: str | None
    score: float
    examples: tuple[str, ...]
    counter: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The rule as a term of the linear model, which learns how far to trust it."""
        return MARK + self.id

    def finds(self, text: str) -> bool:
        """Whether the rule holds of a folded sentence."""
        return any(need in text for need in self.needs) and self.matches(text)

    def matches(self, text: str) -> bool:
        """Whether the patterns hold of a folded sentence that has one of the `needs`."""
        return (
            found(self.pattern, text)
            and (self.also is None or found(self.also, text))
            and (self.bars is None or not found(self.bars, text))
        )


@dataclass(frozen=True, slots=True)
class Veto:
    """A rule that lowers the model's probability of some labels.

    Attributes:
        id: Unique in its language.
        labels: Labels it speaks against.
        pattern: The misleading phrase.
        unless: What, left in the sentence without those phrases, makes the veto void.
        factor: What the probability is multiplied by.
        examples: Sentences it must find.
        counter: Sentences it must not find.
    """

    id: str
    labels: tuple[str, ...]
    pattern: str
    unless: str
    factor: float
    examples: tuple[str, ...]
    counter: tuple[str, ...]

    def finds(self, text: str) -> bool:
        """Whether the veto holds of a folded sentence."""
        rest, count = compiled(self.pattern).subn(" ", text)
        return count > 0 and not found(self.unless, rest)


@dataclass(frozen=True)
class PhraseBook:
    """All rules of one language."""

    language: str
    phrases: tuple[Phrase, ...]
    vetoes: tuple[Veto, ...]

    def hits(self, text: str) -> list[Phrase]:
        """Rules that find a sentence, in the order of the file."""
        plain = folded(text, self.language)
        likely: set[int] = set()
        for word in set(plain.split()):
            for need in self._needs_of(word):
                if need in plain:
                    likely.update(self._places[need])
        return [
            self.phrases[place] for place in sorted(likely) if self.phrases[place].matches(plain)
        ]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """For each string that rules need, the places of those rules."""
        places: dict[str, list[int]] = {}
        for place, phrase in enumerate(self.phrases):
            for need in phrase.needs:
                places.setdefault(need, []).append(place)
        return places

    @cached_property
    def _starts(self) -> dict[str, list[tuple[str, str]]]:
        """The needs with their longest words, under the first characters of those."""
        starts: dict[str, list[tuple[str, str]]] = {}
        for need in self._places:
            word = max(need.split(), key=len)
            starts.setdefault(word[:_START], []).append((word, need))
        return starts

    @cached_property
    def _needs_of(self) -> Callable[[str], list[str]]:
        """The needs whose longest word lies in a word; texts repeat their words, so it is kept.

        Chinese text is one word, which is never seen again.
        """
        if self.language == "zh":
            return self._find_needs
        return lru_cache(_MOST_WORDS)(self._find_needs)

    def _find_needs(self, word: str) -> list[str]:
        pieces = {word[at : at + size] for size in range(1, _START + 1) for at in range(len(word))}
        return [
            need
            for piece in pieces & self._starts.keys()
            for part, need in self._starts[piece]
            if part in word
        ]

    def marks(self, text: str) -> list[str]:
        """The rules that find a sentence, as terms of the linear model."""
        return [phrase.mark for phrase in self.hits(text)]

    def vetoed(self, text: str, labels: Sequence[str]) -> Iterator[Veto]:
        """Vetoes of a sentence against some labels."""
        asked = [veto for veto in self.vetoes if not frozenset(labels).isdisjoint(veto.labels)]
        plain = folded(text, self.language) if asked else ""
        return (veto for veto in asked if veto.finds(plain))


@cache
def load_phrases(language: str) -> PhraseBook:
    """The rules of a language, read once.

    Raises:
        DataError: A rule has a missing or unknown key, or an id is used twice.
    """
    name = f"phrases.{language}.toml"
    data = tomllib.loads(files("clausescan").joinpath("data", name).read_text("utf8"))
    phrases = tuple(_phrase(rule, name) for rule in data.get("phrase", []))
    vetoes = tuple(_veto(rule, name) for rule in data.get("veto", []))
    ids = [phrase.id for phrase in phrases] + [veto.id for veto in vetoes]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise DataError(f"{name}: the id {twice[0]!r} occurs twice")
    return PhraseBook(language, phrases, vetoes)


def _phrase(data: dict[str, Any], name: str) -> Phrase:
    _check(data, _RULE_KEYS, {"also", "not"}, name)
    return Phrase(
        id=data["id"],
        label=data["label"],
        needs=tuple(data["needs"]),
        pattern=data["pattern"],
        also=data.get("also"),
        bars=data.get("not"),
        score=float(data["score"]),
        examples=tuple(data["examples"]),
        counter=tuple(data["counter"]),
    )


def _veto(data: dict[str, Any], name: str) -> Veto:
    _check(data, _VETO_KEYS, set(), name)
    return Veto(
        id=data["id"],
        labels=tuple(data["labels"]),
        pattern=data["pattern"],
        unless=data["unless"],
        factor=float(data["factor"]),
        examples=tuple(data["examples"]),
        counter=tuple(data["counter"]),
    )


def _check(data: dict[str, Any], keys: set[str], optional: set[str], name: str) -> None:
    where = f"{name}: rule {data.get('id', '?')!r}"
    if extra := sorted(set(data) - keys):
        raise DataError(f"{where}: key {extra[0]!r} is unknown")
    if missing := sorted(keys - optional - set(data)):
        raise DataError(f"{where}: key {missing[0]!r} is missing")
