"""Trains label models: a new one on top of a shipped one, and the shipped ones themselves.

A retrained model has the features of its base plus the base's margins. Both are linear in the
same TF-IDF vectors, so the result folds back into one linear model of the same format:
``W_new = W_base A + W_delta``. Labels that the new corpus does not annotate keep the base's
weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from clausescan.corpus import ClauseRecord, families, read_corpus
from clausescan.errors import DataError, ModelError, UsageError
from clausescan.evaluation import Scores, score_labeller
from clausescan.learning.calibration import Calibration, Settings, calibrate, table_of
from clausescan.learning.examples import add_examples
from clausescan.learning.fitting import (
    Fit,
    empty_model,
    features,
    fit_svm,
    folds_of,
    out_of_fold,
    row_weights,
    with_fit,
)
from clausescan.pipeline import load, load_from
from clausescan.pipeline.examples import read_examples
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import PARTS, LinearModel, pruned

if TYPE_CHECKING:
    from spacy.language import Language

SMALLEST_WEIGHT = 0.004
"""Weights below it are dropped when a model is saved."""


@dataclass(frozen=True, slots=True)
class TrainingScores:
    """What retraining changed, on documents that the training had not seen.

    Attributes:
        language: Language of the model.
        trained: Labels that were learned; the others keep the base's weights.
        documents: Number of documents trained on and held out.
        before: Scores of the base on the held-out documents; None when none was held out.
        after: Scores of the model trained on the other documents.
    """

    language: str
    trained: tuple[str, ...]
    documents: tuple[int, int]
    before: Scores | None
    after: Scores | None

    def to_dict(self) -> dict[str, Any]:
        """The scores, rounded to four decimals."""
        return {
            "language": self.language,
            "trained": list(self.trained),
            "documents": {"trained": self.documents[0], "held_out": self.documents[1]},
            "before": self.before.to_dict() if self.before else None,
            "after": self.after.to_dict() if self.after else None,
        }


def train(
    corpus: str | Path,
    *,
    out: str | Path,
    base: str | Path | None = None,
    held_out: float = 0.2,
) -> TrainingScores:
    """Retrain the labels on annotated sentences and write the new pipeline.

    The scores come from a split by document; the model written has seen all documents. The
    sentences are kept in its folder, behind the base's examples, for explanations to show.

    Args:
        corpus: A corpus file or folder in one language.
        out: Folder for the new pipeline.
        base: Folder of the pipeline to start from; the shipped one if left out.
        held_out: Share of the documents to score on; 0 for none.

    Raises:
        DataError: The corpus is not valid.
        ModelError: The base is no pipeline with a label model of the corpus's language.
        UsageError: The corpus mixes languages, or has too little to learn from.
    """
    if not 0 <= held_out < 1:
        raise UsageError(f"held_out must be at least 0 and below 1, not {held_out}")
    records = read_corpus(corpus)
    language = _language_of(records, corpus)
    nlp = load_from(base) if base is not None else load(language)
    component = label_component(nlp)
    if component.model is None or nlp.lang != language:
        raise ModelError(f"the base has no label model for {language!r}, the corpus's language")
    labels = _learnable(records)
    if not labels:
        raise UsageError(f"{corpus}: no label has two sentences or more; annotate more clauses")
    old = component.model
    seen, unseen = _split(records, held_out)
    before = after = None
    if unseen:
        trial = Labeller(language, retrained(old, seen, _learnable(seen)))
        before = score_labeller(component.labeller, unseen)
        after = score_labeller(trial, unseen)
    component.use(pruned(retrained(old, records, labels), smallest=SMALLEST_WEIGHT))
    kept = read_examples(nlp.path) if nlp.path is not None else ()
    save(nlp, out)
    add_examples(records, Path(out), base=kept)
    counts = (len({r.document for r in seen}), len({r.document for r in unseen}))
    return TrainingScores(language, labels, counts, before, after)


def _language_of(records: Sequence[ClauseRecord], corpus: str | Path) -> str:
    languages = sorted({record.language for record in records})
    if not languages:
        raise DataError(f"{corpus}: the corpus is empty")
    if len(languages) > 1:
        raise UsageError(f"{corpus}: give one language at a time, not {' and '.join(languages)}")
    return languages[0]


def _learnable(records: Sequence[ClauseRecord]) -> tuple[str, ...]:
    """Labels with two positives and a negative."""
    names = sorted({label for record in records for label in record.labels})
    table = table_of(records, names)
    positives = table.carried.sum(0)
    negatives = (table.known & ~table.carried).sum(0)
    return tuple(n for n, p, q in zip(names, positives, negatives, strict=True) if p > 1 and q)


def _split(
    records: Sequence[ClauseRecord], held_out: float
) -> tuple[list[ClauseRecord], list[ClauseRecord]]:
    """Records to train on and to score on; documents stay whole, one at least is trained on."""
    documents = sorted({record.document for record in records})
    if held_out == 0 or len(documents) < 2:
        return list(records), []
    count = min(max(round(held_out * len(documents)), 1), len(documents) - 1)
    step = len(documents) / count
    chosen = {documents[int(step * place)] for place in range(count)}
    seen = [record for record in records if record.document not in chosen]
    return seen, [record for record in records if record.document in chosen]


def retrained(
    base: LinearModel, records: Sequence[ClauseRecord], labels: Sequence[str]
) -> LinearModel:
    """The base with the chosen labels learned anew from records, on top of its margins.

    Args:
        base: The model to start from.
        records: Annotated sentences of its language.
        labels: Labels to learn; all others keep the base's weights.
    """
    settings = Settings()
    start = _widened(base, records)
    rows = features(start, records)
    margins = rows @ _stacked(start) + start.bias
    both = sparse.hstack([rows, sparse.csr_matrix(margins)]).tocsr()
    table = table_of(records, labels)
    weights = row_weights(records, settings)
    fit = fit_svm(both, table, weights, settings, np.ones(len(records), bool))
    folded = _folded(start, fit)
    group_of = families(records)
    groups = [group_of[record.document] for record in records]
    if len(set(groups)) < settings.folds:
        return _merged(start, folded, labels, None)
    held = out_of_fold(both, table, weights, settings, groups)
    return _merged(start, folded, labels, calibrate(held, table, weights, settings))


def _widened(base: LinearModel, records: Sequence[ClauseRecord]) -> LinearModel:
    """The base with the records' new terms, whose weights are zero."""
    empty = empty_model(
        records, base.labels, language=base.language, min_df=Settings().min_df, base=base
    )
    weights = {part: base.weights[part].longer(len(empty.terms)) for part in PARTS}
    return replace(base, terms=empty.terms, idf=empty.idf, weights=weights)


