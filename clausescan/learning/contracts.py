"""Whether a whole contract holds a label, learned from its most likely sentences.

A contract with one doubtful sentence and a contract with three are told apart by the best three
together better than by any threshold for sentences. `clausescan.pipeline.presence` weighs absences
by the same evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from clausescan.corpus import Bools
from clausescan.learning.calibration import best_threshold
from clausescan.pipeline.presence import evidence
from clausescan.pipeline.sparse import Floats

_SENTENCES = 3
_C = 0.3


@dataclass(frozen=True, slots=True)
class Holding:
    """Contracts × labels: probability that a contract holds a label, and the decision."""

    scores: Floats
    given: Bools


def rows_by_contract(documents: Sequence[str]) -> list[NDArray[np.int64]]:
    """The rows of each contract, in order of first appearance."""
    names = {name: place for place, name in enumerate(dict.fromkeys(documents))}
    places = np.array([names[name] for name in documents])
    return [np.flatnonzero(places == place) for place in range(len(names))]


def carried_by_contract(carried: Bools, documents: Sequence[str]) -> Bools:
    """Whether any sentence of each contract carries each label (contracts × labels)."""
    return np.array([carried[rows].any(axis=0) for rows in rows_by_contract(documents)], bool)


def judge_contracts(
    train: tuple[Floats, Sequence[str], Bools], test: tuple[Floats, Sequence[str]]
) -> Holding:
    """Decide about contracts by what other contracts teach.

    Args:
        train: Probabilities of sentences (rows × labels) by a model that has not seen them, the
            contract of each row, and what each contract holds (contracts × labels).
        test: Probabilities and contracts of the rows to judge.
    """
    known, held = _evidence(*train[:2]), train[2]
    asked = _evidence(*test)
    seen = np.zeros(held.shape, np.float32)
    found = np.zeros(asked.shape[:2], np.float32)
    for column in range(held.shape[1]):
        target = held[:, column]
        if target.all() or not target.any():
            seen[:, column] = found[:, column] = target.mean()
            continue
        model = LogisticRegression(C=_C, max_iter=500).fit(known[:, column], target)
        seen[:, column] = model.predict_proba(known[:, column])[:, 1]
        found[:, column] = model.predict_proba(asked[:, column])[:, 1]
    # One threshold for all labels: single ones follow the chance of a few hundred contracts.
    return Holding(found, found >= best_threshold(seen.ravel(), held.ravel()))


def _evidence(scores: Floats, documents: Sequence[str]) -> NDArray[np.float64]:
    """Log-odds of the best sentences (contracts × labels × sentences)."""
    return np.array(
        [
            [evidence(scores[rows, column], 0)[:_SENTENCES] for column in range(scores.shape[1])]
            for rows in rows_by_contract(documents)
        ]
    )
