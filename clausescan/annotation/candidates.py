"""Sentences of a draft about which the labels are in doubt.

A label is in doubt where the model's probability lies near the one from which it is given, and
where a phrase rule gives it but the model does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clausescan.corpus import ClauseRecord
from clausescan.document import Document, Location, View, view
from clausescan.pipeline import load, load_from
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.labeller import (
    UNLABELLED_KINDS,
    Labeller,
    continued,
    lead_ins,
    long_enough,
)
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.reading import as_records
from clausescan.pipeline.sparse import Floats

DISAGREEMENT = 0.7
"""Doubt where rule and model disagree; 1 is a probability right at the threshold."""
ABOVE = 0.3
"""How far a step above the threshold counts: what is given wrongly is worth more to know than what
is missed by as much, and there is less of it."""
_LEAST_DOUBT = 0.05
"""Below it a label is not in doubt: in log odds, 3 below the threshold."""
_LIKELY = 0.1
"""Probability from which a label's score is shown."""
_MOST_LABELS = 5
"""Labels whose scores are shown."""
_LONGEST = 1200
"""Characters of a sentence; longer ones are lists and tables run together."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with labels in doubt.

    Attributes:
        record: The sentence with the labels that the tool gives.
        scores: The likeliest labels with their scores.
        doubts: How much each label is in doubt, 0 to 1.
        reasons: Why, for each label in doubt.
        place: Where it stands in the draft.
    """

    record: ClauseRecord
    scores: tuple[tuple[str, float], ...]
    doubts: Mapping[str, float]
    reasons: Mapping[str, str]
    place: Location


def labeller_of(language: str, folder: str = "") -> Labeller:
    """The labeller of a language, as it works in a scan.

    Args:
        language: ``en`` or ``zh``.
        folder: Of a pipeline; the shipped one if left out or if it is of another language.

    Raises:
        ModelError: There is no pipeline, or it has no label component.
    """
    nlp = load_from(folder, tokens=False) if folder else load(language, tokens=False)
    if nlp.lang != language:
        nlp = load(language, tokens=False)
    return label_component(nlp).labeller


def candidates_of(document: Document, labeller: Labeller, name: str) -> list[Candidate]:
    """Sentences of a draft with labels in doubt, in reading order.

    Args:
        document: The draft.
        labeller: Of one of its languages.
        name: What the records call the draft.
    """
    language = labeller.language
    part = view(document, language, fallback=True)
    rows = _sentences(part, language)
    texts = [row.text for row in rows]
    headings = [row.heading for row in rows]
    leads = [row.lead for row in rows]
    judged = labeller.judge_text(texts, headings, leads)
    alone = _modelled(labeller, texts, headings, leads)
    thresholds = np.array([labeller.floor_of(label) for label in labeller.labels], np.float32)
    rules = [{one.label: one.id for one in labeller.book.hits(text)} for text in texts]
    ruled = np.array([[label in found for label in labeller.labels] for found in rules], bool)
    disputed = (judged.given | ruled.reshape(judged.given.shape)) & (alone < thresholds)
    near = _nearness(alone, thresholds)
    doubt = np.maximum(near, DISAGREEMENT * disputed)
    before = continued(leads)
    labels = labeller.labels
    found = []
    for index in np.flatnonzero(doubt.max(axis=1, initial=0) >= _LEAST_DOUBT).tolist():
        text = " ".join(texts[index].split())
        if not long_enough(text, language) or len(text) > _LONGEST:
            continue
        columns = np.flatnonzero(doubt[index] >= _LEAST_DOUBT).tolist()
        start, end = part.to_document(rows[index].start, rows[index].end)
        record = ClauseRecord(
            id=f"{name}:{start}",
            text=text,
            language=language,
            labels=tuple(sorted(labels[c] for c in np.flatnonzero(judged.given[index]))),
            heading=headings[index],
            previous=" ".join(texts[before[index]].split()) if before[index] >= 0 else "",
            document=name,
        )
        reasons = {
            labels[c]: f"{_rule(labels[c], judged.sources[index], rules[index])} finds it, "
            "the model does not"
            if disputed[index, c] and near[index, c] < DISAGREEMENT
            else f"probability {alone[index, c]:.2f}, given from {thresholds[c]:.2f}"
            for c in columns
        }
        found.append(
            Candidate(
                record=record,
                scores=_likely(labels, judged.scores[index]),
                doubts={labels[c]: float(doubt[index, c]) for c in columns},
                reasons=reasons,
                place=document.locate(start, end),
            )
        )
    return found


def _rule(label: str, sources: Mapping[str, str], rules: Mapping[str, str]) -> str:
    """The rule that gave a label, or would have given it had the model not overruled it."""
    return sources.get(label) or rules.get(label, "a rule")


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    heading: str
    lead: int
    start: int
    end: int


def _sentences(part: View, language: str) -> list[_Row]:
    """Sentences that may carry labels."""
    clauses, sentences = find_clauses(part.text, part.blocks, language)
    chosen = [
        sentence
        for sentence in sentences
        if not sentence.is_heading and clauses[sentence.clause].kind not in UNLABELLED_KINDS
    ]
    leads = lead_ins(as_records(clauses), [sentence.clause for sentence in chosen])
    return [
        _Row(part.text[s.start : s.end], clauses[s.clause].heading, lead, s.start, s.end)
        for s, lead in zip(chosen, leads, strict=True)
    ]


def _modelled(
    labeller: Labeller, texts: Sequence[str], headings: Sequence[str], leads: Sequence[int]
) -> Floats:
    """What the model says without the rules."""
    if labeller.scorer is None or not texts:
        return np.zeros((len(texts), len(labeller.labels)), np.float32)
    marks = [labeller.book.marks(text) for text in texts]
    margins = labeller.scorer.margins(texts, headings, marks, continued(leads))
    return labeller.settle(texts, [()] * len(texts), margins).scores


def _nearness(probabilities: Floats, thresholds: Floats) -> Floats:
    """1 at the threshold, less by a factor e for each step of log odds below it."""
    steps = _log_odds(probabilities) - _log_odds(thresholds)
    steps = np.where(steps > 0, ABOVE * steps, -steps)
    result: Floats = np.where(thresholds < 1, np.exp(-steps), 0).astype(np.float32)
    return result


def _log_odds(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 0.001, 0.999)
    result: Floats = np.log(clipped / (1 - clipped))
    return result


def _likely(labels: Sequence[str], scores: Floats) -> tuple[tuple[str, float], ...]:
    order = sorted(np.flatnonzero(scores >= _LIKELY).tolist(), key=lambda c: (-scores[c], c))
    return tuple((labels[c], round(float(scores[c]), 2)) for c in order[:_MOST_LABELS])
