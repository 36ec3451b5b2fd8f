"""Which sentences of drafts to annotate next: those in doubt, and none twice.

One after the other the sentence is taken whose most doubtful label is worth most. A label is worth
the less the more sentences of it are annotated or taken already, a draft the less the more of it
are taken. A sentence is worth more the more others it stands for, and less the less it differs from
those taken.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from clausescan.annotation.candidates import Candidate, candidates_of, labeller_of
from clausescan.annotation.items import Suggestion
from clausescan.corpus import ClauseRecord
from clausescan.errors import ClausescanError, UsageError
from clausescan.extract import read_document
from clausescan.limits import DEFAULT, GRACE, Limits
from clausescan.pipeline.labeller import Labeller
from clausescan.workers import Died, map_in_processes

SAME = 0.85
"""Cosine from which two sentences are the same in other words."""
ENOUGH = 10
"""Annotated sentences of a label at which one more is worth 0.7 of the first."""
_CROWD = 0.5
"""Power by which the sentences taken of a draft make its others worth less."""
_SHORTLIST = (2000, 20)
"""Sentences that are compared: so many, or so many for each one asked for."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What to annotate next.

    Attributes:
        suggestions: The sentences, most worth annotating first.
        drafts: Number of drafts that were read.
        failures: A sentence for each draft that could not be read.
    """

    suggestions: tuple[Suggestion, ...]
    drafts: int
    failures: tuple[str, ...] = ()


def suggest(
    drafts: Sequence[str | os.PathLike[str]],
    *,
    count: int = 50,
    annotated: Sequence[ClauseRecord] = (),
    model: str | Path | None = None,
    limits: Limits = DEFAULT,
    jobs: int | None = None,
) -> Suggested:
    """The sentences of drafts that are most worth annotating; the same ones every time.

    Args:
        drafts: Files, as for `clausescan.scan_many`.
        count: How many sentences, at most.
        annotated: What is annotated already: its sentences are not suggested again, and labels
            with few of them come first.
        model: Folder of the pipeline to be retrained; the shipped one if left out.
        limits: What one file may cost.
        jobs: Number of processes, so that a draft which crashes costs itself only; default: none.

    Raises:
        UsageError: No sentence is asked for.
        ModelError: The model is no pipeline.
    """
    if count < 1:
        raise UsageError(f"--count is {count}; ask for one sentence at least.")
    paths = [os.fspath(path) for path in drafts]
    folder = "" if model is None else os.fspath(model)
    if folder:
        _labeller("en", folder)  # A wrong folder is no fault of the drafts.
    tasks = list(zip(paths, _names(paths), strict=True))
    step = partial(_read, folder=folder, limits=limits)
    results: Iterator[list[Candidate] | str | Died]
    if jobs is None:
        results = map(step, tasks)
    else:
        seconds, memory = limits.seconds + GRACE, limits.memory_bytes
        results = map_in_processes(step, tasks, jobs=jobs, seconds=seconds, memory=memory)
    found: list[Candidate] = []
    failures: list[str] = []
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, Died):
            failures.append(f"{path} could not be read: {result.reason}.")
        elif isinstance(result, str):
            failures.append(result)
        else:
            found += result
    languages = dict.fromkeys(one.record.language for one in found)
    labellers = {language: _labeller(language, folder) for language in languages}
    chosen = choose(found, count, labellers, annotated)
    return Suggested(tuple(chosen), len(paths) - len(failures), tuple(failures))


@cache
def _labeller(language: str, folder: str) -> Labeller:
    return labeller_of(language, folder)


def _read(task: tuple[str, str], *, folder: str, limits: Limits) -> list[Candidate] | str:
    path, name = task
    try:
        document = read_document(path, limits=limits)
        labellers = [_labeller(language, folder) for language in document.languages]
        return [one for each in labellers for one in candidates_of(document, each, name)]
    except ClausescanError as error:
        return str(error)


def _names(paths: Sequence[str]) -> list[str]:
    """The paths below the folder that all drafts lie in."""
    whole = [Path(path).absolute() for path in paths]
    root = Path(os.path.commonpath([path.parent for path in whole])) if whole else Path()
    return [path.relative_to(root).as_posix() for path in whole]


def choose(
    candidates: Sequence[Candidate],
    count: int,
    labellers: Mapping[str, Labeller],
    annotated: Sequence[ClauseRecord] = (),
) -> list[Suggestion]:
    """Candidates most worth annotating, the most first.

    Args:
        candidates: In a fixed order; of equals the first is taken.
        count: How many, at most.
        labellers: By language.
        annotated: What is annotated already.
    """
    counts = Counter(label for record in annotated for label in record.labels)
    worth = [
        max(doubt * _need(counts[label]) for label, doubt in one.doubts.items())
        for one in candidates
    ]
    order = sorted(range(len(candidates)), key=lambda place: -worth[place])
    short = [candidates[place] for place in order[: max(_SHORTLIST[0], _SHORTLIST[1] * count)]]
    if not short:
        return []
    records = [one.record for one in short]
    vectors = _vectors([*records, *annotated], labellers)
    own, others = vectors[: len(short)], vectors[len(short) :]
    near = _nearest(own, others)
    labels = sorted({label for one in short for label in one.doubts})
    doubts = np.array([[one.doubts.get(label, 0.0) for label in labels] for one in short])
    taken = np.array([counts[label] for label in labels], float)
    documents = [record.document for record in records]
    typical = _typical(own, [record.language for record in records])
    crowd: Counter[str] = Counter()
    result: list[Suggestion] = []
    while len(result) < count:
        values = doubts * _need(taken)
        share = np.array([(1 + crowd[name]) ** -_CROWD for name in documents])
        scores = np.where(near < SAME, values.max(axis=1) * typical * share * (1 - near), 0.0)
        best = int(scores.argmax())
        if scores[best] <= 0:
            break
        column = int(values[best].argmax())
        taken[column] += 1
        crowd[documents[best]] += 1
        near = np.maximum(near, (own @ own[best].T).toarray().ravel())
        near[best] = 1
        result.append(_suggestion(short[best], labels[column]))
    return result


def _need(count: Any) -> Any:
    """What one more sentence of a label is worth, against the first."""
    return (ENOUGH / (ENOUGH + count)) ** 0.5


def _vectors(
    records: Sequence[ClauseRecord], labellers: Mapping[str, Labeller]
) -> sparse.csr_matrix:
    """TF-IDF rows; those of two languages have nothing in common."""
    parts = [sparse.csr_matrix((len(records), 1))]
    for language, labeller in labellers.items():
        if labeller.scorer is not None:
            texts = [record.text if record.language == language else "" for record in records]
            rows = labeller.scorer.vectors(texts)
            shape = (len(records), rows.width)
            parts.append(sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape))
    return sparse.hstack(parts).tocsr()


def _nearest(own: sparse.csr_matrix, others: sparse.csr_matrix) -> NDArray[np.float64]:
    """For each row how like it is to the likest of the others."""
    if not others.shape[0]:
        return np.zeros(own.shape[0])
    return np.asarray((own @ others.T).max(axis=1).toarray().ravel(), float)


def _typical(own: sparse.csr_matrix, languages: Sequence[str]) -> NDArray[np.float64]:
    """How like each row is to the others of its language, against their mean."""
    likeness = np.asarray(own @ own.sum(axis=0).T, float).ravel()
    names = np.array(languages)
    for language in dict.fromkeys(languages):
        rows = names == language
        likeness[rows] /= likeness[rows].mean() or 1.0
    return likeness


def _suggestion(one: Candidate, label: str) -> Suggestion:
    return Suggestion(
        record=one.record,
        scores=one.scores,
        why=f"{label}: {one.reasons[label]}",
        page=one.place.page,
        paragraph=one.place.paragraph,
    )
