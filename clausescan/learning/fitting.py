"""Fits linear label models with scikit-learn: vocabulary, weights, Platt's sigmoid, thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC

from clausescan.corpus import Bools, ClauseRecord
from clausescan.learning.calibration import Calibration, Settings, Table, calibrate, table_of
from clausescan.learning.presence import fit_presence
from clausescan.pipeline.labeller import known_whole
from clausescan.pipeline.linear import (
    PARTS,
    SCALES,
    LinearModel,
    Scorer,
)
from clausescan.pipeline.phrases import load_phrases
from clausescan.pipeline.sparse import Floats, Rows
from clausescan.pipeline.terms import analyzer


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
        weights=dict.fromkeys(PARTS, Rows.of(np.zeros((len(terms), len(labels)), np.float32))),
        bias=zeros,
        slope=zeros + 1,
        offset=zeros,
        thresholds=zeros + 0.5,
    )


def features(model: LinearModel, records: Sequence[ClauseRecord]) -> sparse.csr_matrix:
    """Rows of the three scaled vectors side by side (records × 3 terms)."""
    scorer = Scorer(model)
    book = load_phrases(model.language)
    parts = []
    for part in PARTS:
        texts = [str(getattr(record, part)) for record in records]
        marks = [] if part == "heading" else [book.marks(text) for text in texts]
        parts.append(SCALES[model.language][part] * _matrix(scorer.vectors(texts, marks)))
    return sparse.hstack(parts).tocsr()


def _matrix(rows: Rows) -> sparse.csr_matrix:
    shape = (len(rows.starts) - 1, rows.width)
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape, dtype=np.float32)


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
    fired = fired_rules(records, labels, language)
    learned = known_whole(language, labels)
    calibration = calibrate(margins, table, weights, settings, fired, learned)
    fit = fit_svm(rows, table, weights, settings, np.ones(len(records), bool))
    model = with_fit(empty, fit, calibration)
    return replace(model, presence=fit_presence(model, records, margins))


def fired_rules(records: Sequence[ClauseRecord], labels: Sequence[str], language: str) -> Bools:
    """Whether a phrase rule gives a label to a record (records × labels)."""
    book = load_phrases(language)
    found = [{phrase.label for phrase in book.hits(record.text)} for record in records]
    return np.array([[label in hits for label in labels] for hits in found], bool)


def row_weights(records: Sequence[ClauseRecord], settings: Settings) -> Floats:
    """Weight of each row: `trust` where the record knows all labels, else 1."""
    return np.array([settings.trust if r.known is None else 1 for r in records], np.float32)


def with_fit(model: LinearModel, fit: Fit, calibration: Calibration) -> LinearModel:
    """The model with the weights of a fit over its three parts."""
    width = len(model.terms)
    weights = {
        part: Rows.of(fit.coefficients[place * width : (place + 1) * width])
        for place, part in enumerate(PARTS)
    }
    return replace(
        model,
        weights=weights,
        bias=fit.bias,
        slope=calibration.slope,
        curve=calibration.curve,
        offset=calibration.offset,
        thresholds=calibration.thresholds,
    )
