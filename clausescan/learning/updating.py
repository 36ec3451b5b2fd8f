"""Moves a label model towards annotated sentences, and away from nothing else it knew.

Each label's weights get a summand of their own, fitted by logistic regression on top of the
base's logits with a ridge, so that without annotations nothing moves. Sentences that the base
was shipped with take part with the base's own probabilities as targets: whatever the new
sentences teach, the old answers cost something to change. The summand lives on the base's own
terms, so it folds into one linear model of the same format, and thresholds and calibration stay
what they were.

A label that the base does not have is fitted as those of the base were, by a support vector machine
with Platt's sigmoid, on sentences that carry it against the others and the rehearsed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits

from clausescan.corpus import Bools, ClauseRecord
from clausescan.learning.calibration import Calibration, Settings, Table, calibrate, table_of
from clausescan.learning.fitting import Fit, features, fit_svm, out_of_fold, with_fit
from clausescan.pipeline.linear import PARTS, LinearModel
from clausescan.pipeline.sparse import Rows

STRENGTH = 10.0
"""How far one sentence may move a label: inverse of the ridge."""
FEWEST = 2
"""Annotated sentences without which a label stays as it is: one alone moves a label to no avail."""
RARE = 0.02
"""Probability of a new label before anything is known of a sentence."""
NEW = Settings(c=2.0)
"""How a new label is fitted."""
_STEPS = 100

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Annotated sentences before rehearsed ones, as the base sees them.

    Attributes:
        start: The base, with columns for new labels.
        rows: Feature rows of all sentences.
        logits: What the base says of each (rows × labels).
        targets: What it should say: 0 or 1, for rehearsed sentences what it says.
        known: Whether a row takes part in fitting a label.
        own: Number of annotated sentences.
        new: Labels that the base does not have.
    """

    start: LinearModel
    rows: sparse.csr_matrix
    logits: Doubles
    targets: Doubles
    known: Bools
    own: int
    new: tuple[str, ...]

    def moved(self, change: Change, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """Margins of some rows after a change (rows × labels)."""
        logits = self.logits[chosen].copy()
        columns = [self.start.labels.index(label) for label in change.labels]
        logits[:, columns] += self.rows[chosen] @ change.weights + change.bias
        margins: NDArray[np.float32] = (
            (logits - self.start.offset) / self.start.slope  # Platt's sigmoid undone
        ).astype(np.float32)
        return margins


@dataclass(frozen=True, slots=True)
class Change:
    """Summands to the logits of some labels: weights (features × labels) and bias."""

    labels: tuple[str, ...]
    weights: Doubles
    bias: Doubles

    def without(self, labels: Collection[str]) -> Change:
        """The change of all labels but these."""
        kept = [place for place, label in enumerate(self.labels) if label not in labels]
        names = tuple(self.labels[place] for place in kept)
        return Change(names, self.weights[:, kept], self.bias[kept])


def prepare(
    base: LinearModel,
    records: Sequence[ClauseRecord],
    rehearsed: Sequence[ClauseRecord],
    definitions: Mapping[str, str],
) -> Lesson:
    """A lesson for a base.

    Args:
        base: The model to start from.
        records: Annotated sentences of its language.
        rehearsed: Sentences on which the base should stay as it is; their labels do not matter.
        definitions: New labels with what they mean.
    """
    start = _with_labels(base, definitions)
    rows = features(start, [*records, *rehearsed]).astype(np.float64)
    margins = rows @ _stacked(start).astype(np.float64) + start.bias
    logits = margins * start.slope + start.offset
    table: Table = table_of(records, start.labels)
    targets = np.vstack([table.carried.astype(np.float64), expit(logits[len(records) :])])
    known = np.vstack([table.known, np.ones((len(rehearsed), len(start.labels)), bool)])
    new = start.labels[len(base.labels) :]
    return Lesson(start, rows, logits, targets, known, len(records), new)


def fit_change(
    lesson: Lesson, chosen: Bools, *, strength: float = STRENGTH, step: Callable[[], None]
) -> Change:
    """What some of the annotated sentences change.

    Labels that fewer than `FEWEST` of them carry stay as they are: who annotates one label only
    should not unteach the others.

    Args:
        lesson: Sentences and base.
        chosen: Which of the annotated sentences to learn from; the rehearsed ones always count.
        strength: How far one sentence may move a label.
        step: Called once for each label of the model, learned or not.
    """
    taking = np.append(chosen, np.ones(lesson.rows.shape[0] - lesson.own, bool))
    rows = lesson.rows[np.flatnonzero(taking)]
    columns = np.unique(rows.indices)
    inner = rows[:, columns]
    known, targets = lesson.known[taking], lesson.targets[taking]
    logits = lesson.logits[taking]
    carried = (lesson.targets[: lesson.own] == 1) & chosen[:, None]
    learned = [place for place in range(known.shape[1]) if carried[:, place].sum() >= FEWEST]
    for _ in range(known.shape[1] - len(learned)):
        step()
    turned = inner.T.tocsr()
    weights = np.zeros((rows.shape[1], len(learned)))
    bias = np.zeros(len(learned))
    # Two threads of BLAS take seventy times as long as one over vectors this short.
    with threadpool_limits(1):
        for column, place in enumerate(learned):
            target, asked = targets[:, place], known[:, place]
            if lesson.start.labels[place] in lesson.new:
                found = _newcomer(inner, logits[:, place], target == 1, asked)
            else:
                found = _solved(inner, turned, strength, logits[:, place], target, asked)
            weights[columns, column], bias[column] = found[:-1], found[-1]
            step()
    return Change(tuple(lesson.start.labels[place] for place in learned), weights, bias)


def _solved(
    rows: sparse.csr_matrix,
    turned: sparse.csr_matrix,
    strength: float,
    logits: Doubles,
    targets: Doubles,
    known: Bools,
) -> Doubles:
    """Weights and, last, bias that are added to the logits of one label."""

    def loss(summand: Doubles) -> tuple[float, Doubles]:
        now = logits + rows @ summand[:-1] + summand[-1]
        cost = (np.logaddexp(0, now) - targets * now)[known].sum()
        slope = np.where(known, expit(now) - targets, 0)
        gradient = np.append(turned @ slope, slope.sum()) + summand / strength
        return float(cost + summand @ summand / (2 * strength)), gradient

    start = np.zeros(rows.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    result: Doubles = found.x
    return result


def _newcomer(rows: sparse.csr_matrix, logits: Doubles, carried: Bools, known: Bools) -> Doubles:
    """Weights and, last, bias that take a new label from its constant logit to a fitted one."""
    table = Table(("new",), carried[:, None], known[:, None])
    weights = np.ones(len(carried), np.float32)
    each = [f"{row:08}" for row in range(len(carried))]
    held = out_of_fold(rows, table, weights, NEW, each)
    sigmoid = calibrate(held, table, weights, NEW)
    fit = fit_svm(rows, table, weights, NEW, np.ones(len(carried), bool))
    bias = fit.bias * sigmoid.slope + sigmoid.offset - logits[0]
    result: Doubles = np.append(fit.coefficients[:, 0] * sigmoid.slope, bias).astype(np.float64)
    return result


def changed(model: LinearModel, change: Change) -> LinearModel:
    """The model with a change folded into its weights.

    Args:
        model: The start of the lesson that the change comes from.
        change: Summands to its logits.
    """
    columns = [model.labels.index(label) for label in change.labels]
    coefficients = _stacked(model)
    coefficients[:, columns] += (change.weights / model.slope[columns]).astype(np.float32)
    bias = model.bias.copy()
    bias[columns] += (change.bias / model.slope[columns]).astype(np.float32)
    kept = Calibration(model.slope, model.offset, model.thresholds, model.curve)
    return with_fit(model, Fit(coefficients, bias), kept)


def _with_labels(base: LinearModel, definitions: Mapping[str, str]) -> LinearModel:
    """The base with empty columns for labels that it does not have: rare, wherever one looks."""
    new = [label for label in definitions if label not in base.labels]
    if not new:
        return base
    ones = np.ones(len(new), np.float32)
    weights = {part: _wider(base.weights[part], len(new)) for part in PARTS}
    return replace(
        base,
        labels=(*base.labels, *new),
        weights=weights,
        bias=np.append(base.bias, ones * np.float32(np.log(RARE / (1 - RARE)))),
        slope=np.append(base.slope, ones),
        offset=np.append(base.offset, ones * 0),
        thresholds=np.append(base.thresholds, ones * np.float32(Settings().floor)),
        definitions={**base.definitions, **{label: definitions[label] for label in new}},
    )


def _wider(rows: Rows, more: int) -> Rows:
    return Rows(rows.columns, rows.values, rows.starts, rows.width + more)


def _stacked(model: LinearModel) -> Any:
    return np.concatenate([model.weights[part].dense() for part in PARTS])
