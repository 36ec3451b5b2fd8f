"""Retrains a label model on annotated sentences of one's own, on top of the shipped one.

How a model moves: `clausescan.learning.updating`. Whether it is better: `learning.trial`. A model
that is worse than its base is not written unless told.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import numpy as np

from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.errors import DataError, ModelError, UsageError
from clausescan.learning.card import facts_of, markdown, write_card
from clausescan.learning.examples import add_examples
from clausescan.learning.trial import (
    Compared,
    Split,
    compare,
    reasons_against,
    split,
    try_out,
)
from clausescan.learning.updating import FEWEST, Lesson, changed, fit_change, prepare
from clausescan.pipeline import load, load_from
from clausescan.pipeline.examples import Example, read_examples
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import LinearModel, files_of, pruned
from clausescan.pipeline.taxonomy import with_own

if TYPE_CHECKING:
    from spacy.language import Language

SMALLEST_WEIGHT = 0.004
"""Weights below it are dropped when a model is saved."""
FEWEST_FOR_NEW = 5
"""Sentences that a label needs which the base does not have."""


@dataclass(frozen=True, slots=True)
class TrainingScores:
    """What retraining changed.

    Attributes:
        language: Language of the model.
        trained: Labels that were learned; the others keep the base's weights.
        new: Those of them that the base did not have.
        kept: Labels that were annotated but would have lost in general, and keep the base's
            weights.
        documents: Number of documents learned from.
        own: Both models on the annotated sentences, each judged by a model that has not learned
            from its document; None when none was held out.
        general: Both models on the sentences that the base came with; None when it came with none.
    """

    language: str
    trained: tuple[str, ...]
    new: tuple[str, ...]
    kept: tuple[str, ...]
    documents: int
    own: Compared | None
    general: Compared | None

    @property
    def worse(self) -> tuple[str, ...]:
        """In what the new model is worse than its base."""
        return reasons_against(self.own, self.general)

    def to_dict(self) -> dict[str, Any]:
        """The scores, rounded to four decimals."""
        return {
            "language": self.language,
            "trained": list(self.trained),
            "new": list(self.new),
            "kept": list(self.kept),
            "documents": self.documents,
            "own": self.own.to_dict() if self.own else None,
            "general": self.general.to_dict() if self.general else None,
            "worse": list(self.worse),
        }


def train(
    corpus: str | Path,
    *,
    out: str | Path,
    base: str | Path | None = None,
    labels: Mapping[str, str] | None = None,
    held_out: float = 0.2,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> TrainingScores:
    """Retrain the labels on annotated sentences and write the new pipeline.

    Each part of the documents is held out in turn to score on; the model written has learned from
    all. The sentences are kept in its folder, behind the base's examples, for explanations to
    show. Nothing is written unless all is well.

    Args:
        corpus: A corpus file or folder in one language.
        out: Folder for the new pipeline; one that stands there is replaced.
        base: Folder of the pipeline to start from; the shipped one if left out.
        labels: New labels with what they mean.
        held_out: Share of the documents to hold out at a time; 0 for none.
        force: Whether to write a model that is worse than its base.
        progress: Called with the steps done and the steps in all.

    Raises:
        DataError: The corpus is not valid.
        ModelError: The base is no pipeline with a label model of the corpus's language.
        UsageError: The corpus mixes languages or has too little to learn from, the folder holds
            something else, or the new model is worse than its base.
    """
    if not 0 <= held_out < 1:
        raise UsageError(f"held_out must be at least 0 and below 1, not {held_out}")
    _check_folder(Path(out))
    records, nlp, old = _read(corpus, base, dict(labels or {}))
    examples = read_examples(nlp.path) if nlp.path is not None else ()
    rehearsed = _records_of(examples, records)
    lesson = prepare(old, records, rehearsed, {**old.definitions, **(labels or {})})
    parts = split(records, held_out)
    step = _counted(progress, len(lesson.start.labels) * (1 + len(parts.folds if parts else ())))
    own = try_out(lesson, records, parts, step) if parts else None
    model, trained, kept = retrained(lesson, rehearsed, step)
    scores = TrainingScores(
        language=old.language,
        trained=trained,
        new=tuple(label for label in model.labels if label not in old.labels),
        kept=kept,
        documents=len({record.document for record in records}),
        own=own,
        general=compare(old, model, rehearsed),
    )
    if scores.worse and not force:
        raise UsageError(
            f"{out} was not written, the new model is worse: {'; '.join(scores.worse)}. Check the "
            "labels in your corpus or annotate more; --force (force=True) writes it all the same."
        )
    with _new_folder(Path(out)) as folder:
        _write(folder, nlp, model, records, parts, scores)
        add_examples(records, folder, base=examples)
    return scores


def _read(
    corpus: str | Path, base: str | Path | None, labels: Mapping[str, str]
) -> tuple[list[ClauseRecord], Language, LinearModel]:
    """The sentences, the pipeline to start from and its weights."""
    given = None if base is None else load_from(base)
    told = None if given is None else label_component(given).model
    records = read_corpus(corpus, labels=with_own({**(told.definitions if told else {}), **labels}))
    language = _language_of(records, corpus)
    nlp = load(language) if given is None else given
    model = label_component(nlp).model
    if model is None or nlp.lang != language:
        raise ModelError(f"the base has no label model for {language!r}, the corpus's language")
    counts = Counter(name for record in records for name in record.labels)
    if not any(count >= FEWEST for count in counts.values()):
        raise UsageError(f"{corpus}: no label has {FEWEST} sentences; annotate more clauses")
    for label in sorted(set(labels) - {*model.labels}):
        if counts[label] < FEWEST_FOR_NEW:
            raise UsageError(
                f"{corpus}: {counts[label]} sentences carry the new label {label!r}; "
                f"annotate at least {FEWEST_FOR_NEW}"
            )
    return records, nlp, model


def _language_of(records: Sequence[ClauseRecord], corpus: str | Path) -> str:
    languages = sorted({record.language for record in records})
    if not languages:
        raise DataError(f"{corpus}: the corpus is empty")
    if len(languages) > 1:
        raise UsageError(f"{corpus}: give one language at a time, not {' and '.join(languages)}")
    return languages[0]


def _records_of(examples: Sequence[Example], records: Sequence[ClauseRecord]) -> list[ClauseRecord]:
    """A base's examples as sentences to rehearse, without those that are annotated anew."""
    texts = {record.text for record in records}
    return [
        ClauseRecord(one.id, one.text, records[0].language, one.labels, near=one.near)
        for one in examples
        if one.text not in texts
    ]


