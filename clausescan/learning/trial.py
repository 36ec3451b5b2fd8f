"""Old model against new: on documents that the new one has not learned from, and in general."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clausescan.corpus import ClauseRecord, label_tables
from clausescan.evaluation import Scores, score_labeller, scores_of
from clausescan.learning.fitting import folds_of
from clausescan.learning.updating import Lesson, fit_change
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.linear import LinearModel

TOLERANCE = 0.01
"""Loss of F1 up to which a model does not count as worse."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Scores of the base and of the new model on the same sentences."""

    before: Scores
    after: Scores

    @property
    def loss(self) -> float:
        """What F1 over all labels lost; below zero if it won."""
        return self.before.micro.f1 - self.after.micro.f1

    @property
    def losers(self) -> tuple[str, ...]:
        """Labels whose F1 lost more than `TOLERANCE`, sorted."""
        return tuple(
            sorted(
                name
                for name, score in self.before.labels.items()
                if score.f1 - self.after.labels[name].f1 > TOLERANCE
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """Both scores, rounded to four decimals."""
        return {"before": self.before.to_dict(), "after": self.after.to_dict()}


@dataclass(frozen=True, slots=True)
class Split:
    """Parts of a corpus that are held out in turn.

    Attributes:
        by: ``document``, or ``sentence`` where there is one document only.
        folds: For each part the names of its documents, or the ids of its sentences.
        places: The part of each record.
    """

    by: str
    folds: tuple[tuple[str, ...], ...]
    places: NDArray[np.int64]


def split(records: Sequence[ClauseRecord], held_out: float) -> Split | None:
    """Parts of about the size `held_out`, the same every time; None where nothing is held out."""
    if not held_out or len(records) < 2:
        return None
    names = [record.document for record in records]
    by = "document"
    if len(set(names)) < 2:
        names, by = [record.id for record in records], "sentence"
    count = min(max(round(1 / held_out), 2), len(set(names)))
    places = folds_of(names, count)
    pairs = {(int(place), name) for place, name in zip(places, names, strict=True)}
    folds = tuple(tuple(sorted(n for p, n in pairs if p == fold)) for fold in range(count))
    return Split(by, folds, places)


def try_out(
    lesson: Lesson, records: Sequence[ClauseRecord], parts: Split, step: Callable[[], None]
) -> Compared:
    """Scores on all annotated sentences, each judged by a model that has not seen its part.

    Args:
        lesson: The sentences and the base.
        records: The annotated sentences.
        parts: How they are split.
        step: As for `fit_change`.
    """
    labeller = Labeller(lesson.start.language, lesson.start)
    hits = [labeller.book.hits(record.text) for record in records]
    margins = np.zeros((len(records), len(lesson.start.labels)), np.float32)
    before = margins.copy()
    for fold in range(len(parts.folds)):
        held = np.flatnonzero(parts.places == fold)
        change = fit_change(lesson, parts.places != fold, step=step)
        margins[held] = lesson.moved(change, held)
        before[held] = lesson.moved(change.without(change.labels), held)
    carried, known = label_tables(records, labeller.labels)
    texts = [record.text for record in records]
    scores = []
    for found in (before, margins):
        judged = labeller.settle(texts, hits, found)
        scores.append(scores_of(judged.labels, carried, known, judged.scores, judged.given))
    return Compared(*scores)


def compare(old: LinearModel, new: LinearModel, records: Sequence[ClauseRecord]) -> Compared | None:
    """Scores of two models of a language on the same sentences; None without sentences."""
    if not records:
        return None
    before, after = (score_labeller(Labeller(m.language, m), records) for m in (old, new))
    return Compared(before, after)


def reasons_against(own: Compared | None, general: Compared | None) -> tuple[str, ...]:
    """In what the new model is worse than the old one, each as a clause of a sentence."""
    places = (
        (own, "on your documents that it had not learned from"),
        (general, "on the sentences that the old one came with"),
    )
    return tuple(
        f"{where} F1 falls from {pair.before.micro.f1:.3f} to {pair.after.micro.f1:.3f}"
        for pair, where in places
        if pair is not None and pair.loss > TOLERANCE
    )
