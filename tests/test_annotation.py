"""Annotated clauses from the tools people annotate with, and back into them."""

from __future__ import annotations

import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span

from clausescan.annotation import docbin, files, table
from clausescan.annotation.exchange import Imported, export_corpus, import_corpus
from clausescan.annotation.formats import FORMATS, format_of
from clausescan.annotation.items import Item
from clausescan.annotation.labels import label_map
from clausescan.corpus import ClauseRecord, read_corpus, write_corpus
from clausescan.errors import ClausescanError, DataError, UsageError
from clausescan.limits import Limits
from clausescan.pipeline.taxonomy import load_taxonomy

SAMPLES = Path(__file__).parent / "data" / "annotation"
LABELS = list(load_taxonomy())
WRITTEN = [name for name, form in FORMATS.items() if form.write]
SUFFIX = {"csv": ".csv", "label-studio": ".json", "spacy": ".spacy"}

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
solid = words.filter(str.strip)
names = st.lists(st.sampled_from([*LABELS, "our own", "我方"]), unique=True, max_size=3).map(sorted)


@st.composite
def corpora(draw: st.DrawFn) -> list[ClauseRecord]:
    records = []
    texts = draw(st.lists(solid, unique_by=lambda text: " ".join(text.split()), max_size=4))
    for number, text in enumerate(texts):
        labels = draw(names)
        known = draw(st.none() | names)
        records.append(
            ClauseRecord(
                id=f"{number} {draw(solid)}",
                text=text,
                language=draw(st.sampled_from(["en", "zh"])),
                labels=tuple(labels),
                heading=draw(words),
                previous=draw(words),
                document=draw(words),
                near=tuple(name for name in draw(names) if name not in labels),
                known=None if known is None else tuple(known),
            )
        )
    return records


def imported(name: str, **options: Any) -> Imported:
    return import_corpus(SAMPLES / name, **options)


def told(found: Imported) -> dict[str, tuple[str, ...]]:
    return {record.text: record.labels for record in found.records}


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=corpora())
def test_a_corpus_comes_back_as_it_went_out(
    name: str, records: list[ClauseRecord], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"round-trip{SUFFIX.get(name, '.jsonl')}"
    write = FORMATS[name].write
    assert write is not None
    write(records, path)
    back = import_corpus(path, form=name, new_labels=True)
    assert list(back.records) == records
    assert not back.skipped
    assert not back.clashes


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("corpus", ["en-a", "zh-a"])
def test_the_shipped_corpus_survives_every_format(name: str, corpus: str, tmp_path: Path) -> None:
    source = SAMPLES.parents[2] / "corpus" / "clauses" / f"{corpus}.jsonl"
    target = tmp_path / f"out{SUFFIX.get(name, '.jsonl')}"
    records = read_corpus(source)
    assert export_corpus(source, target, form=name) == len(records)
    found = import_corpus(target)
    assert found.form == name
    assert list(found.records) == records


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("prodigy-choice.jsonl", "prodigy"),
        ("prodigy-binary.jsonl", "prodigy"),
        ("prodigy-spans.jsonl", "prodigy"),
        ("doccano-classes.jsonl", "doccano"),
        ("doccano-spans.jsonl", "doccano"),
        ("doccano-old.jsonl", "doccano"),
        ("label-studio.json", "label-studio"),
        ("label-studio-min.json", "label-studio"),
        ("table.csv", "csv"),
    ],
)
def test_the_format_is_seen_from_the_file(name: str, form: str) -> None:
    assert format_of(SAMPLES / name).name == form


def test_prodigy_choices() -> None:
    found = imported("prodigy-choice.jsonl")
    assert told(found) == {
        "Dealer shall buy all pumps from Maker alone.": ("exclusivity.covenant",),
        "The pumps are painted blue.": (),
        "Dealer shall pay within ten days.": ("payment",),
    }
    assert found.records[1].known == ("exclusivity.covenant", "mfn", "payment")
    assert found.records[0].document == "dealer-2024"
    assert found.skipped == {"rejected": 1, "ignored": 1}


