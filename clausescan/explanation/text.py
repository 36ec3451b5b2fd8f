"""An explanation for a terminal: what decided each label, in which words, and the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from clausescan.explanation import Explanation, LabelExplanation
from clausescan.pipeline.examples import Neighbour
from clausescan.pipeline.labeller import MODEL_SOURCE
from clausescan.pipeline.reasons import Contribution, ModelReason, Quote, RuleReason
from clausescan.report.text import heading, render_parts
from clausescan.report.words import clean, shorten, word

SHOWN_TERMS = 8
"""Terms told for a label, and as many against it."""
_SHOWN_QUOTES = 2
_TITLES = 10
"""Columns for the titles at the left."""
_LONGEST_CLAUSE, _LONGEST_EXAMPLE = 600, 240
"""Columns of words quoted."""
_WHY = {
    ("rule", "model"): "given: a rule found it and the model agrees",
    ("rule",): "given: a rule found it, the model alone would not give it",
    ("model",): "given by the model alone",
    "untaught": "the model does not know the label",
    "short": "the sentence is too short for the model to be asked",
    "low": "the model's probability is below its threshold",
    "veto": "words that mislead take it back",
    "overruled": "a rule found it, but the model has learned to deny it",
}


def render_explanation(explanation: Explanation, *, width: int, colour: bool) -> str:
    """An explanation as text.

    Args:
        explanation: What decided.
        width: Columns; a Chinese character takes two.
        colour: Whether to add terminal colours.
    """
    return render_parts(_parts(explanation), width=width, colour=colour)


def _parts(explanation: Explanation) -> Iterator[RenderableType]:
    page = explanation.location.page
    names = (explanation.number, explanation.heading, f"page {page}" if page else "")
    title = " · ".join(clean(name) for name in (*names, explanation.clause) if name)
    yield Text(title, style="bold")
    yield Text(f"“{shorten(explanation.text, _LONGEST_CLAUSE)}”")
    for note in explanation.notes:
        yield ""
        yield Text(f"Note: {clean(note)}", style="bold")
    for one in explanation.labels:
        yield from _label(one)
    yield from _score(explanation)
    yield ""
    if not explanation.labels:
        yield Text("No label was given.")
    if explanation.nearly:
        told = ", ".join(f"{one.label} {one.score:.2f}" for one in explanation.nearly)
        yield Text(f"Nearly given: {told}. --label ID tells why not.", style="dim")
    offsets = "Numbers in brackets are character offsets into the draft's text."
    yield Text(f"Model asked: {explanation.model}. {offsets}", style="dim")


def _label(one: LabelExplanation) -> Iterator[RenderableType]:
    yield from heading(f"{one.label}: {word('labels', one.label)}, {one.score:.2f}")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=_TITLES)
    grid.add_column(overflow="fold")
    for title, told in _rows(one):
        grid.add_row(Text(title, style="dim"), told if isinstance(told, Text) else Text(told))
    yield grid


def _score(explanation: Explanation) -> Iterator[RenderableType]:
    """The sum that the score is made of, a line each norm."""
    if not explanation.loads:
        return
    burdened = word("burdened", explanation.burdened)
    yield from heading(f"score {explanation.score:+.2f}: {burdened}")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=_TITLES)
    grid.add_column(overflow="fold")
    triggers = {norm.id: norm.trigger for norm in explanation.norms}
    for load in explanation.loads:
        said = f"“{clean(triggers[load.norm])}”" if load.norm in triggers else "no verb of duty"
        less = f" × {load.expected:g} as the trade expects it" if load.expected != 1 else ""
        about = ", ".join(load.labels) or "no label"
        grid.add_row(
            Text(f"{load.sign * load.weight:+.2f}"),
            Text(
                f"{load.norm or 'clause'} {said}: firmness {load.strength:.2f} × weight of "
                f"{about} {load.materiality:g}{less}"
            ),
        )
    yield grid


def _rows(one: LabelExplanation) -> Iterator[tuple[str, str | Text]]:
    yield "Means", one.definition
    yield "Decision", Text(_decision(one), style="bold")
    yield "Sentence", _quoted(one.sentence)
    if one.previous:
        yield "Lead-in" if one.listed else "Before", _quoted(one.previous)
    for also in one.also:
        yield "Also", _quoted(also)
    for rule in one.rules:
        yield "Rule", _rule(rule)
        yield "", f"It looks for sentences such as “{clean(rule.examples[0])}”"
    for veto in one.vetoes:
        found = ", ".join(map(_quoted, veto.quotes))
        yield "Veto", f"{veto.rule} found {found} and takes {veto.factor:g} of the probability"
        yield "", f"It looks for sentences such as “{clean(veto.examples[0])}”"
    if one.model:
        before = "lead-in" if one.listed else "sentence before"
        yield from _model(one.model, {"heading": "heading", "previous": before})
    for neighbour in one.examples:
        yield "Like it", _neighbour(neighbour, one.label)


def _decision(one: LabelExplanation) -> str:
    if one.given:
        told = _WHY.get(one.because, "given")
    else:
        told = "not given: " + "; ".join(_WHY[code] for code in one.because)
    by = "the model" if one.source == MODEL_SOURCE else one.source
    return f"{told} (probability {one.score:.4f} from {by})"


def _rule(rule: RuleReason) -> str:
    found = " and ".join(map(_quoted, rule.quotes)) or "the sentence"
    if rule.counted is None:
        return f"{rule.rule} found {found}; the model overruled it"
    doubted = f", with the model {rule.counted:.2f}" if rule.counted != rule.score else ""
    return f"{rule.rule} found {found}; right in {rule.score:.0%} of such sentences{doubted}"


def _model(model: ModelReason, parts: Mapping[str, str]) -> Iterator[tuple[str, str | Text]]:
    yield (
        "Model",
        f"probability {model.probability:.4f}, it gives the label from {model.threshold:.2f} on; "
        f"margin {model.margin:+.3f}, of which {model.bias:+.3f} before any word is read",
    )
    left = len(model.contributions)
    rest = model.margin - model.bias
    for title, sign in (("For", 1), ("Against", -1)):
        own = [one for one in model.contributions if one.weight * sign > 0]
        for number, one in enumerate(_gathered(own, parts)[:SHOWN_TERMS]):
            left, rest = left - one.terms, rest - one.weight
            yield title if number == 0 else "", Text(f"{one.weight:+.3f}  {one.told}")
    if left:
        yield "Others", f"{rest:+.3f}  {left} more terms"


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as it is told, with the shorter runs of Chinese characters inside it."""

    told: str
    weight: float
    terms: int


