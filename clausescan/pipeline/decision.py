"""Takes the labeller's decision on one sentence apart; knows no spaCy.

The sentence is judged once more by the same labeller. The contributions of all terms and the bias
add up to the margin that the model computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from clausescan.pipeline.labeller import (
    MODEL_SOURCE,
    Judged,
    is_led,
    long_enough,
    shortened_lead_in,
)
from clausescan.pipeline.labels import Labels
from clausescan.pipeline.linear import PARTS, SCALES, LinearModel, Scorer
from clausescan.pipeline.phrases import MARK, Phrase, Veto, compiled
from clausescan.pipeline.reasons import (
    Contribution,
    ModelReason,
    Passage,
    Quote,
    Reasons,
    RuleReason,
    VetoReason,
)
from clausescan.pipeline.sparse import Floats
from clausescan.pipeline.traced import Traced, trace_folded, trace_terms


class Decision:
    """A sentence judged as in its draft, ready to be taken apart label by label."""

    def __init__(self, component: Labels, passage: Passage) -> None:
        self.passage = passage
        self._labeller = component.labeller
        self._book = component.labeller.book
        lead = passage.listed and is_led(passage.text, passage.previous)
        self._lead = shortened_lead_in(passage.previous) if lead else ""
        self._own = self._book.hits(passage.text)
        self._hits = self._book.hits(f"{self._lead} {passage.text}") if lead else self._own
        self._margins = self._margins_of(component.labeller.scorer)
        self._judged: Judged = self._labeller.settle([passage.text], [self._hits], self._margins)

    def _margins_of(self, scorer: Scorer | None) -> Floats | None:
        if scorer is None:
            return None
        one = self.passage
        return scorer.margins_apart(
            [one.text],
            [one.heading],
            [[phrase.mark for phrase in self._own]],
            [one.previous],
            [self._book.marks(one.previous)],
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the taxonomy."""
        return self._judged.labels

    def score(self, label: str) -> float:
        """Probability of a label, rounded as in a report."""
        return round(float(self._judged.scores[0, self.labels.index(label)]), 4)

    def source(self, label: str) -> str:
        """``model`` or the id of the rule that decided the label's score."""
        return self._judged.sources[0].get(label, MODEL_SOURCE)

    def gives(self, label: str) -> bool:
        """Whether the sentence has a label."""
        return bool(self._judged.given[0, self.labels.index(label)])

    def reasons(self, label: str) -> Reasons:
        """All that decided about a label."""
        model = self._model_reason(label)
        vetoes = list(self._vetoes(label, model))
        left = model.probability if model else None
        for veto in vetoes:
            left = None if left is None else left * veto.factor
        return Reasons(
            label,
            self.gives(label),
            self.score(label),
            self.source(label),
            model,
            tuple(
                self._rule_reason(phrase, left) for phrase in self._hits if phrase.label == label
            ),
            tuple(self._veto_reason(veto) for veto in vetoes),
        )

    def _model_reason(self, label: str) -> ModelReason | None:
        labeller, model = self._labeller, self._labeller.model
        if model is None or labeller.scorer is None or self._margins is None:
            return None
        asked = long_enough(self.passage.text, labeller.language)
        if not asked or label not in model.labels:
            return None
        column = model.labels.index(label)
        contributions = sorted(
            self._contributions(model, labeller.scorer, column),
            key=lambda one: (-abs(one.weight), one.part, one.term),
        )
        return ModelReason(
            float(self._margins[0, column]),
            float(model.bias[column]),
            float(labeller.scorer.probabilities(self._margins)[0, column]),
            labeller.floor_of(label),
            tuple(contributions),
        )

    def _contributions(
        self, model: LinearModel, scorer: Scorer, column: int
    ) -> Iterator[Contribution]:
        one = self.passage
        texts = {
            "text": (one.text, one.start, [phrase.mark for phrase in self._own]),
            "heading": (one.heading, None, []),
            "previous": (one.previous, one.previous_start, self._book.marks(one.previous)),
        }
        for part in PARTS:
            text, start, marks = texts[part]
            vector = scorer.vectors([text], [marks])
            weights = model.weights[part].picked(vector.columns)[:, column]
            values = vector.values * weights * np.float32(SCALES[model.language][part])
            places = {} if start is None else self._places(text, start)
            for place in np.flatnonzero(values).tolist():
                term = model.terms[vector.columns[place]]
                weight = float(values[place])
                if term.startswith(MARK):
                    yield Contribution(term.removeprefix(MARK), "rule", part, weight, ())
                else:
                    quotes = tuple(places.get(term, ()))
                    yield Contribution(term, "words", part, weight, quotes)

    def _places(self, text: str, start: int) -> dict[str, list[Quote]]:
        places: dict[str, list[Quote]] = {}
        for one in trace_terms(text, self._labeller.language):
            quote = Quote(start + one.start, start + one.end, text[one.start : one.end])
            places.setdefault(one.term, []).append(quote)
        return places

    def _vetoes(self, label: str, model: ModelReason | None) -> Iterator[Veto]:
        """The vetoes that the labeller asked: those against what the model alone would give."""
        if model is not None and model.probability >= self._labeller.floor_of(label):
            yield from self._book.vetoed(self.passage.text, [label])

    def _veto_reason(self, veto: Veto) -> VetoReason:
        traced = trace_folded(self.passage.text, self._labeller.language)
        spans = [match.span() for match in compiled(veto.pattern).finditer(traced.text)]
        return VetoReason(veto.id, veto.examples, veto.factor, self._quotes(traced, spans, lead=""))

    def _rule_reason(self, phrase: Phrase, left: float | None) -> RuleReason:
        counted = self._labeller.believed(phrase, left)
        joined = f"{self._lead} {self.passage.text}" if self._lead else self.passage.text
        traced = trace_folded(joined, self._labeller.language)
        matches = [
            compiled(pattern).search(traced.text)
            for pattern in (phrase.pattern, phrase.also)
            if pattern
        ]
        spans = [match.span() for match in matches if match is not None]
        return RuleReason(
            phrase.id,
            phrase.pattern,
            phrase.examples,
            phrase.score,
            counted,
            self._quotes(traced, spans, lead=self._lead),
        )

    def _quotes(
        self, traced: Traced, spans: Iterable[tuple[int, int]], *, lead: str
    ) -> tuple[Quote, ...]:
        """Stretches of a folded text as words of the draft; one may run from lead-in to item."""
        one = self.passage
        head = len(lead) + 1 if lead else 0
        pieces = [(head, head + len(one.text), one.start - head)]
        if lead:
            pieces.insert(0, (0, len(lead), one.previous_start))
        found = []
        for first, last in spans:
            if first == last:
                continue
            start, end = traced.origin(first, last)
            found += [
                self._quote(max(start, left) + shift, min(end, right) + shift)
                for left, right, shift in pieces
                if start < right and end > left
            ]
        return tuple(dict.fromkeys(found))

    def _quote(self, start: int, end: int) -> Quote:
        one = self.passage
        own = start >= one.start and end <= one.start + len(one.text)
        text, shift = (one.text, one.start) if own else (one.previous, one.previous_start)
        return Quote(start, end, text[start - shift : end - shift])


def passages_of(
    texts: Sequence[str],
    starts: Sequence[int],
    headings: Sequence[str],
    leads: Sequence[int],
    before: Sequence[int],
) -> list[Passage]:
    """The sentences of a text with what stands around them.

    Args:
        texts: The sentences.
        starts: Where each starts.
        headings: Heading of each, or "".
        leads: Place of each one's lead-in, or -1.
        before: Place of the sentence that each one continues, or -1.
    """
    return [
        Passage(
            texts[row],
            starts[row],
            headings[row],
            texts[place] if place >= 0 else "",
            starts[place] if place >= 0 else 0,
            leads[row] >= 0,
        )
        for row, place in enumerate(before)
    ]
