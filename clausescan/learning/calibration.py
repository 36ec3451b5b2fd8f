"""From margins to probabilities and thresholds, one of each a label."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from clausescan.corpus import Bools, ClauseRecord, label_tables
from clausescan.pipeline.linear import probabilities
from clausescan.pipeline.sparse import Floats

Curve = tuple[tuple[float, float], ...]

_EDGES = (0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Probabilities that part the curve's bins: narrow where most sentences lie."""
_PRIOR = 20.0
"""Sentences at which a bin's own share weighs as much as Platt's probability."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is fitted.

    Attributes:
        c: Inverse regularisation of the SVM.
        min_df: Texts that a term must occur in.
        folds: Folds for the out-of-fold margins behind probabilities and thresholds.
        shrink: Positives at which a label's own threshold weighs as much as the pooled one.
        smooth: Positives at which a label's own sigmoid weighs as much as the pooled one.
        floor: Lowest threshold; sentences of real drafts are plainer than the corpus's, so that
            what scores below is mostly wrong there.
        learned_floor: The same for labels that whole contracts taught the model to deny.
        trust: Weight of a row whose absences are all annotated, against one of 1.
    """

    c: float = 0.5
    min_df: int = 2
    folds: int = 3
    shrink: float = 30.0
    smooth: float = 1000.0
    floor: float = 0.5
    learned_floor: float = 0.8
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """What records say of labels (rows × labels): carried, and known at all."""

    labels: tuple[str, ...]
    carried: Bools
    known: Bools


def table_of(records: Sequence[ClauseRecord], labels: Sequence[str]) -> Table:
    """The records' labels as two boolean matrices."""
    return Table(tuple(labels), *label_tables(records, labels))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's sigmoid and the thresholds, one a label, and a curve for all."""

    slope: Floats
    offset: Floats
    thresholds: Floats
    curve: Curve = ()

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities of margins (rows × labels)."""
        return probabilities(margins, self.slope, self.offset, self.curve)


def calibrate(
    margins: Floats,
    table: Table,
    weights: Floats,
    settings: Settings,
    fired: Bools | None = None,
    learned: Collection[str] = (),
    curve: Curve | None = None,
) -> Calibration:
    """Sigmoid and threshold of each label from out-of-fold margins.

    Each sigmoid is drawn towards that of all labels together, and labels with fewer than five
    positives take the latter. A curve common to all labels then puts the probabilities right, as
    sigmoids bent by the many easy negatives are too sure above and not enough below. Where a phrase
    rule `fired` (rows × labels) the label is given anyway, so thresholds look at the others.
    Labels that are `learned` from whole contracts have a floor of their own. A given `curve` is
    kept.
    """
    pooled = _sigmoid(
        margins[table.known],
        table.carried[table.known],
        np.broadcast_to(weights[:, None], margins.shape)[table.known],
    )
    pairs = []
    for column in range(len(table.labels)):
        known = table.known[:, column]
        target = table.carried[known, column]
        enough = 5 <= target.sum() < len(target)
        own = _sigmoid(margins[known, column], target, weights[known]) if enough else pooled
        pairs.append(_between(own, pooled, int(target.sum()), settings.smooth))
    slope, offset = (np.array(values, np.float32) for values in zip(*pairs, strict=True))
    halves = np.full(len(pairs), 0.5, np.float32)
    draft = Calibration(slope, offset, halves)
    if curve is None:
        spread = np.broadcast_to(weights[:, None], margins.shape)[table.known]
        platt = draft.probabilities(margins)[table.known]
        curve = _curve(platt, table.carried[table.known], spread)
    draft = replace(draft, curve=curve)
    found = draft.probabilities(margins)
    if fired is not None:
        found[fired] = 1
    floors = np.array(
        [settings.learned_floor if x in learned else settings.floor for x in table.labels],
        np.float32,
    )
    thresholds = np.maximum(_thresholds(found, table, settings.shrink), floors)
    return replace(draft, thresholds=thresholds)


def _sigmoid(margins: Floats, target: Bools, weights: Floats) -> tuple[float, float]:
    model = LogisticRegression(C=10.0, max_iter=500)
    model.fit(margins[:, None].astype(np.float64), target, sample_weight=weights)
    return max(float(model.coef_[0, 0]), 0.1), float(model.intercept_[0])


def _curve(platt: Floats, target: Bools, weights: Floats) -> Curve:
    """Points of a rising line from Platt's probabilities to the share of them that was true."""
    bins = np.searchsorted(_EDGES, platt, side="right")
    count = len(_EDGES) + 1
    size = np.bincount(bins, weights, count)
    held = np.flatnonzero(size)
    mean = (np.bincount(bins, weights * platt, count)[held]) / size[held]
    true = np.bincount(bins, weights * target, count)[held]
    share = (true + _PRIOR * mean) / (size[held] + _PRIOR)
    rising = IsotonicRegression().fit_transform(mean, share, sample_weight=size[held])
    points = zip([0.0, *mean, 1.0], [0.0, *rising, float(rising[-1])], strict=True)
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in points)


def _between(
    own: tuple[float, float], pooled: tuple[float, float], count: int, smooth: float
) -> tuple[float, float]:
    """A label's sigmoid drawn towards the pooled one, the more the fewer its positives."""
    share = count / (count + smooth)
    slope, offset = (share * a + (1 - share) * b for a, b in zip(own, pooled, strict=True))
    return slope, offset


def _thresholds(probabilities: Floats, table: Table, shrink: float) -> Floats:
    """Best-F1 thresholds, drawn towards the pooled one where positives are few."""
    pooled = _logit(best_threshold(probabilities[table.known], table.carried[table.known]))
    result = []
    for column in range(len(table.labels)):
        known = table.known[:, column]
        target = table.carried[known, column]
        count = int(target.sum())
        own = _logit(best_threshold(probabilities[known, column], target)) if count else pooled
        mixed = (count * own + shrink * pooled) / (count + shrink)
        result.append(1 / (1 + np.exp(-mixed)))
    return np.array(result, np.float32)


def best_threshold(scores: Floats, target: Bools) -> float:
    """The score from which on F1 is best; 0.5 without positives."""
    if not target.any():
        return 0.5
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    hits = np.cumsum(target[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + target.sum())
    last = np.append(ranked[1:] != ranked[:-1], True)
    return float(ranked[int(np.argmax(np.where(last, f1, 0)))])


def _logit(value: float) -> float:
    clipped = min(max(value, 0.02), 0.95)
    return float(np.log(clipped / (1 - clipped)))
