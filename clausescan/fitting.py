"""Fits linear label models with scikit-learn: vocabulary, weights, Platt's sigmoid, thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from clausescan.corpus import Bools, ClauseRecord, label_tables
from clausescan.pipeline.linear import (
    PARTS,
    SCALES,
    Floats,
    LinearModel,
    Scorer,
    Vectors,
    analyzer,
)
from clausescan.pipeline.phrases import load_phrases


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is fitted.

    Attributes:
        c: Inverse regularisation of the SVM.
        min_df: Texts that a term must occur in.
        folds: Folds for the out-of-fold margins behind probabilities and thresholds.
        shrink: Positives at which a label's own threshold weighs as much as the pooled one.
        trust: Weight of a row whose absences are all annotated, against one of 1.
    """

    c: float = 0.5
    min_df: int = 2
    folds: int = 3
    shrink: float = 30.0
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


def folds_of(groups: Sequence[str], count: int) -> NDArray[np.int64]:
    """A fold for each row: groups stay whole, folds are of like size, the same every time."""
    sizes = Counter(groups)
    load = [0] * count
    fold: dict[str, int] = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        fold[group] = load.index(min(load))
        load[fold[group]] += sizes[group]
    return np.array([fold[group] for group in groups], np.int64)


def empty_model(
    records: Sequence[ClauseRecord],
    labels: Sequence[str],
    *,
    language: str,
    min_df: int,
    base: LinearModel | None = None,
) -> LinearModel:
    """A model without weights: vocabulary and IDF of the records, added to those of a base."""
    terms_of = analyzer(language)
    book = load_phrases(language)
    counts: Counter[str] = Counter()
    for record in records:
        counts.update({*terms_of(record.text), *book.marks(record.text)})
    old = dict(zip(base.terms, base.idf, strict=True)) if base else {}
    new = sorted(t for t, n in counts.items() if n >= min_df and t not in old and "\n" not in t)
    idf = [np.log((1 + len(records)) / (1 + counts[term])) + 1 for term in new]
    terms = (*old, *new)
    zeros = np.zeros(len(labels), np.float32)
    return LinearModel(
        language=language,
        labels=tuple(labels),
        terms=terms,
        idf=np.array([*old.values(), *idf], np.float32),
        weights={part: np.zeros((len(terms), len(labels)), np.float32) for part in PARTS},
        bias=zeros,
        slope=zeros + 1,
        offset=zeros,
        thresholds=zeros + 0.5,
    )


def features(model: LinearModel, records: Sequence[ClauseRecord]) -> sparse.csr_matrix:
    """Rows of the three scaled vectors side by side (records × 3 terms)."""
    scorer = Scorer(model)
    book = load_phrases(model.language)
    width = len(model.terms)
    parts = []
    for part in PARTS:
        texts = [str(getattr(record, part)) for record in records]
        marks = [] if part == "heading" else [book.marks(text) for text in texts]
        parts.append(SCALES[part] * _matrix(scorer.vectors(texts, marks), width))
    return sparse.hstack(parts).tocsr()