def _counted(progress: Callable[[int, int], None] | None, total: int) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    return step


def retrained(
    lesson: Lesson, rehearsed: Sequence[ClauseRecord], step: Callable[[], None]
) -> tuple[LinearModel, tuple[str, ...], tuple[str, ...]]:
    """The new model, its labels that moved, and those that would have lost in general and did not.

    Args:
        lesson: Sentences and base.
        rehearsed: The rehearsed ones among them, on which no label may lose.
        step: As for `fit_change`.
    """
    change = fit_change(lesson, np.ones(lesson.own, bool), step=step)
    model = pruned(changed(lesson.start, change), smallest=SMALLEST_WEIGHT)
    general = compare(lesson.start, model, rehearsed)
    kept = general.losers if general else ()
    kept = tuple(label for label in kept if label in change.labels)
    if kept:
        change = change.without(kept)
        model = pruned(changed(lesson.start, change), smallest=SMALLEST_WEIGHT)
    return model, tuple(sorted(change.labels)), kept


def _write(
    folder: Path,
    nlp: Language,
    model: LinearModel,
    records: Sequence[ClauseRecord],
    parts: Split | None,
    scores: TrainingScores,
) -> None:
    facts = facts_of(records, base=nlp.meta, parts=parts)
    label_component(nlp).use(model)
    nlp.meta["version"] = f"{nlp.meta['version'].split('+')[0]}+own.{_digest(model)}"
    save(nlp, folder)
    tables = [
        f"{title}\n\n{markdown(pair)}"
        for title, pair in (
            ("On the annotated sentences, each judged by a model that has not seen its "
             f"{parts.by if parts else 'document'}:", scores.own),
            ("On the sentences that the base came with:", scores.general),
        )
        if pair is not None
    ]  # fmt: skip
    if scores.worse:
        tables.append(f"Written although it is worse: {'; '.join(scores.worse)}.")
    name = f"{nlp.lang}-{nlp.meta['version']}"
    write_card(folder, name, facts, scores.to_dict(), "\n\n".join(tables) or "Not measured.")


def _digest(model: LinearModel) -> str:
    """Eight characters that tell weights apart."""
    total = hashlib.sha256()
    for name, content in sorted(files_of(model).items()):
        total.update(name.encode() + content)
    return total.hexdigest()[:8]


def _check_folder(out: Path) -> None:
    """Refuse to replace anything but a pipeline."""
    if out.is_file():
        raise UsageError(f"{out} is a file; name a folder for the pipeline")
    if out.is_dir() and any(out.iterdir()) and not out.joinpath("config.cfg").is_file():
        raise UsageError(f"{out} holds something else than a pipeline; name a new folder")


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place once it is complete."""
    out.parent.mkdir(parents=True, exist_ok=True)
    shelf = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        folder = shelf / "new"
        folder.mkdir()
        yield folder
        _take_place(folder, out, shelf / "old")
    finally:
        shutil.rmtree(shelf, ignore_errors=True)


def _take_place(folder: Path, out: Path, old: Path) -> None:
    if not out.exists():
        os.replace(folder, out)
        return
    os.replace(out, old)
    try:
        os.replace(folder, out)
    except OSError:
        os.replace(old, out)
        raise


def save(nlp: Language, out: str | Path) -> None:
    """Write a pipeline into a folder.

    Raises:
        UsageError: The folder is a file.
    """
    if Path(out).is_file():
        raise UsageError(f"{out} is a file; name a folder for the pipeline")
    Path(out).mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