def test_a_prodigy_task_without_an_answer_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "A.", "accept": ["mfn"], "_input_hash": 1}\n')
    assert import_corpus(path).skipped == {"not answered": 1}


def test_binary_answers_to_one_text_become_one_record() -> None:
    found = imported("prodigy-binary.jsonl")
    (record,) = found.records
    assert record.labels == ("exclusivity.covenant",)
    assert record.known == ("exclusivity.covenant", "mfn")
    assert found.skipped == {"ignored": 1}


def test_passages_fall_on_the_sentences_of_their_text() -> None:
    found = imported("prodigy-spans.jsonl")
    assert told(found) == {
        "Maker grants Dealer the sole right to sell.": ("exclusivity.grant",),
        "Dealer shall pay within ten days.": (),
        "Maker grants Dealer the sole right to sell the pumps in Ohio.": ("exclusivity.grant",),
        "The pumps are painted blue.": (),
    }
    assert {record.document for record in found.records[1:]} == {"b"}
    assert found.records[3].previous.startswith("Maker grants")


def test_doccano_does_not_say_who_looked_at_a_text_without_labels() -> None:
    found = imported("doccano-classes.jsonl")
    assert [record.language for record in found.records] == ["en", "zh"]
    assert found.skipped == {"without labels": 1}
    kept = imported("doccano-classes.jsonl", keep_empty=True)
    assert told(kept)["The pumps are painted blue."] == ()
    assert kept.records[1].known == ("payment",)


def test_doccano_passages_of_both_versions() -> None:
    found = told(imported("doccano-spans.jsonl"))
    assert list(found.values()) == [("exclusivity.grant",), ("audit_reporting",)]


def test_an_unapproved_text_of_an_old_doccano_is_left_out() -> None:
    found = imported("doccano-old.jsonl", label_map={"4": "payment"})
    assert list(told(found).values()) == [("payment",), ()]
    assert found.records[0].document == "d1"
    assert found.skipped == {"not approved": 1}


def test_label_studio_tasks() -> None:
    found = imported("label-studio.json")
    assert told(found) == {
        "Dealer shall pay within ten days.": ("payment",),
        "The pumps are painted blue.": (),
        "Maker grants Dealer the sole right to sell.": ("exclusivity.grant",),
    }
    assert found.records[0].heading == "Payment"
    assert found.skipped == {"not annotated": 1, "skipped by the annotator": 1}
    assert found.repeated == 1
    (clash,) = found.clashes
    assert "best price" in clash
    assert "task 22 says mfn" in clash
    assert "task 22 says none" in clash


def test_label_studio_short_form() -> None:
    found = told(imported("label-studio-min.json"))
    assert list(found.values()) == [("payment",), ("mfn", "payment"), ("exclusivity.grant",)]


def test_a_table_from_a_european_spreadsheet() -> None:
    found = imported("table.csv")
    assert told(found) == {
        "Dealer shall pay; within ten days.": ("payment",),
        "The pumps are painted blue.": (),
        "Dealer pays the best\nprice.": ("mfn", "payment"),
        "-- see above --": (),
    }
    assert found.skipped == {"not done": 1}


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''@x", "＝1", "'plain", "a=1"]
)
def test_no_cell_of_a_table_is_a_formula(cell: str, tmp_path: Path) -> None:
    record = ClauseRecord("1", cell, "en", (), heading=cell, known=())
    table.write([record], tmp_path / "a.csv")
    body = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig").split("\r\n", 1)[1]
    assert body.lstrip('"')[0] not in "=+-@\t\r＝"
    assert list(import_corpus(tmp_path / "a.csv").records) == [record]