def _stacked(model: LinearModel) -> Any:
    return np.concatenate([model.weights[part].dense() for part in PARTS])


def _folded(base: LinearModel, fit: Fit) -> Fit:
    """A fit over features and margins as a fit over features alone."""
    width = len(PARTS) * len(base.terms)
    delta, mix = fit.coefficients[:width], fit.coefficients[width:]
    return Fit(_stacked(base) @ mix + delta, base.bias @ mix + fit.bias)


def _merged(
    base: LinearModel, fit: Fit, labels: Sequence[str], calibration: Calibration | None
) -> LinearModel:
    """The base with the fit's columns in place of its own, and new labels behind them."""
    names = (*base.labels, *(label for label in labels if label not in base.labels))
    columns = [names.index(label) for label in labels]
    extra = len(names) - len(base.labels)
    coefficients = np.pad(_stacked(base), ((0, 0), (0, extra)))
    coefficients[:, columns] = fit.coefficients
    vectors = []
    for old, new in (
        (base.bias, fit.bias),
        (base.slope, calibration.slope if calibration else None),
        (base.offset, calibration.offset if calibration else None),
        (base.thresholds, calibration.thresholds if calibration else None),
    ):
        vector = np.append(old, np.full(extra, old.mean() if len(old) else 0.5))
        if new is not None:
            vector[columns] = new
        vectors.append(vector.astype(np.float32))
    bias, *rest = vectors
    return with_fit(replace(base, labels=names), Fit(coefficients, bias), Calibration(*rest))


def save(nlp: Language, out: str | Path) -> None:
    """Write a pipeline into a folder.

    Raises:
        UsageError: The folder is a file.
    """
    if Path(out).is_file():
        raise UsageError(f"{out} is a file; name a folder for the pipeline")
    Path(out).mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)


def documents_folds(records: Sequence[ClauseRecord], count: int) -> np.ndarray[Any, Any]:
    """A fold for each record; families of documents stay whole."""
    group_of = families(records)
    return folds_of([group_of[record.document] for record in records], count)
