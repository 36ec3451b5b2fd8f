"""Explanations of a report's labels: of the very decisions in it, from a scan or from JSON."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from clausescan.errors import ModelError, UsageError
from clausescan.explanation import Explanation
from clausescan.pipeline.examples import EXAMPLES_FILE, Example, write_examples
from clausescan.pipeline.labeller import UNLABELLED_KINDS
from clausescan.pipeline.taxonomy import load_taxonomy
from clausescan.report import Report
from clausescan.report.words import cells
from clausescan.scanner import scan

ROOT = Path(__file__).parents[1]
DRAFTS = ROOT / "corpus" / "drafts"
NAMES = sorted(path.name for path in DRAFTS.iterdir() if path.suffix in (".docx", ".pdf"))


@cache
def report(name: str) -> Report:
    return scan(DRAFTS / name)


@cache
def explanation(clause: str, label: str | None = None) -> Explanation:
    return report("distribution-en.docx").explain(clause, label=label)


def draft(folder: Path, *lines: str) -> Report:
    path = folder / "draft.txt"
    path.write_text("\n".join(lines), "utf-8")
    return scan(path)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_of_every_draft_is_explained_as_it_was_decided(name: str) -> None:
    found = report(name)
    read = Report.from_dict(json.loads(found.to_json()))
    count = 0
    for clause in found.clauses:
        if not clause.labels:
            continue
        told = read.explain(clause.id)
        assert told.notes == ()
        assert [(one.label, one.score, one.source) for one in told.labels] == [
            (label.label, label.score, label.source) for label in clause.labels
        ]
        for one in told.labels:
            count += 1
            assert one.given
            assert one.reported == one.score
            assert set(one.because) <= {"rule", "model"}
            assert any(sentence.text == one.sentence.text for sentence in clause.sentences)
            if one.model:
                total = one.model.bias + sum(term.weight for term in one.model.contributions)
                assert total == pytest.approx(one.model.margin, abs=1e-4)
    assert count > 15


@pytest.mark.parametrize("name", ["distribution-en.docx", "jv-bilingual.docx"])
def test_clauses_without_labels_get_none_from_the_explanation(name: str) -> None:
    found = report(name)
    bare = [one for one in found.clauses if not one.labels][::4]
    assert len(bare) > 5
    for clause in bare:
        told = found.explain(clause.id)
        assert told.labels == ()
        kinds = [note for note in told.notes if "of the kind" in note]
        assert bool(kinds) == (clause.kind in UNLABELLED_KINDS)
        assert all("report" not in note for note in told.notes)


def test_quotes_stand_in_the_draft_where_they_say() -> None:
    from clausescan.extract import read_document

    text = read_document(DRAFTS / "distribution-en.docx").text
    seen = 0
    for one in explanation("2.1").labels:
        quotes = [one.sentence, *([one.previous] if one.previous else []), *one.also]
        for reason in (*one.rules, *(one.model.contributions if one.model else ())):
            quotes += reason.quotes
        seen += len(quotes)
        assert all(text[quote.start : quote.end] == quote.text for quote in quotes)
    assert seen > 50


def test_a_clause_is_found_by_id_and_number_in_any_case() -> None:
    clause = explanation("2.1").clause
    assert explanation(clause.lower()) == explanation(clause) == explanation("2.1")


def test_no_such_clause_or_label_names_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"no clause '99\.9'.*C1 to C\d+"):
        explanation("99.9")
    with pytest.raises(UsageError, match=r"exclusivity\.grant"):
        explanation("2.1", "exclusivity.grand")


def test_a_number_in_two_languages_asks_for_an_id() -> None:
    found = report("jv-bilingual.docx")
    numbers = [one.number for one in found.clauses if one.kind == "clause" and one.number]
    twice = next(one for one in numbers if numbers.count(one) == 2)
    ids = [one.id for one in found.clauses if one.number == twice and one.kind == "clause"]
    with pytest.raises(UsageError, match=f"2 clauses.*{ids[0]}.*{ids[1]}"):
        found.explain(twice)


def test_a_label_that_was_not_given_is_explained_too() -> None:
    (one,) = explanation("2.1", "termination").labels
    assert not one.given
    assert one.reported is None
    assert one.because == ("low",)
    assert one.model
    assert one.model.probability < one.model.threshold


@pytest.mark.parametrize("name", ["distribution-en.docx", "distribution-zh.docx"])
def test_whatever_was_not_given_has_a_reason_that_is_told(name: str) -> None:
    found = report(name)
    reasons = set()
    for clause in [one for one in found.clauses if one.labels][::9]:
        for label in load_taxonomy():
            told = found.explain(clause.id, label=label)
            (one,) = told.labels
            assert one.given == clause.has(label)
            assert one.because
            assert f"{label}: " in told.to_text()
            assert ("not given: " in told.to_text()) != one.given
            reasons.update(one.because)
    assert "low" in reasons


def test_examples_carry_the_label_or_look_like_it_and_one_carries_it() -> None:
    for one in explanation("2.1").labels:
        assert 0 < len(one.examples) <= 3
        likeness = [neighbour.likeness for neighbour in one.examples]
        assert likeness == sorted(likeness, reverse=True)
        named = [neighbour.example for neighbour in one.examples]
        assert any(one.label in example.labels for example in named)
        assert all(one.label in (*example.labels, *example.near) for example in named)


def test_labels_nearly_given_are_named_and_none_of_them_was_given() -> None:
    found = report("distribution-zh.docx")
    nearly = [(clause, found.explain(clause.id).nearly) for clause in found.clauses[10:30]]
    assert any(names for _, names in nearly)
    for clause, names in nearly:
        assert not {one.label for one in names} & {one.label for one in clause.labels}
        assert all(one.score >= 0.3 for one in names)


def test_an_item_is_explained_with_its_lead_in(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        "1. Minimum",
        "1.1 If Dealer fails to meet the Minimum in a year, Maker may:",
        "(a) appoint other dealers; or",
        "(b) end the sale of lamps in the north.",
    )
    (one,) = found.explain("1.1(a)", label="performance.consequence").labels
    assert one.given
    assert one.listed
    assert one.model is None
    assert one.previous
    assert one.previous.text.endswith("Maker may:")
    assert found.explain("1.1(a)").notes == ()


def test_a_clause_whose_parts_carry_the_labels_names_them() -> None:
    (note,) = [note for note in explanation("2").notes if "parts" in note]
    assert note.startswith("Its parts carry labels; ask for one of them: 2.1, 2.2")


def test_a_report_from_before_clauses_named_their_parents_can_be_explained() -> None:
    data = report("distribution-en.docx").to_dict()
    for clause in data["clauses"]:
        del clause["parent"], clause["lead_in"]
        for sentence in clause["sentences"]:
            del sentence["is_heading"]
    assert Report.from_dict(data).explain("2.1").labels == explanation("2.1").labels


def test_a_label_that_this_version_does_not_know_is_told() -> None:
    found = report("distribution-en.docx")
    clause = next(one for one in found.clauses if one.number == "2.1")
    later = replace(clause, labels=(*clause.labels, replace(clause.labels[0], label="a.later")))
    clauses = tuple(later if one is clause else one for one in found.clauses)
    told = replace(found, clauses=clauses).explain("2.1")
    assert "a.later" in told.notes[0]
    assert "a.later" not in {one.label for one in told.labels}


def test_a_report_of_another_model_is_told(tmp_path: Path) -> None:
    found = report("distribution-en.docx")
    older = replace(found, versions=replace(found.versions, model="en-0.0.9"))
    told = older.explain("2.1")
    assert "made with en-0.0.9" in told.notes[0]
    assert told.model in told.notes[0]
    assert told.labels[0].given


def test_a_decision_that_the_report_does_not_have_is_told() -> None:
    found = report("distribution-en.docx")
    clause = next(one for one in found.clauses if one.number == "2.1")
    first = replace(clause.labels[0], score=0.5)
    changed = replace(clause, labels=(first, replace(first, label="mfn")))
    clauses = tuple(changed if one is clause else one for one in found.clauses)
    told = replace(found, clauses=clauses).explain("2.1")
    assert "0.5000" in told.notes[0]
    assert "mfn" in told.notes[0]
    by_label = {one.label: one for one in told.labels}
    assert by_label["mfn"].reported == 0.5
    assert not by_label["mfn"].given


def test_another_model_can_be_asked_and_shows_its_own_examples(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "models" / "en", folder)
    write_examples(
        [
            Example(
                "mine", "We appoint you as our exclusive distributor.", ("exclusivity.grant",), ()
            )
        ],
        folder,
    )
    told = report("distribution-en.docx").explain("2.1", label="exclusivity.grant", model=folder)
    assert [one.example.id for one in told.labels[0].examples] == ["mine"]
    folder.joinpath(EXAMPLES_FILE).unlink()
    told = report("distribution-en.docx").explain("2.1", label="exclusivity.grant", model=folder)
    assert told.labels[0].examples == ()
    with pytest.raises(ModelError):
        report("distribution-en.docx").explain("2.1", model=tmp_path)


def test_a_model_of_another_language_is_refused() -> None:
    with pytest.raises(UsageError, match="zh"):
        report("distribution-en.docx").explain("2.1", model=ROOT / "models" / "zh")


# --- the written explanation --------------------------------------------------------------------


def test_the_text_names_rule_words_model_and_examples() -> None:
    text = explanation("2.1").to_text(width=100)
    for words in (
        "exclusivity.grant: exclusive grant",
        "given: a rule found it and the model agrees",
        "exclusivity.grant/appoint found “appoints the Distributor as its sole and exclusive",
        "For ",
        "Against ",
        "carries it",
        "Model asked: en-",
    ):
        assert words in text


@pytest.mark.parametrize("name", ["distribution-en.docx", "distribution-zh.docx"])
@pytest.mark.parametrize("width", [60, 100])
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    found = report(name)
    clause = next(one for one in found.clauses if len(one.labels) > 1)
    text = found.explain(clause.id).to_text(width=width)
    assert max(map(cells, text.splitlines())) <= width


def test_shown_terms_and_others_add_up_to_the_margin() -> None:
    (one,) = report("distribution-zh.docx").explain("2.1").labels
    assert one.model
    lines = report("distribution-zh.docx").explain("2.1").to_text(width=120).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("For "))
    shown = [
        float(word) for line in lines[start:] for word in line[12:].split()[:1] if word[0] in "+-"
    ]
    assert sum(shown) + one.model.bias == pytest.approx(one.model.margin, abs=0.01)


def test_a_draft_cannot_steer_the_terminal(tmp_path: Path) -> None:
    found = draft(
        tmp_path, "1.1 Supplier \x1b[31mappoints\u202e Dealer as its exclusive distributor."
    )
    text = found.explain("1.1").to_text()
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_json_holds_everything_and_is_plain() -> None:
    data = json.loads(explanation("2.1").to_json())
    assert data == explanation("2.1").to_dict()
    assert {"clause", "notes", "labels", "nearly", "model"} <= set(data)
    assert data["labels"][0]["examples"][0]["example"]["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_score_is_the_sum_of_its_loads(name: str) -> None:
    scored = 0
    for clause in report(name).clauses:
        total = sum(load.weight for load in clause.loads)
        signed = sum(load.sign * load.weight for load in clause.loads)
        assert clause.score == pytest.approx(signed / max(1.0, total), abs=0.002)
        for load in clause.loads:
            product = load.strength * load.materiality * load.expected
            assert load.weight == pytest.approx(product, abs=0.002)
            assert not load.norm or load.norm in clause.norms
        scored += bool(clause.loads)
    assert scored


def test_the_text_tells_what_a_score_is_made_of() -> None:
    text = explanation("6.4").to_text()
    assert "score +1.00: leaves the foreign side worse off" in text
    assert "“hereby grants”: firmness 1.00 × weight of exclusivity.grant, ip.license 1" in text