def test_docs_of_spacy_carry_categories_or_spans(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    classed, spanned, bare = (nlp(text) for text in ("Pay now.", "Only Dealer sells.", "Blue."))
    classed.cats = {"payment": 0.9, "mfn": 0.1}
    spanned.spans["sc"] = [Span(spanned, 0, 2, "exclusivity.grant")]
    spanned.spans["clauses"] = [Span(spanned, 0, 4, "other")]
    DocBin(docs=[classed, spanned, bare]).to_disk(tmp_path / "a.spacy")
    found = import_corpus(tmp_path / "a.spacy")
    assert list(told(found).values()) == [("payment",), ("exclusivity.grant",)]
    assert found.records[0].known == ("mfn", "payment")
    assert found.skipped == {"without labels": 1}


def test_docbin_written_here_trains_a_text_classifier(tmp_path: Path) -> None:
    docbin.write([ClauseRecord("1", "Pay now.", "en", ("payment",))], tmp_path / "a.spacy")
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab)
    assert isinstance(doc, Doc)
    assert set(doc.cats) == set(LABELS)
    assert {name for name, score in doc.cats.items() if score} == {"payment"}


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    text = (
        "1. GRANT\n1.1 Maker appoints Dealer as its exclusive distributor of the Pumps in Ohio.\n"
    )
    text += "1.2 Dealer shall paint its shop in the colours of Maker every summer.\n"
    start = text.index("Maker appoints")
    answer = {"text": text[start : text.index("\n", start)], "answer_start": start}
    questions = [
        {"id": "ACME__Exclusivity", "question": "Highlight …", "answers": [answer]},
        {"id": "ACME__Audit Rights", "question": "…", "answers": [], "is_impossible": True},
    ]
    data = [{"title": "ACME", "paragraphs": [{"context": text, "qas": questions}]}]
    path = tmp_path / "CUAD_v1.json"
    path.write_text(json.dumps({"version": "aok_v1.0", "data": data}), "utf-8")
    return path


def test_published_cuad_is_read(squad: Path) -> None:
    found = import_corpus(squad)
    assert found.form == "cuad"
    assert [record.labels for record in found.records] == [("exclusivity.grant",), ()]
    assert found.records[0].document == "ACME"


