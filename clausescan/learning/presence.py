"""Fits how sure it is that a whole contract lacks a label, from contracts annotated as wholes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from clausescan.corpus import ClauseRecord, label_tables
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.linear import LinearModel
from clausescan.pipeline.phrases import load_phrases
from clausescan.pipeline.presence import Weights, count_traces, evidence
from clausescan.pipeline.sparse import Floats
from clausescan.pipeline.taxonomy import load_taxonomy

_FEWEST = 20
"""Contracts with a label, and without it, below which nothing is fitted."""
_C = 0.1


def fit_presence(model: LinearModel, records: Sequence[ClauseRecord], margins: Floats) -> Weights:
    """Weights of `clausescan.pipeline.presence` for the labels that CUAD can deny.

    Args:
        model: The calibrated label model.
        records: The sentences it was fitted on; those that know all labels stand alone in their
            document and are left out.
        margins: Their margins out of fold (records × labels of the model).
    """
    taxonomy = load_taxonomy()
    labels = [label for label in model.labels if taxonomy[label].absence]
    whole = [row for row, record in enumerate(records) if record.known is not None]
    if not labels or not whole:
        return {}
    chosen = [records[row] for row in whole]
    scores = _settled(model, chosen, margins[whole])
    rows_of: dict[str, list[int]] = {}
    for row, record in enumerate(chosen):
        rows_of.setdefault(record.document, []).append(row)
    carried, _ = label_tables(chosen, labels)
    result = {}
    for column, label in enumerate(labels):
        held = [bool(carried[rows, column].any()) for rows in rows_of.values()]
        if min(sum(held), len(held) - sum(held)) < _FEWEST:
            continue
        table = [
            evidence(scores[label][rows], count_traces([chosen[row].text for row in rows], label))
            for rows in rows_of.values()
        ]
        result[label] = _logistic(np.array(table), np.array(held))
    return result


def _settled(
    model: LinearModel, records: Sequence[ClauseRecord], margins: Floats
) -> dict[str, Floats]:
    """Probabilities after rules and vetoes have spoken, by label."""
    labeller = Labeller(model.language, model)
    book = load_phrases(model.language)
    texts = [record.text for record in records]
    judged = labeller.settle(texts, [book.hits(text) for text in texts], margins)
    return {label: judged.scores[:, column] for column, label in enumerate(judged.labels)}


def _logistic(table: NDArray[np.float64], held: NDArray[np.bool_]) -> tuple[float, ...]:
    """Bias and weights for features as they come."""
    scaler = StandardScaler().fit(table)
    fit = LogisticRegression(C=_C, max_iter=2000).fit(scaler.transform(table), held)
    weights = fit.coef_[0] / scaler.scale_
    bias = float(fit.intercept_[0] - weights @ scaler.mean_)
    return tuple(round(float(value), 5) for value in (bias, *weights))
