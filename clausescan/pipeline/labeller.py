"""Labels of sentences from two sources, a linear model and phrase rules; knows no spaCy.

A label is given when the model's probability is high enough or a rule finds the sentence; its score
is the higher of the two and its source says which one that was.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clausescan.pipeline.linear import LinearModel, Scorer
from clausescan.pipeline.phrases import Phrase, PhraseBook, load_phrases
from clausescan.pipeline.presence import find_presence
from clausescan.pipeline.sparse import Floats
from clausescan.pipeline.taxonomy import load_taxonomy, with_own

MODEL_SOURCE = "model"
UNLABELLED_KINDS = frozenset({"heading", "title", "signature", "toc", "note"})
"""Kinds of clause that carry no labels."""
_SHORTEST = {"en": 7, "zh": 9}
"""Words (Chinese: characters) below which the model is not asked; fragments inherit the words of
the clause that they come from."""
LEAST_BELIEVED = 0.3
"""Below this probability the model, which has the rules as features, overrules a phrase rule. From
cross-validation in both languages: F1 Chinese .775 to .783, English .733 to .736."""
_WORD = re.compile(r"[^\W\d_]{2}")
LONGEST_LEAD_IN = 400
"""Characters of a lead-in that rules read together with an item."""


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label on a sentence.

    Attributes:
        start: First character of the sentence.
        end: One past the last.
        label: Id of the label.
        score: Probability, 0 to 1.
        source: ``model`` or the id of the phrase rule.
        sentence: Index of the sentence.
        clause: Index of its clause.
    """

    start: int
    end: int
    label: str
    score: float
    source: str
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of sentences (sentences × labels of the taxonomy and the model's own).

    Attributes:
        labels: Labels in the order of the columns.
        scores: Probability of each label.
        given: Whether the label is given.
        sources: For each sentence the rules that decided a score, by label.
    """

    labels: tuple[str, ...]
    scores: Floats
    given: NDArray[np.bool_]
    sources: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels of one text.

    Attributes:
        records: In reading order.
        presence: Probability that the text holds a label anywhere, by label.
    """

    records: list[LabelRecord]
    presence: dict[str, float]


class Labeller:
    """Scores sentences by model and phrase rules; knows no spaCy.

    Args:
        language: ``en`` or ``zh``.
        model: Weights; None for phrase rules alone.
        least: Probability that the model must reach, besides a label's threshold, to give the
            label by itself; labels that it learned from whole contracts need their threshold alone.
    """

    def __init__(
        self, language: str, model: LinearModel | None = None, *, least: float = 0.0
    ) -> None:
        self.language = language
        self.least = least
        self.model = model
        self.taxonomy = with_own(model.definitions if model else {})
        self.labels = tuple(self.taxonomy)
        self.book: PhraseBook = load_phrases("zh" if language == "zh" else "en")
        self.scorer = Scorer(model) if model is not None else None
        self._columns = {label: column for column, label in enumerate(self.labels)}
        self._whole = known_whole(language, model.labels) if model else frozenset[str]()
        self._floors = np.array([self.floor_of(x) for x in model.labels] if model else (), float)

    def floor_of(self, label: str) -> float:
        """Probability from which the model gives a label by itself."""
        if self.model is None or label not in self.model.labels:
            return 1.0
        threshold = round(float(self.model.thresholds[self.model.labels.index(label)]), 5)
        if label in self._whole:
            return threshold
        return max(threshold, min(self.least, self.taxonomy[label].least))

    def believed(self, phrase: Phrase, modelled: float | None) -> float | None:
        """Score of a rule's label once the model has been heard; None if the model overrules it.

        Args:
            phrase: The rule.
            modelled: The model's probability; None if it was not asked.
        """
        if modelled is None or self.model is None or phrase.label not in self.model.labels:
            return phrase.score
        return math.sqrt(modelled * phrase.score) if modelled >= LEAST_BELIEVED else None

    def judge(
        self, texts: Sequence[str], headings: Sequence[str], previous: Sequence[str]
    ) -> Judged:
        """Scores of sentences that stand alone.

        Args:
            texts: The sentences.
            headings: Heading of each, or "".
            previous: Sentence before each, or "".
        """
        hits = [self.book.hits(text) for text in texts]
        marks = [[phrase.mark for phrase in found] for found in hits]
        margins = None
        if self.scorer is not None and texts:
            earlier = [self.book.marks(text) for text in previous]
            margins = self.scorer.margins_apart(texts, headings, marks, previous, earlier)
        return self.settle(texts, hits, margins)

    def judge_text(
        self, texts: Sequence[str], headings: Sequence[str], leads: Sequence[int]
    ) -> Judged:
        """Scores of the sentences of one text.

        Rules read the items of a list together with its lead-in.

        Args:
            texts: The sentences.
            headings: Heading of each, or "".
            leads: Place of each one's lead-in, or -1.
        """
        hits = [self.book.hits(text) for text in texts]
        marks = [[phrase.mark for phrase in found] for found in hits]
        margins = None
        if self.scorer is not None and texts:
            margins = self.scorer.margins(texts, headings, marks, continued(leads))
        for row, lead in enumerate(leads):
            if lead >= 0 and is_led(texts[row], texts[lead]):
                hits[row] = self.book.hits(f"{shortened_lead_in(texts[lead])} {texts[row]}")
        return self.settle(texts, hits, margins)

    def settle(
        self, texts: Sequence[str], hits: Sequence[Sequence[Phrase]], margins: Floats | None
    ) -> Judged:
        """Scores of sentences from the model's margins and the rules that find them.

        Args:
            texts: The sentences.
            hits: Rules that find each.
            margins: Of the model (sentences × its labels); None without a model.
        """
        scores, given = self._modelled(texts, margins)
        sources: list[dict[str, str]] = [{} for _ in texts]
        for row in np.flatnonzero(given.any(axis=1)).tolist():
            self._apply_vetoes(texts[row], scores[row], given[row])
        for row, found in enumerate(hits):
            if found:
                asked = margins is not None and long_enough(texts[row], self.language)
                self._apply_phrases(found, asked, scores[row], given[row], sources[row])
        return Judged(self.labels, scores, given, sources)

    def label(
        self,
        text: str,
        clauses: Sequence[Mapping[str, Any]],
        sentences: Sequence[Mapping[str, Any]],
    ) -> Labelled:
        """Labels of a text's sentences, and how likely it holds each label at all.

        Args:
            text: The text of one language.
            clauses: Its clauses, as the clauses component records them.
            sentences: Its sentences, likewise.
        """
        places = [
            place
            for place, sentence in enumerate(sentences)
            if not sentence["is_heading"]
            and clauses[sentence["clause"]]["kind"] not in UNLABELLED_KINDS
        ]
        chosen = [sentences[place] for place in places]
        texts = [text[sentence["start"] : sentence["end"]] for sentence in chosen]
        judged = self.judge_text(
            texts,
            [clauses[sentence["clause"]]["heading"] for sentence in chosen],
            lead_ins(clauses, [sentence["clause"] for sentence in chosen]),
        )
        records = [
            LabelRecord(
                start=chosen[row]["start"],
                end=chosen[row]["end"],
                label=self.labels[column],
                score=round(float(judged.scores[row, column]), 4),
                source=judged.sources[row].get(self.labels[column], MODEL_SOURCE),
                sentence=places[row],
                clause=chosen[row]["clause"],
            )
            for row, column in zip(*np.nonzero(judged.given), strict=True)
        ]
        weights = self.model.presence if self.model is not None else {}
        return Labelled(records, find_presence(texts, self.labels, judged.scores, weights))

    def _modelled(
        self, texts: Sequence[str], margins: Floats | None
    ) -> tuple[Floats, NDArray[np.bool_]]:
        shape = (len(texts), len(self.labels))
        scores = np.zeros(shape, np.float32)
        given = np.zeros(shape, bool)
        if self.scorer is None or self.model is None or margins is None:
            return scores, given
        found = self.scorer.probabilities(margins)
        found[[not long_enough(text, self.language) for text in texts]] = 0
        columns = [self._columns[label] for label in self.model.labels]
        scores[:, columns] = found
        given[:, columns] = found >= self._floors
        return scores, given

    def _apply_vetoes(self, text: str, scores: Floats, given: NDArray[np.bool_]) -> None:
        named = [self.labels[column] for column in np.flatnonzero(given)]
        for veto in self.book.vetoed(text, named):
            for column in [self._columns[label] for label in veto.labels if label in named]:
                scores[column] *= veto.factor
                given[column] = False

    def _apply_phrases(
        self,
        hits: Sequence[Phrase],
        asked: bool,
        scores: Floats,
        given: NDArray[np.bool_],
        sources: dict[str, str],
    ) -> None:
        modelled = scores.copy()
        for phrase in hits:
            column = self._columns[phrase.label]
            score = self.believed(phrase, float(modelled[column]) if asked else None)
            if score is None:
                continue
            given[column] = True
            if score > scores[column]:
                scores[column] = score
                sources[phrase.label] = phrase.id


def known_whole(language: str, labels: Iterable[str]) -> frozenset[str]:
    """Labels whose absence a model learns from whole contracts."""
    taxonomy = load_taxonomy()
    return frozenset(
        label
        for label in labels
        if language == "en" and label in taxonomy and taxonomy[label].absence
    )


def lead_ins(clauses: Sequence[Mapping[str, Any]], places: Sequence[int]) -> list[int]:
    """The sentence that leads in the list which each sentence is an item of, or -1.

    Args:
        clauses: The clauses of a text.
        places: For each sentence the index of its clause.
    """
    last: dict[int, int] = {}
    result = []
    for row, place in enumerate(places):
        parent = clauses[place]["parent"]
        listed = parent in last and clauses[parent]["lead_in"]
        result.append(last[parent] if listed else -1)
        last[place] = row
    return result


def is_led(text: str, lead: str) -> bool:
    """Whether rules read an item with its lead-in: not if it is a page number or long led in."""
    return len(lead) <= LONGEST_LEAD_IN and _WORD.search(text) is not None


def shortened_lead_in(lead: str) -> str:
    """A lead-in as rules read it in front of an item, without the colon."""
    return lead.rstrip(":： ")


def continued(leads: Sequence[int]) -> list[int]:
    """The sentence that each sentence continues: its lead-in, else the one before, or -1."""
    return [lead if lead >= 0 else row - 1 for row, lead in enumerate(leads)]


def long_enough(text: str, language: str) -> bool:
    """Whether the model is asked about a sentence; rules are asked about all."""
    if language == "zh":
        return len(text) >= _SHORTEST["zh"]
    return len(text.split()) >= _SHORTEST["en"]