def test_cuad_names_no_path(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    (tmp_path / "cuad" / "txt").mkdir(parents=True)
    row = {"title": "x", "txt": "../../secret.txt", "labels": {}}
    (tmp_path / "cuad" / "spans.jsonl").write_text(json.dumps(row))
    with pytest.raises(DataError, match="no plain file name"):
        import_corpus(tmp_path / "cuad")


def doccano(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_unknown_labels_are_named_with_the_way_out(tmp_path: Path) -> None:
    path = doccano(
        tmp_path / "a.jsonl",
        {"text": "One.", "label": ["Cost", "exclusivity.grants"]},
        {"text": "Two.", "label": ["Cost"]},
    )
    with pytest.raises(DataError) as caught:
        import_corpus(path)
    message = str(caught.value)
    for part in ("'Cost' (2 times)", "perhaps 'exclusivity.grant'", "--map Cost=NEW", "--new-lab"):
        assert part in message


def test_labels_are_mapped_dropped_or_kept(tmp_path: Path) -> None:
    rows = [{"text": "One.", "label": ["Cost", "X"]}, {"text": "Two.", "label": ["Own"]}]
    path = doccano(tmp_path / "a.jsonl", *rows)
    names = tmp_path / "names.toml"
    names.write_text('"Cost" = "payment"\n', "utf-8")
    settings = label_map([str(names), "X="])
    found = import_corpus(path, label_map=settings, new_labels=True)
    assert told(found) == {"One.": ("payment",), "Two.": ("Own",)}
    with pytest.raises(DataError, match="'Own'"):
        import_corpus(path, label_map=settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [("Cost = 1", "one label"), ("Cost = a.b", "no TOML"), ("Cost.x = 'y'", "one label")],
)
def test_a_wrong_map_is_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        label_map([str(tmp_path / "names.toml")])
    with pytest.raises(UsageError, match="OLD=NEW"):
        label_map(["Cost"])


def test_a_label_that_no_table_could_hold_is_refused(tmp_path: Path) -> None:
    path = doccano(tmp_path / "a.jsonl", {"text": "One.", "label": ["a;b"]})
    with pytest.raises(DataError, match="cannot be a label's name"):
        import_corpus(path, new_labels=True)


def test_annotators_who_disagree_are_named_and_not_taken(tmp_path: Path) -> None:
    path = doccano(
        tmp_path / "a.jsonl",
        {"text": "One.", "label": ["mfn"]},
        {"text": "One.", "label": ["payment"]},
        {"text": "Two.", "label": ["payment"]},
        {"text": "Two.", "label": ["payment"]},
    )
    found = import_corpus(path)
    assert told(found) == {"Two.": ("payment",)}
    assert found.repeated == 1
    (clash,) = found.clashes
    assert clash == (f'"One." is disputed (mfn, payment): {path}:1 says mfn; {path}:2 says payment')


def test_records_with_ids_that_disagree_are_named_and_kept(tmp_path: Path) -> None:
    rows = [
        {"text": "One.", "label": [name], "record_id": name} for name in ("mfn", "payment", "mfn")
    ]
    found = import_corpus(doccano(tmp_path / "a.jsonl", *rows))
    assert [record.id for record in found.records] == ["mfn", "payment"]
    assert found.repeated == 1
    assert found.doubtful == ('"One." is disputed (mfn, payment): mfn, payment; all are kept',)


def test_a_label_given_by_hand_beats_the_note_that_it_only_seems_so(tmp_path: Path) -> None:
    row = {"text": "One.", "label": ["mfn"], "near": ["mfn", "payment"]}
    (record,) = import_corpus(doccano(tmp_path / "a.jsonl", row)).records
    assert record.near == ("payment",)


def test_one_id_for_two_texts_is_refused(tmp_path: Path) -> None:
    rows = [{"text": text, "label": ["mfn"], "record_id": "a"} for text in ("One.", "Two.")]
    with pytest.raises(DataError, match="the id 'a' stands for two texts"):
        import_corpus(doccano(tmp_path / "a.jsonl", *rows))


def test_what_is_imported_can_be_read_as_a_corpus(tmp_path: Path) -> None:
    found = imported("label-studio.json")
    write_corpus(found.records, tmp_path / "a.jsonl")
    assert read_corpus(tmp_path / "a.jsonl") == list(found.records)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b'{"text": "x", "label": ["mfn"]}\n{"text": ', r"a.jsonl:2: this is no JSON"),
        ("a.jsonl", b'{"text": "x", "label": ["mfn"]}\n[1]', r"a.jsonl:2: an object in braces"),
        ("a.jsonl", b'{"text": "x", "label": []}\n{"label": ["mfn"]}', "a.jsonl:2: there is no t"),
        ("a.jsonl", b'{"text": "x", "label": [[3, 99, "mfn"]]}', "a.jsonl:1: a span ends behind"),
        ("a.jsonl", b'{"text": "x", "label": [["a", 9, "mfn"]]}', "a.jsonl:1: a span goes from"),
        ("a.jsonl", b'{"text": "\\ud800", "label": ["mfn"]}', "a.jsonl:1: half a character"),
        ("a.jsonl", b'{"text": "\xff", "label": []}', "a.jsonl is no text in UTF-8"),
        ("a.jsonl", b"", "nothing tells its format"),
        ("a.json", b"[" * 100_000, "nothing tells its format"),
        ("a.json", b'[{"id": 3, "data": {"a": "x", "b": "y"}, "annotations": [{}]}]', "task 3: no"),
        ("a.json", b'{"data": [{"paragraphs": 4}]}', "no CUAD_v1.json"),
        ("a.csv", b"Sentence,Class\nx,y\n", "must name the columns 'text' and 'labels', and name"),
        ("a.csv", b'text,labels\n"x,y\n', "a.csv:2: the row is broken"),
        ("a.spacy", b"nothing", "no DocBin"),
        ("a.spacy", zlib.compress(b"\x81\xa1a\x01"), "no DocBin"),
        ("a.spacy", pickle.dumps({"a": 1}), "no DocBin"),
        ("a.xlsx", b"PK", "nothing tells its format"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        import_corpus(tmp_path / name)


def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (files, docbin):
        monkeypatch.setattr(module, "DEFAULT", Limits(file_bytes=1000, unpacked_bytes=5000))
    (tmp_path / "a.spacy").write_bytes(zlib.compress(b"0" * 100_000))
    with pytest.raises(DataError, match="unpacks to more than the limit of 5,000"):
        import_corpus(tmp_path / "a.spacy")
    (tmp_path / "b.csv").write_bytes(b"text,labels\n" + b"x" * 1000)
    with pytest.raises(DataError, match="more than the limit of 1,000"):
        import_corpus(tmp_path / "b.csv")


def outcome(path: Path, **options: Any) -> str:
    """The error of an import, or the file's name when there is none."""
    try:
        found = import_corpus(path, new_labels=True, keep_empty=True, **options)
    except ClausescanError as error:
        return str(error)
    write_corpus(found.records, path.with_suffix(".out"))
    labels = {n for r in found.records for n in (*r.labels, *r.near, *(r.known or ()))}
    assert read_corpus(path.with_suffix(".out"), labels=labels) == list(found.records)
    return path.name


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_spoiled_sample_is_read_or_refused(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray((SAMPLES / name).read_bytes())
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    assert name in outcome(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 99) | st.sampled_from(["", "x y", "mfn"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "label",
                    "labels",
                    "spans",
                    "start",
                    "end",
                    "start_offset",
                    "end_offset",
                    "choices",
                    "value",
                    "result",
                    "annotations",
                    "data",
                    "meta",
                    "options",
                    "accept",
                    "id",
                    "known",
                    "near",
                    "document",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["jsonl", "prodigy", "doccano", "label-studio"])
@settings(max_examples=150, deadline=None)
@given(
    task=st.dictionaries(
        st.sampled_from(
            [
                "text",
                "label",
                "labels",
                "entities",
                "annotations",
                "data",
                "meta",
                "options",
                "accept",
                "answer",
                "spans",
                "id",
                "language",
                "known",
            ]
        ),
        values,
        max_size=8,
    )
)
def test_any_json_object_is_read_or_refused(
    name: str, task: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    task.setdefault("answer", "accept")
    path.write_text(json.dumps({"text": "Some text.", **task}) + "\n", "utf-8")
    assert "any.jsonl" in outcome(path, form=name)


def test_unknown_and_unwritable_formats_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'xml'"):
        import_corpus(SAMPLES / "table.csv", form="xml")
    corpus = SAMPLES.parents[2] / "corpus" / "clauses" / "en-a.jsonl"
    with pytest.raises(UsageError, match="can be read, not written"):
        export_corpus(corpus, tmp_path / "a.json", form="cuad")
    with pytest.raises(UsageError, match="tells no format"):
        export_corpus(corpus, tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match="does not fit into a table"):
        table.write([ClauseRecord("1", "x" * 100_001, "en", ())], tmp_path / "a.csv")


def test_foreign_keys_of_the_same_names_are_harmless(tmp_path: Path) -> None:
    meta = {"document": 4, "language": "English", "known": 7, "near": {"a": 1}, "record_id": None}
    row = {"text": "One.", "label": ["mfn"], **meta}
    path = doccano(tmp_path / "a.jsonl", row)
    assert list(FORMATS["doccano"].read(path)) == [Item(f"{path}:1", "One.", ("mfn",))]
