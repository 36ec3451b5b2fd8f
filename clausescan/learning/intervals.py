"""How far figures would move with other contracts: bootstrap intervals by document.

Sentences of one contract are alike, so whole documents are drawn with replacement, never sentences.
Sums over documents are matrix products, which makes a thousand draws a matter of seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clausescan.corpus import Bools
from clausescan.pipeline.sparse import Floats

RESAMPLES = 1000
SEED = 0
LEVEL = 0.95
FEWEST_DOCUMENTS = 5
"""Documents below which drawing them anew tells nothing."""
_CUTS = 500
"""Ranks at which precision is taken, where there are more positives than that."""

Draws = NDArray[np.float32]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Intervals:
    """95% intervals of a model's figures.

    Attributes:
        by: What was drawn: ``document``, ``contract family``, …
        documents: How many of them there are.
        micro: Of precision, recall, f1 and ap over all sentence-label pairs.
        macro: Of the mean f1 and ap of the labels with positives.
        labels: Of precision, recall, f1 and ap of each label with positives.
    """

    by: str
    documents: int
    micro: Mapping[str, Interval]
    macro: Mapping[str, Interval]
    labels: Mapping[str, Mapping[str, Interval]]

    def to_dict(self) -> dict[str, Any]:
        """The intervals, rounded to four decimals, and how they were drawn."""
        return {
            "by": self.by,
            "documents": self.documents,
            "level": LEVEL,
            "resamples": RESAMPLES,
            "seed": SEED,
            "micro": _rounded(self.micro),
            "macro": _rounded(self.macro),
            "labels": {name: _rounded(self.labels[name]) for name in sorted(self.labels)},
        }


def _rounded(intervals: Mapping[str, Interval]) -> dict[str, list[float]]:
    return {name: [round(end, 4) for end in ends] for name, ends in intervals.items()}


def bootstrap(
    labels: Sequence[str],
    carried: Bools,
    known: Bools,
    scores: Floats,
    given: Bools,
    groups: Sequence[str],
    *,
    by: str = "document",
) -> Intervals | None:
    """Intervals of all figures of `clausescan.evaluation.scores_of`; None with few documents.

    Args:
        labels: Names of the columns.
        carried: Sentences × labels, the truth.
        known: Cells that count.
        scores: Probabilities.
        given: Labels that were given.
        groups: The document of each sentence.
        by: What a group is, for the reader.
    """
    names, places = np.unique(list(groups), return_inverse=True)
    count = len(names)
    if count < FEWEST_DOCUMENTS:
        return None
    draws = _draws(count)
    sums = [
        draws @ _by_group(cells & known, places, count)
        for cells in (carried, given, carried & given)
    ]
    rates = _rates(*sums)
    rates["ap"] = np.stack(
        [
            _ap(carried[kept, column], scores[kept, column], places[kept], draws)
            for column, kept in enumerate(known.T)
        ],
        axis=1,
    )
    micro = _rates(*(total.sum(1) for total in sums))
    rows = np.broadcast_to(places[:, None], known.shape)
    micro["ap"] = _ap(carried[known], scores[known], rows[known], draws)
    held: Bools = np.any(carried & known, axis=0)
    return Intervals(
        by=by,
        documents=count,
        micro={name: _interval(values) for name, values in micro.items()},
        macro={name: _interval(_means(rates[name][:, held])) for name in ("f1", "ap")},
        labels={
            label: {name: _interval(values[:, column]) for name, values in rates.items()}
            for column, label in enumerate(labels)
            if held[column]
        },
    )


def _draws(count: int) -> Draws:
    """How often each document is drawn (resamples × documents)."""
    random = np.random.default_rng(SEED)
    return random.multinomial(count, np.full(count, 1 / count), RESAMPLES).astype(np.float32)


def _by_group(cells: Bools, places: NDArray[np.int64], count: int) -> Draws:
    result = np.zeros((count, cells.shape[1]), np.float32)
    np.add.at(result, places, cells.astype(np.float32))
    return result


def _rates(positives: Draws, given: Draws, hits: Draws) -> dict[str, Draws]:
    """Precision, recall and F1; a label without positives in a draw has none there."""
    return {
        "precision": _ratio(hits, given, 0.0),
        "recall": _ratio(hits, positives, np.nan),
        "f1": np.where(positives > 0, _ratio(2 * hits, positives + given, 0.0), np.nan),
    }


def _ratio(above: Draws, below: Draws, empty: float) -> Draws:
    return np.divide(above, below, out=np.full(above.shape, empty, np.float32), where=below > 0)


def _ap(carried: Bools, scores: Floats, places: NDArray[Any], draws: Draws) -> Draws:
    """Average precision in each draw.

    Recall rises at positives only, so rows are counted between the positives' scores (all of
    them, or `_CUTS` even ranks): ranks × documents, then one product with the draws.
    """
    if not carried.any():
        return np.full(len(draws), np.nan, np.float32)
    cuts = np.unique(scores[carried])
    if len(cuts) > _CUTS:
        cuts = np.unique(np.quantile(scores[carried], np.linspace(0, 1, _CUTS), method="nearest"))
    rank = len(cuts) - np.searchsorted(cuts, scores, side="right")
    shown = rank < len(cuts)
    shape = (len(cuts), draws.shape[1])
    cells = rank * draws.shape[1] + places
    tables = [
        np.bincount(cells[chosen], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float32)
        for chosen in (shown & carried, shown)
    ]
    positives, rows = (draws @ table.T for table in tables)
    precision = _ratio(positives.cumsum(1), rows.cumsum(1), 0.0)
    return _ratio((positives * precision).sum(1), positives.sum(1), np.nan)


def _means(values: Draws) -> Draws:
    """Means over labels, without those that a draw has no positive of."""
    present = ~np.isnan(values)
    return _ratio(np.where(present, values, 0).sum(1), present.sum(1).astype(np.float32), np.nan)


def _interval(values: Draws) -> Interval:
    """The middle 95% of the draws that have a value."""
    told = values[~np.isnan(values)]
    low, high = np.quantile(told, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
