"""How likely a whole text holds a label anywhere: the measure of what is claimed to be missing.

A sentence that just fails its threshold is no proof of absence. For labels whose presence is known
for whole contracts (CUAD), a logistic model weighs the best sentences, how often words that
accompany the label occur, and the length of the text; its weights stand with the label model. Of
other labels nothing is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clausescan.pipeline.taxonomy import load_taxonomy

Weights = Mapping[str, tuple[float, ...]]
"""For each label its bias and one weight for each of `FEATURES`."""

FEATURES = ("best", "second", "third", "traces", "density", "length")
_BEST = 3
_EDGE = 1e-3
"""Probabilities nearer to 0 or 1 than this say no more than this."""


def evidence(scores: NDArray[np.float32], traces: int) -> list[float]:
    """What one text says of one label, in the order of `FEATURES`.

    Args:
        scores: Probability of the label for each sentence.
        traces: Number of sentences with a word that accompanies the label.
    """
    best = [*sorted(map(float, scores), reverse=True)[:_BEST], *[0.0] * _BEST][:_BEST]
    thousands = max(len(scores), 1) / 1000
    return [
        *map(_logit, best),
        math.log1p(traces),
        math.log1p(traces / thousands),
        math.log(thousands),
    ]


def count_traces(texts: Sequence[str], label: str) -> int:
    """Sentences with a word that accompanies a label."""
    trace = load_taxonomy()[label].trace
    return 0 if trace is None else sum(1 for text in texts if trace.search(text))


def find_presence(
    texts: Sequence[str],
    labels: Sequence[str],
    scores: NDArray[np.float32],
    weights: Weights,
) -> dict[str, float]:
    """Probability that a text holds each label that has weights.

    Args:
        texts: Its sentences.
        labels: Labels in the order of the columns of `scores`.
        scores: Probabilities (sentences × labels).
        weights: Of the labels with a model of their own.
    """
    result = {}
    for column, label in enumerate(labels):
        if label in weights:
            features = evidence(scores[:, column], count_traces(texts, label))
            result[label] = round(_weighed(features, weights[label]), 4)
    return result


def _weighed(features: Sequence[float], weights: Sequence[float]) -> float:
    bias, *rest = weights
    total = bias + sum(a * b for a, b in zip(features, rest, strict=True))
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


def _logit(value: float) -> float:
    kept = min(max(value, _EDGE), 1 - _EDGE)
    return math.log(kept / (1 - kept))
