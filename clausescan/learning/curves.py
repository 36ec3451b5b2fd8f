"""What a model said of annotated sentences, as curves to look at: arrays, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from clausescan.corpus import Bools
from clausescan.errors import UsageError
from clausescan.pipeline.sparse import Floats

LEAST = 0.05
"""Probability below which a cell tells nothing of calibration: the many sure negatives."""
_Z = 1.96

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Precision and recall of a label at each threshold, from the lowest to the highest.

    Attributes:
        precision: Share of the sentences from the threshold on that carry the label.
        recall: Share of the sentences that carry it found from the threshold on.
        thresholds: The probabilities.
    """

    precision: Values
    recall: Values
    thresholds: Values


@dataclass(frozen=True, slots=True)
class Bin:
    """Labels whose probabilities are alike.

    Attributes:
        probability: Mean of their probabilities.
        share: How many of them the sentences do carry.
        count: Number of sentence-label pairs.
        low: Lower end of the share's 95% interval (Wilson), as if pairs were independent.
        high: Upper end.
    """

    probability: float
    share: float
    count: int
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Probability, share and count, rounded to four decimals."""
        return {
            "probability": round(self.probability, 4),
            "share": round(self.share, 4),
            "count": self.count,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Truth and probabilities (sentences × labels).

    Attributes:
        labels: Names of the columns.
        carried: What the sentences carry.
        known: Cells that are annotated; the others count for nothing.
        scores: The model's probabilities.
        given: Labels that the model gave.
    """

    labels: tuple[str, ...]
    carried: Bools
    known: Bools
    scores: Floats
    given: Bools

    def precision_recall(self, label: str) -> Curve:
        """The curve of a label.

        Raises:
            UsageError: The model has no such label, or no sentence carries it.
        """
        if label not in self.labels:
            raise UsageError(f"the model has no label {label!r}; its labels: {self.labels}")
        column = self.labels.index(label)
        kept = self.known[:, column]
        carried = self.carried[kept, column]
        if not carried.any():
            raise UsageError(f"no sentence of the corpus carries {label!r}: it has no curve")
        return Curve(*precision_recall_curve(carried, self.scores[kept, column]))

    def reliability(self, bins: int = 10) -> tuple[Bin, ...]:
        """Probability against truth over all labels; bins of equal width, empty ones left out."""
        return reliability(self.scores[self.known], self.carried[self.known], bins)


def reliability(scores: Floats, carried: Bools, bins: int = 10) -> tuple[Bin, ...]:
    """Probability against truth, in bins of equal width; only scores of `LEAST` and more."""
    shown = scores >= LEAST
    values, truth = scores[shown], carried[shown]
    places = np.minimum((values * bins).astype(int), bins - 1)
    return tuple(
        _bin(values[places == place], truth[places == place]) for place in np.unique(places)
    )


def _bin(values: Floats, truth: Bools) -> Bin:
    count, share = len(values), float(truth.mean())
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) * _Z / (1 + _Z**2 / count)
    # The ends are exact at 0 and 1, where rounding would put them a hair beyond the share.
    low, high = min(middle - half, share), max(middle + half, share)
    return Bin(float(values.mean(dtype=np.float64)), share, count, float(low), float(high))
