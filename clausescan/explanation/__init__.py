"""Explanations: why a clause of a report carries its labels and score, as plain records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from clausescan.contract import Burdened, Load, Norm
from clausescan.document import Location
from clausescan.pipeline.examples import Neighbour
from clausescan.pipeline.reasons import ModelReason, Quote, RuleReason, VetoReason
from clausescan.report import plain


@dataclass(frozen=True, slots=True)
class LabelExplanation:
    """Why the clause carries a label, or why not, by the sentence that decided it.

    Attributes:
        label: The label.
        definition: What a clause with it is about.
        given: Whether the installed model and rules give it.
        score: Probability.
        source: ``model`` or the id of the phrase rule that decided the score.
        reported: Score in the report; None where the report does not give the label.
        because: ``rule`` and ``model`` where these give the label; else what spoke against it:
            ``untaught`` (the model does not know the label), ``short`` (too short for the model),
            ``low`` (probability below the threshold), ``veto``, ``overruled`` (the model
            denies what rules found).
        sentence: The sentence that decided.
        heading: The heading that the model read with it, or "".
        previous: The sentence before that the model read with it; None for none.
        listed: Whether that one leads in a list, so that rules read both together.
        also: Other sentences of the clause that carry the label.
        model: How the model came to its probability; None where it was not asked.
        rules: Rules that found the sentence.
        vetoes: Rules that spoke against the model.
        examples: The nearest annotated sentences that carry the label, or look like it but do not.
    """

    label: str
    definition: str
    given: bool
    score: float
    source: str
    reported: float | None
    because: tuple[str, ...]
    sentence: Quote
    heading: str
    previous: Quote | None
    listed: bool
    also: tuple[Quote, ...]
    model: ModelReason | None
    rules: tuple[RuleReason, ...]
    vetoes: tuple[VetoReason, ...]
    examples: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class NearlyGiven:
    """A label that no sentence of the clause got, and the highest probability of it."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a clause carries its labels and its score.

    Attributes:
        clause: Id of the clause.
        number: The number that a person sees.
        heading: Its heading.
        text: Its words.
        language: ``en`` or ``zh``.
        kind: Kind of clause.
        location: Where it stands.
        model: Name and version of the model that was asked.
        notes: What the reader must know, as sentences: above all, where the report was made by
            another model.
        labels: One explanation a label, in the report's order.
        nearly: Labels that were nearly given.
        score: The report's score: 1 binds only the foreign side, -1 only the Chinese.
        burdened: Whom it leaves worse off.
        loads: What the score is made of.
        norms: The norms of the clause.
    """

    clause: str
    number: str
    heading: str
    text: str
    language: str
    kind: str
    location: Location
    model: str
    notes: tuple[str, ...]
    labels: tuple[LabelExplanation, ...]
    nearly: tuple[NearlyGiven, ...]
    score: float
    burdened: Burdened
    loads: tuple[Load, ...]
    norms: tuple[Norm, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as dicts, lists, strings and numbers."""
        data: dict[str, Any] = plain(self)
        return data

    def to_json(self) -> str:
        """The explanation as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=2)

    def to_text(self, *, width: int = 100, colour: bool = False) -> str:
        """The explanation for a terminal.

        Args:
            width: Columns; a Chinese character takes two.
            colour: Whether to add terminal colours.
        """
        from clausescan.explanation.text import render_explanation

        return render_explanation(self, width=width, colour=colour)
