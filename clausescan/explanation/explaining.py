"""Explains a clause: its sentences are judged once more, and every decision is taken apart.

The installed model judges them in the surroundings that the report holds. Where the report says
something else than that model, the explanation says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from clausescan.contract import Clause, Label
from clausescan.errors import UsageError
from clausescan.explanation import Explanation, LabelExplanation, NearlyGiven
from clausescan.pipeline import chosen, folders_in, shipped
from clausescan.pipeline.decision import Decision, passages_of
from clausescan.pipeline.examples import Example, find_neighbours, read_examples
from clausescan.pipeline.labeller import MODEL_SOURCE, UNLABELLED_KINDS, continued, lead_ins
from clausescan.pipeline.labels import Labels, label_component
from clausescan.pipeline.reasons import Passage, Quote, Reasons
from clausescan.report import Report
from clausescan.report.words import shorten

EXAMPLES = 3
"""Annotated sentences shown for a label."""
NEARLY = 0.3
"""Probability from which a label that was not given is named as nearly given."""
_MOST_NEARLY = 3
_MOST_PARTS = 8
_QUOTED = 40
"""Columns of a clause quoted to tell it from others of its number."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A label model with its name and examples."""

    name: str
    labels: Labels
    examples: tuple[Example, ...]


def explain(
    report: Report, clause: str, *, label: str | None = None, model: str | Path | None = None
) -> Explanation:
    """Why a clause carries its labels, or why it lacks one.

    Args:
        report: A report, also one read from a file.
        clause: Id or number of the clause.
        label: The one label to explain, given or not; default: all that were given.
        model: Folder of the model to ask; default: the installed one of the clause's language.

    Raises:
        UsageError: There is no such clause or label, several clauses have the number, or the model
            is of another language.
        ModelError: The folder holds no model.
    """
    one = find_clause(report, clause)
    own = _installed(one.language) if model is None else _model_in(model, one.language)
    known = own.labels.labeller.taxonomy
    if label is not None:
        _check_label(label, known)
    decisions = [Decision(own.labels, passage) for passage in _passages(report, one)]
    given = _given(decisions)
    names = [label] if label else [item.label for item in one.labels]
    names += [] if label else [name for name in given if name not in names]
    names = [name for name in names if name in known]
    return Explanation(
        clause=one.id,
        number=one.number,
        heading=one.heading,
        text=one.text,
        language=one.language,
        kind=one.kind,
        location=one.location,
        model=own.name,
        notes=tuple(_notes(report, one, own, given, asked=model is not None)),
        labels=tuple(_explained(own, one, decisions, name) for name in names if decisions),
        nearly=_nearly(decisions, given),
        score=one.score,
        burdened=one.burdened,
        loads=one.loads,
        norms=tuple(norm for norm in report.norms if norm.id in one.norms),
    )


def find_clause(report: Report, name: str) -> Clause:
    """The clause with an id or a number.

    Raises:
        UsageError: There is none, or several have the number; the message tells their ids.
    """
    wanted = name.strip(" .").casefold()
    for clause in report.clauses:
        if clause.id.casefold() == wanted:
            return clause
    found = [one for one in report.clauses if one.number and one.number.casefold() == wanted]
    if len(found) > 1:
        found = [one for one in found if one.kind not in UNLABELLED_KINDS] or found
    if len(found) == 1:
        return found[0]
    if found:
        told = "; ".join(f'{one.id} "{shorten(one.text, _QUOTED)}"' for one in found)
        raise UsageError(f"{len(found)} clauses have the number {name}; name one by id: {told}.")
    last = report.clauses[-1].id if report.clauses else "none"
    raise UsageError(
        f"The report has no clause {name!r}; give a number as the draft has it, or an id from C1 "
        f"to {last}."
    )


def _check_label(label: str, known: Collection[str]) -> None:
    if label in known:
        return
    like = get_close_matches(label, known, 3, 0.4) or list(known)
    raise UsageError(f"There is no label {label!r}; there are {', '.join(like)}.")


@cache
def _installed(language: str) -> _Model:
    return _made(shipped(language))


def _model_in(folder: str | Path, language: str) -> _Model:
    if language not in folders_in(Path(folder)):
        raise UsageError(f"{folder} is no model for the clause's language, {language!r}.")
    return _made(chosen(language, Path(folder)))


def _made(nlp: Any) -> _Model:
    examples = read_examples(nlp.path) if nlp.path is not None else ()
    return _Model(f"{nlp.meta['lang']}-{nlp.meta['version']}", label_component(nlp), examples)


def _passages(report: Report, clause: Clause) -> list[Passage]:
    """The clause's sentences that may carry labels, in the surroundings that they were read in."""
    clauses = [one for one in report.clauses if one.language == clause.language]
    places = {one.id: place for place, one in enumerate(clauses)}
    tree = [{"parent": places.get(one.parent, -1), "lead_in": one.lead_in} for one in clauses]
    rows = [
        (place, sentence)
        for place, one in enumerate(clauses)
        if one.kind not in UNLABELLED_KINDS
        for sentence in one.sentences
        if not sentence.is_heading
    ]
    leads = lead_ins(tree, [place for place, _ in rows])
    passages = passages_of(
        [sentence.text for _, sentence in rows],
        [sentence.location.start for _, sentence in rows],
        [clauses[place].heading for place, _ in rows],
        leads,
        continued(leads),
    )
    own = places[clause.id]
    return [passage for (place, _), passage in zip(rows, passages, strict=True) if place == own]


