"""What to annotate next: in doubt, spread, never twice, always the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from extract_files import paragraph, word_file

from clausescan.annotation.candidates import Candidate, candidates_of, labeller_of
from clausescan.annotation.exchange import import_corpus
from clausescan.annotation.formats import FORMATS, suggestion_writer
from clausescan.annotation.items import Suggestion
from clausescan.annotation.suggest import Suggested, choose, suggest
from clausescan.corpus import ClauseRecord, read_corpus
from clausescan.document import Document, Location, blocks_of
from clausescan.errors import DataError, ModelError, UsageError
from clausescan.extract import read_document
from clausescan.pipeline.labeller import Labeller

DRAFTS = Path(__file__).parents[1] / "corpus" / "drafts"
SOME = [DRAFTS / "oem-en.pdf", DRAFTS / "distribution-zh.docx", DRAFTS / "jv-bilingual.docx"]
TOOLS = [name for name, form in FORMATS.items() if form.suggest]


@pytest.fixture(scope="module")
def found() -> Suggested:
    return suggest(SOME, count=24)


@pytest.fixture(scope="module")
def labellers() -> dict[str, Labeller]:
    return {language: labeller_of(language) for language in ("en", "zh")}


def candidate(text: str, document: str, **doubts: float) -> Candidate:
    names = {name.replace("__", "."): doubt for name, doubt in doubts.items()}
    record = ClauseRecord(f"{document}:{text[:9]}", text, "en", (), document=document)
    return Candidate(record, (), names, dict.fromkeys(names, "unsure"), Location(0, 9))


def texts(suggestions: Sequence[Suggestion]) -> list[str]:
    return [one.record.text for one in suggestions]


def test_each_suggestion_stands_in_its_draft(found: Suggested) -> None:
    assert found.drafts == 3
    assert not found.failures
    assert len(found.suggestions) == 24
    documents = {path.name: read_document(path) for path in SOME}
    for one in found.suggestions:
        document = documents[one.record.document]
        start = int(one.record.id.rpartition(":")[2])
        stands = " ".join(document.text[start : start + 2000].split())
        assert stands.startswith(one.record.text)
        assert one.paragraph == document.locate(start, start + 1).paragraph
        assert (one.page is not None) == (document.pages > 0)
        assert one.why.partition(":")[0]


def test_drafts_and_languages_and_labels_are_spread(found: Suggested) -> None:
    records = [one.record for one in found.suggestions]
    assert {record.document for record in records} == {path.name for path in SOME}
    assert {record.language for record in records} == {"en", "zh"}
    assert max(Counter(one.why.split(":")[0] for one in found.suggestions).values()) <= 4
    assert len(set(texts(found.suggestions))) == 24


def test_the_same_drafts_give_the_same_sentences(found: Suggested) -> None:
    assert suggest(SOME, count=24) == found
    assert suggest(SOME, count=5).suggestions == found.suggestions[:5]
    assert suggest(SOME, count=24, jobs=2) == found


def test_the_labels_are_those_of_a_scan() -> None:
    from clausescan.scanner import scan

    path = SOME[0]
    given: dict[str, set[str]] = {}
    for clause in scan(path).clauses:
        for sentence in clause.sentences:
            text = " ".join(sentence.text.split())
            given.setdefault(text, set()).update(label.label for label in sentence.labels)
    document = read_document(path)
    for one in candidates_of(document, labeller_of("en"), "a"):
        assert set(one.record.labels) == given[one.record.text]


def test_a_rule_against_the_model_is_a_doubt(labellers: dict[str, Labeller]) -> None:
    text = (
        "1.1 The Distributor shall keep an office and use its best efforts to find a boat yard.\n"
    )
    document = Document("a", "txt", "", text, blocks_of(text))
    model = labellers["en"].model
    assert model is not None
    silent = Labeller("en", replace(model, bias=model.bias - 50))
    (one,) = candidates_of(document, silent, "a")
    reason = one.reasons["performance.efforts"]
    assert reason.startswith("performance.efforts/")
    assert reason.endswith("finds it, the model does not")
    assert "performance.efforts" not in one.record.labels


def test_doubt_is_greatest_at_the_threshold(labellers: dict[str, Labeller]) -> None:
    for path in SOME:
        document = read_document(path)
        for language in document.languages:
            for one in candidates_of(document, labellers[language], "a"):
                assert all(0 < doubt <= 1 for doubt in one.doubts.values())
                assert set(one.reasons) == set(one.doubts)
                assert not np.isnan(list(one.doubts.values())).any()


def test_a_sentence_and_its_copy_are_not_both_suggested(labellers: dict[str, Labeller]) -> None:
    text = "Dealer shall buy every pump that it sells in Ohio from Maker and from nobody else."
    copy = text.replace("Ohio", "Iowa")
    other = "Each party keeps its books for three years and opens them once a year."
    pool = [
        candidate(text, "a", mfn=0.9),
        candidate(copy, "b", payment=0.8),
        candidate(other, "c", mfn=0.5),
    ]
    assert texts(choose(pool, 9, labellers)) == [text, other]
    known = [ClauseRecord("1", copy, "en", ("mfn",))]
    assert texts(choose(pool, 9, labellers, known)) == [other]


def test_labels_with_few_sentences_come_first(labellers: dict[str, Labeller]) -> None:
    pool = [
        candidate("Maker pays the freight of all pumps to the port of Kiel.", "a", payment=0.8),
        candidate("Dealer always gets the lowest rate of any other house.", "b", mfn=0.7),
    ]
    assert texts(choose(pool, 1, labellers)) == [pool[0].record.text]
    many = [ClauseRecord(str(n), f"Sum {n} is due.", "en", ("payment",)) for n in range(30)]
    assert texts(choose(pool, 1, labellers, many)) == [pool[1].record.text]


def test_nothing_in_doubt_gives_nothing(labellers: dict[str, Labeller]) -> None:
    assert choose([], 5, labellers) == []


def test_a_draft_that_cannot_be_read_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    good = word_file(
        tmp_path / "good.docx",
        paragraph("1.1 The Distributor shall use its best efforts to sell the pumps in Ohio."),
    )
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    found = suggest([bad, good, tmp_path / "none.docx"])
    assert found.drafts == 1
    assert len(found.failures) == 2
    assert "bad.pdf" in found.failures[0]
    assert "none.docx" in found.failures[1]


def test_names_are_relative_to_the_common_folder(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    paths = [tmp_path / "a.pdf", tmp_path / "x" / "a.pdf"]
    for path, source in zip(paths, ("oem-en", "distribution-balanced-en"), strict=True):
        path.write_bytes((DRAFTS / f"{source}.pdf").read_bytes())
    names = {one.record.document for one in suggest(paths, count=9).suggestions}
    assert names == {"a.pdf", "x/a.pdf"}


def test_a_wrong_model_or_count_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no pipeline"):
        suggest(SOME, model=tmp_path)
    with pytest.raises(UsageError, match="one sentence at least"):
        suggest(SOME, count=0)
    with pytest.raises(UsageError, match="Nobody annotates in the format spacy"):
        suggestion_writer(tmp_path / "a.spacy", None)


def done_in_prodigy(text: str) -> str:
    rows = [json.loads(line) | {"answer": "accept"} for line in text.splitlines()]
    return "".join(json.dumps(row) + "\n" for row in rows)


def done_in_label_studio(text: str) -> str:
    tasks = json.loads(text)
    for task in tasks:
        (guess,) = task.pop("predictions")
        task["annotations"] = [{"result": guess["result"], "was_cancelled": False}]
    return json.dumps(tasks)


def done_in_a_table(text: str) -> str:
    head, *rows = text.split("\r\n")
    return "\r\n".join([head, *(f"x{row}" for row in rows if row)])


def done_by_hand(text: str) -> str:
    rows = [json.loads(line) for line in text.splitlines()]
    for row in rows:
        del row["suggested"]
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("tool", "suffix", "annotate"),
    [
        ("prodigy", "jsonl", done_in_prodigy),
        ("label-studio", "json", done_in_label_studio),
        ("csv", "csv", done_in_a_table),
        ("jsonl", "jsonl", done_by_hand),
        ("doccano", "jsonl", str),
    ],
)
def test_what_is_annotated_in_a_tool_comes_back(
    tool: str, suffix: str, annotate: Callable[[str], str], found: Suggested, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    write = FORMATS[tool].suggest
    assert write is not None
    write(found.suggestions, path)
    if tool != "doccano":
        assert not import_corpus(path).records
    path.write_bytes(annotate(path.read_bytes().decode("utf-8")).encode())
    back = {record.id: record for record in import_corpus(path, keep_empty=True).records}
    assert len(back) == 24
    for one in found.suggestions:
        record = back[one.record.id]
        assert record == one.record


def test_an_unchecked_guess_is_no_corpus(found: Suggested, tmp_path: Path) -> None:
    write = FORMATS["jsonl"].suggest
    assert write is not None
    write(found.suggestions, tmp_path / "a.jsonl")
    with pytest.raises(DataError, match="'suggested' is unknown"):
        read_corpus(tmp_path / "a.jsonl")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_shows_where_a_sentence_stands(tool: str, found: Suggested, tmp_path: Path) -> None:
    write = FORMATS[tool].suggest
    assert write is not None
    write(found.suggestions, tmp_path / "a")
    text = (tmp_path / "a").read_text("utf-8")
    one = found.suggestions[0]
    for part in (one.record.document, one.why, one.record.text[:20]):
        assert part in text