def _gathered(contributions: Sequence[Contribution], parts: Mapping[str, str]) -> list[_Term]:
    """Terms of one sign, heaviest first; runs of Chinese characters join those that hold them."""
    groups: list[list[Contribution]] = []
    for one in sorted(contributions, key=lambda one: -len(one.term) if _is_run(one) else 0):
        holder = next((group for group in groups if _holds(group[0], one)), None)
        if holder is None:
            groups.append([one])
        else:
            holder.append(one)
    terms = [
        _Term(_told(group[0], parts), sum(one.weight for one in group), len(group))
        for group in groups
    ]
    return sorted(terms, key=lambda term: -abs(term.weight))


def _is_run(one: Contribution) -> bool:
    return one.kind == "words" and any(character >= "\u2e80" for character in one.term)


def _holds(longer: Contribution, shorter: Contribution) -> bool:
    both = _is_run(longer) and _is_run(shorter)
    return both and longer.part == shorter.part and shorter.term in longer.term


def _told(one: Contribution, parts: Mapping[str, str]) -> str:
    where = f" ({parts[one.part]})" if one.part in parts else ""
    if one.kind == "rule":
        return f"rule {one.term}{where}"
    return f"{_words(one)}{where}{_offsets(one.quotes)}"


def _words(one: Contribution) -> str:
    """The words as the draft has them; where they differ from place to place, as the model has."""
    words = {clean(quote.text) for quote in one.quotes}
    return words.pop() if len(words) == 1 else one.term


def _offsets(quotes: Sequence[Quote]) -> str:
    if not quotes:
        return ""
    told = ", ".join(f"{quote.start}–{quote.end}" for quote in quotes[:_SHOWN_QUOTES])
    more = len(quotes) - _SHOWN_QUOTES
    return f" [{told}{f' and {more} more' if more > 0 else ''}]"


def _quoted(quote: Quote) -> str:
    return f"“{shorten(quote.text, _LONGEST_CLAUSE)}” [{quote.start}–{quote.end}]"


def _neighbour(neighbour: Neighbour, label: str) -> str:
    example = neighbour.example
    carries = label in example.labels
    told = f"{neighbour.likeness:.2f}, {'carries it' if carries else 'looks like it but is not'}"
    others = [one for one in example.labels if one != label]
    named = f", also {', '.join(others)}" if carries and others else ""
    named = f", but {', '.join(others)}" if not carries and others else named
    return f"{told}{named}: “{shorten(example.text, _LONGEST_EXAMPLE)}” ({clean(example.id)})"