def _given(decisions: Sequence[Decision]) -> dict[str, Label]:
    """The labels of a clause, each as its best sentence has it."""
    best: dict[str, Label] = {}
    for decision in decisions:
        for name in filter(decision.gives, decision.labels):
            label = Label(name, decision.score(name), decision.source(name))
            if name not in best or label.score > best[name].score:
                best[name] = label
    ordered = sorted(best.values(), key=lambda label: (-label.score, label.label))
    return {label.label: label for label in ordered}


def _explained(
    own: _Model, clause: Clause, decisions: Sequence[Decision], name: str
) -> LabelExplanation:
    decision = max(decisions, key=lambda one: (one.gives(name), one.score(name)))
    reasons = decision.reasons(name)
    passage = decision.passage
    labeller = own.labels.labeller
    return LabelExplanation(
        label=name,
        definition=labeller.taxonomy[name].definition,
        given=reasons.given,
        score=reasons.score,
        source=reasons.source,
        reported=next((one.score for one in clause.labels if one.label == name), None),
        because=_because(reasons, own),
        sentence=_quote(passage.text, passage.start),
        heading=passage.heading,
        previous=_quote(passage.previous, passage.previous_start) if passage.previous else None,
        listed=passage.listed,
        also=tuple(
            _quote(one.passage.text, one.passage.start)
            for one in decisions
            if one is not decision and one.gives(name)
        ),
        model=reasons.model,
        rules=reasons.rules,
        vetoes=reasons.vetoes,
        examples=find_neighbours(labeller, passage.text, name, own.examples, count=EXAMPLES),
    )


def _because(reasons: Reasons, own: _Model) -> tuple[str, ...]:
    model = reasons.model
    counted = any(rule.counted is not None for rule in reasons.rules)
    sure = model is not None and model.probability >= model.threshold and not reasons.vetoes
    if reasons.given:
        return ("rule",) * counted + ("model",) * sure
    against = []
    if model is None:
        weights = own.labels.model
        untaught = weights is None or reasons.label not in weights.labels
        against.append("untaught" if untaught else "short")
    elif model.probability < model.threshold:
        against.append("low")
    if reasons.vetoes:
        against.append("veto")
    if reasons.rules:
        against.append("overruled")
    return tuple(against)


def _quote(text: str, start: int) -> Quote:
    return Quote(start, start + len(text), text)


def _nearly(decisions: Sequence[Decision], given: dict[str, Label]) -> tuple[NearlyGiven, ...]:
    names = decisions[0].labels if decisions else ()
    scores = {
        name: max(one.score(name) for one in decisions) for name in names if name not in given
    }
    ordered = sorted(scores, key=lambda name: (-scores[name], name))[:_MOST_NEARLY]
    return tuple(NearlyGiven(name, scores[name]) for name in ordered if scores[name] >= NEARLY)


def _notes(
    report: Report, clause: Clause, own: _Model, given: dict[str, Label], *, asked: bool
) -> list[str]:
    """What stands between the report and the explanation."""
    notes = []
    if clause.kind in UNLABELLED_KINDS:
        notes.append(f"A clause of the kind {clause.kind} carries no labels.")
    if not clause.labels and (parts := _labelled_parts(report, clause)):
        told = ", ".join(f"{part.number or part.id}" for part in parts[:_MOST_PARTS])
        more = len(parts) - _MOST_PARTS
        notes.append(
            f"Its parts carry labels; ask for one of them: {told}"
            + (f" and {more} more." if more > 0 else ".")
        )
    named = report.versions.model or "an unnamed model"
    which = "model asked" if asked else "model installed"
    if own.name not in report.versions.model.split():
        notes.append(
            f"The report was made with {named}, the {which} is {own.name}: what follows is why "
            "the latter decides as it does."
        )
    reported = {label.label: label for label in clause.labels}
    changed = [
        f"{name} {_told(reported.get(name))} in the report, {_told(given.get(name))} by the {which}"
        for name in dict.fromkeys((*reported, *given))
        if not _same(reported.get(name), given.get(name))
    ]
    if changed:
        hint = "" if asked else " Scan the draft again for a report that agrees."
        notes.append(f"The {which} does not decide as the report says: {'; '.join(changed)}.{hint}")
    return notes


def _labelled_parts(report: Report, clause: Clause) -> list[Clause]:
    """Clauses with labels that hang on a clause, at any depth."""
    whole = {clause.id}
    parts = []
    for one in report.clauses:
        if one.parent in whole:
            whole.add(one.id)
            parts += [one] if one.labels else []
    return parts


def _same(one: Label | None, other: Label | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one.score - other.score) < 5e-5 and one.source == other.source


def _told(label: Label | None) -> str:
    if label is None:
        return "not given"
    by = "the model" if label.source == MODEL_SOURCE else label.source
    return f"{label.score:.4f} from {by}"
