"""Scores of a label model: precision, recall, F1 and average precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from clausescan.corpus import ClauseRecord, label_tables, read_corpus
from clausescan.errors import ModelError
from clausescan.learning.curves import Answers, reliability
from clausescan.learning.intervals import Intervals, bootstrap
from clausescan.pipeline import load_from
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.sparse import Floats

if TYPE_CHECKING:
    from spacy.language import Language

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How well one label, or all of them, were found.

    Attributes:
        positives: Sentences that carry it.
        given: Sentences it was given to.
        hits: Sentences of both kinds.
        ap: Average precision of the ranking; None without positives.
    """

    positives: int
    given: int
    hits: int
    ap: float | None

    @property
    def precision(self) -> float:
        """Share of the given ones that are right; 0 when none is given."""
        return self.hits / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of the positives that were found; 0 when there is none."""
        return self.hits / self.positives if self.positives else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.given + self.positives
        return 2 * self.hits / total if total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Counts and rates, rounded to four decimals."""
        return {
            "positives": self.positives,
            "given": self.given,
            "hits": self.hits,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "ap": None if self.ap is None else round(self.ap, 4),
        }


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of all labels.

    Attributes:
        labels: One score a label.
        micro: All sentence-label pairs together.
        macro_f1: Mean F1 of the labels with positives.
        macro_ap: Mean average precision of the labels with positives.
        intervals: How far the figures would move with other documents; None where they were not
            drawn, or documents are too few.
        answers: What stands behind the figures, for curves; None where it was not kept.
    """

    labels: Mapping[str, Score]
    micro: Score
    macro_f1: float
    macro_ap: float
    intervals: Intervals | None = None
    answers: Answers | None = field(default=None, compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """All scores, rounded to four decimals, labels sorted; intervals where there are any."""
        data: dict[str, Any] = {
            "micro": self.micro.to_dict(),
            "macro": {"f1": round(self.macro_f1, 4), "ap": round(self.macro_ap, 4)},
            "labels": {name: self.labels[name].to_dict() for name in sorted(self.labels)},
        }
        return data | ({"intervals": self.intervals.to_dict()} if self.intervals else {})


def scores_of(
    labels: Sequence[str], carried: Bools, known: Bools, scores: Floats, given: Bools
) -> Scores:
    """Scores from matrices (sentences × labels); cells that are not known are left out."""
    singles = {
        label: _score(*(matrix[known[:, column], column] for matrix in (carried, scores, given)))
        for column, label in enumerate(labels)
    }
    present = [score for score in singles.values() if score.positives]
    return Scores(
        labels=singles,
        micro=_score(carried[known], scores[known], given[known]),
        macro_f1=float(np.mean([score.f1 for score in present])) if present else 0.0,
        macro_ap=float(np.mean([score.ap for score in present])) if present else 0.0,
        answers=Answers(tuple(labels), carried, known, scores, given),
    )


def _score(carried: Bools, scores: Floats, given: Bools) -> Score:
    return Score(
        positives=int(carried.sum()),
        given=int(given.sum()),
        hits=int((carried & given).sum()),
        ap=float(average_precision_score(carried, scores)) if carried.any() else None,
    )


def evaluate(model: str | Path | Language, corpus: str | Path) -> Scores:
    """Scores of a pipeline on annotated sentences of its language.

    With them come 95% intervals by document, where there are five documents or more, and the
    answers behind them, for curves.

    Args:
        model: A pipeline, or the folder of one.
        corpus: A corpus file or folder; records of other languages are left out.

    Raises:
        ModelError: The pipeline has no label component, or the corpus none of its language.
        DataError: The corpus is not valid.
    """
    nlp = load_from(model) if isinstance(model, str | Path) else model
    component = label_component(nlp)
    labeller = Labeller(component.labeller.language, component.model)
    corpus_records = read_corpus(corpus, labels=labeller.labels)
    records = [record for record in corpus_records if record.language == nlp.lang]
    if not records:
        raise ModelError(f"{corpus}: no record is in the language of the model, {nlp.lang!r}")
    documents = [record.document for record in records]
    return with_intervals(score_labeller(labeller, records), documents)


def score_labeller(labeller: Labeller, records: Sequence[ClauseRecord]) -> Scores:
    """Scores of a labeller on annotated sentences, without intervals."""
    judged = labeller.judge(
        [record.text for record in records],
        [record.heading for record in records],
        [record.previous for record in records],
    )
    carried, known = label_tables(records, judged.labels)
    return scores_of(judged.labels, carried, known, judged.scores, judged.given)


def with_intervals(scores: Scores, groups: Sequence[str], *, by: str = "document") -> Scores:
    """The same scores with intervals from drawing whole groups of sentences anew.

    Args:
        scores: As `scores_of` made them.
        groups: The group of each sentence.
        by: What a group is.
    """
    if (said := scores.answers) is None:
        return scores
    intervals = bootstrap(
        said.labels, said.carried, said.known, said.scores, said.given, groups, by=by
    )
    return replace(scores, intervals=intervals)


def calibration_error(scores: Floats, carried: Bools, bins: int = 10) -> float:
    """Mean gap between probability and truth over bins of equal width, weighted by size.

    Only scores of 0.05 and more count: the many sure negatives would hide every gap.
    """
    found = reliability(scores, carried, bins)
    total = sum(one.count for one in found)
    return sum(abs(one.probability - one.share) * one.count for one in found) / max(total, 1)
