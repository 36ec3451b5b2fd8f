"""Why a sentence got a label, or did not, as plain records: rules, terms of the model, vetoes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with what stands around it; offsets count in the whole text.

    Attributes:
        text: The sentence.
        start: Where it starts.
        heading: Heading of its clause, or "".
        previous: The sentence that it continues, or "".
        previous_start: Where that one starts.
        listed: Whether that one leads in a list and the sentence is an item of it.
    """

    text: str
    start: int
    heading: str = ""
    previous: str = ""
    previous_start: int = 0
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the draft; offsets count in the whole text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the model's margin.

    Attributes:
        term: The term as the model knows it, or the id of a rule that found the sentence.
        kind: ``words`` or ``rule``.
        part: Where it stands: ``text`` (the sentence), ``heading`` or ``previous``.
        weight: What it adds, negative where it speaks against the label.
        quotes: Where its words stand; none in a heading.
    """

    term: str
    kind: str
    part: str
    weight: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ModelReason:
    """How the model came to its probability.

    Attributes:
        margin: Sum of the bias and all contributions.
        bias: What the model starts from.
        probability: What the margin means, before vetoes.
        threshold: Probability from which the model alone gives the label.
        contributions: Of every term, the heaviest first.
    """

    margin: float
    bias: float
    probability: float
    threshold: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class RuleReason:
    """A phrase rule that found the sentence.

    Attributes:
        rule: Its id.
        pattern: What it looks for.
        examples: Sentences that it is meant to find.
        score: Probability that a sentence it finds carries the label.
        counted: What of that counted beside the model; None where the model overruled it.
        quotes: The words that it found.
    """

    rule: str
    pattern: str
    examples: tuple[str, ...]
    score: float
    counted: float | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class VetoReason:
    """A rule that lowered the model's probability and took the label away.

    Attributes:
        rule: Its id.
        examples: Sentences that it is meant to find.
        factor: What the probability was multiplied by.
        quotes: The words that it found.
    """

    rule: str
    examples: tuple[str, ...]
    factor: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """All that decided about one label of one sentence.

    Attributes:
        label: The label.
        given: Whether the sentence has it.
        score: Probability, rounded as in a report.
        source: ``model`` or the id of the phrase rule that decided the score.
        model: What the model says; None where it was not asked.
        rules: Rules that found the sentence.
        vetoes: Rules that spoke against the model.
    """

    label: str
    given: bool
    score: float
    source: str
    model: ModelReason | None
    rules: tuple[RuleReason, ...]
    vetoes: tuple[VetoReason, ...]