def _matrix(vectors: Vectors, width: int) -> sparse.csr_matrix:
    rows = len(vectors.starts) - 1
    return sparse.csr_matrix(
        (vectors.values, vectors.columns, vectors.starts), (rows, width), dtype=np.float32
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights (features × labels) and bias of one fit."""

    coefficients: Floats
    bias: Floats

    def margins(self, rows: sparse.csr_matrix) -> Floats:
        """Margins (rows × labels)."""
        result: Floats = (rows @ self.coefficients + self.bias).astype(np.float32)
        return result


def fit_svm(
    rows: sparse.csr_matrix, table: Table, weights: Floats, settings: Settings, chosen: Bools
) -> Fit:
    """One linear SVM a label, on the chosen rows that know the label.

    A label with fewer than two positives or no negative gets no weights and a margin of -1.
    """
    coefficients = np.zeros((rows.shape[1], len(table.labels)), np.float32)
    bias = np.full(len(table.labels), -1, np.float32)
    for column in range(len(table.labels)):
        picked = np.flatnonzero(chosen & table.known[:, column])
        target = table.carried[picked, column]
        if target.sum() < 2 or target.all():
            continue
        svm = LinearSVC(C=settings.c, tol=1e-3, max_iter=300, random_state=0)
        svm.fit(rows[picked], target, sample_weight=weights[picked])
        coefficients[:, column] = svm.coef_[0]
        bias[column] = svm.intercept_[0]
    return Fit(coefficients, bias)


def out_of_fold(
    rows: sparse.csr_matrix,
    table: Table,
    weights: Floats,
    settings: Settings,
    groups: Sequence[str],
) -> Floats:
    """Margins of every row by a fit that has not seen its group."""
    folds = folds_of(groups, settings.folds)
    margins = np.full(table.carried.shape, -1, np.float32)
    for fold in range(settings.folds):
        fit = fit_svm(rows, table, weights, settings, folds != fold)
        held = np.flatnonzero(folds == fold)
        margins[held] = fit.margins(rows[held])
    return margins


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's sigmoid and the thresholds, one a label."""

    slope: Floats
    offset: Floats
    thresholds: Floats

    def probabilities(self, margins: Floats) -> Floats:
        """Probabilities of margins (rows × labels)."""
        logits = np.clip(margins * self.slope + self.offset, -30, 30)
        result: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return result


def calibrate(margins: Floats, table: Table, weights: Floats, settings: Settings) -> Calibration:
    """Sigmoid and threshold of each label from out-of-fold margins.

    Labels with fewer than five positives take the sigmoid of all labels together.
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
        pairs.append(_sigmoid(margins[known, column], target, weights[known]) if enough else pooled)
    slope, offset = (np.array(values, np.float32) for values in zip(*pairs, strict=True))
    halves = np.full(len(pairs), 0.5, np.float32)
    draft = Calibration(slope, offset, halves)
    thresholds = _thresholds(draft.probabilities(margins), table, settings.shrink)
    return replace(draft, thresholds=thresholds)


def _sigmoid(margins: Floats, target: Bools, weights: Floats) -> tuple[float, float]:
    model = LogisticRegression(C=10.0, max_iter=500)
    model.fit(margins[:, None].astype(np.float64), target, sample_weight=weights)
    return max(float(model.coef_[0, 0]), 0.1), float(model.intercept_[0])


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


def fit_model(
    records: Sequence[ClauseRecord],
    labels: Sequence[str],
    groups: Mapping[str, str],
    *,
    language: str,
    settings: Settings,
) -> LinearModel:
    """A calibrated model in float32, from all records.

    Args:
        records: Training rows of one language.
        labels: Labels to learn.
        groups: A group for each document; out-of-fold margins keep groups whole.
        language: ``en`` or ``zh``.
        settings: How to fit.
    """
    empty = empty_model(records, labels, language=language, min_df=settings.min_df)
    rows = features(empty, records)
    table = table_of(records, labels)
    weights = row_weights(records, settings)
    named = [groups[record.document] for record in records]
    margins = out_of_fold(rows, table, weights, settings, named)
    calibration = calibrate(margins, table, weights, settings)
    fit = fit_svm(rows, table, weights, settings, np.ones(len(records), bool))
    return with_fit(empty, fit, calibration)


def row_weights(records: Sequence[ClauseRecord], settings: Settings) -> Floats:
    """Weight of each row: `trust` where the record knows all labels, else 1."""
    return np.array([settings.trust if r.known is None else 1 for r in records], np.float32)


def with_fit(model: LinearModel, fit: Fit, calibration: Calibration) -> LinearModel:
    """The model with the weights of a fit over its three parts."""
    width = len(model.terms)
    weights = {
        part: fit.coefficients[place * width : (place + 1) * width]
        for place, part in enumerate(PARTS)
    }
    return replace(
        model,
        weights=dict(weights),
        bias=fit.bias,
        slope=calibration.slope,
        offset=calibration.offset,
        thresholds=calibration.thresholds,
    )
