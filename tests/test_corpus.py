"""Annotated clauses in and out, and CUAD as a source of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clausescan.corpus import (
    ClauseRecord,
    families,
    read_corpus,
    write_corpus,
)
from clausescan.errors import DataError
from clausescan.learning.cuad import cuad_sentences, import_cuad
from clausescan.pipeline.taxonomy import cuad_labels, load_taxonomy

ROW: dict[str, Any] = {
    "id": "a-1",
    "text": "Dealer shall keep the Formula secret.",
    "language": "en",
    "labels": ["confidentiality"],
    "heading": "Secrecy",
    "previous": "",
    "document": "a",
    "near": ["ip.disclosure"],
}


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf8")
    return path


def test_corpus_round_trips(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", ROW, {**ROW, "id": "a-2", "known": ["mfn"]})
    records = read_corpus(path)
    write_corpus(records, tmp_path / "b.jsonl")
    assert read_corpus(tmp_path / "b.jsonl") == records
    assert json.loads(path.read_text().splitlines()[0]) == records[0].to_dict()


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\r", "\n"])
def test_a_line_end_inside_a_text_ends_no_record(tmp_path: Path, sign: str) -> None:
    records = [ClauseRecord("1", f"One{sign}text.", "en", ())]
    write_corpus(records, tmp_path / "a.jsonl")
    assert read_corpus(tmp_path / "a.jsonl") == records


def test_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    written(tmp_path / "b.jsonl", {**ROW, "id": "second"})
    written(tmp_path / "a.jsonl", {**ROW, "id": "first"})
    assert [record.id for record in read_corpus(tmp_path)] == ["first", "second"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ["payement"]}, "'payement' is no label"),
        ({"labels": "payment"}, "'labels' must be a list"),
        ({"text": " "}, "'text' must be a text"),
        ({"colour": "red"}, "'colour' is unknown"),
        ({"near": ["confidentiality"]}, "stands in labels and in near"),
        ({"id": "ok"}, "the id 'ok' occurs twice"),
    ],
)
def test_bad_line_is_named_with_its_number(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    path = written(tmp_path / "a.jsonl", {**ROW, "id": "ok"}, {**ROW, **change})
    with pytest.raises(DataError, match=message) as caught:
        read_corpus(path)
    assert "a.jsonl:2:" in str(caught.value)


def test_missing_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no corpus here"):
        read_corpus(tmp_path / "nothing.jsonl")


@pytest.mark.parametrize(
    ("known", "labels", "asked", "answer"),
    [
        (None, (), "mfn", True),
        ((), (), "mfn", False),
        (("mfn",), (), "mfn", True),
        ((), ("mfn",), "mfn", True),
    ],
)
def test_absence_counts_only_where_known(
    known: tuple[str, ...] | None, labels: tuple[str, ...], asked: str, answer: bool
) -> None:
    record = ClauseRecord("1", "text", "en", labels, known=known)
    assert record.knows(asked) is answer


@pytest.fixture
def cuad(tmp_path: Path) -> Path:
    text = (
        "1. GRANT\n"
        "1.1 Maker appoints Dealer as its exclusive distributor of the Pumps in Ohio.\n"
        "1.2 Maker shall not sell the Pumps to any other person in Ohio.\n"
        "1.3 Dealer shall paint its shop in the colours of Maker every summer.\n"
    )
    first = text.index("Maker appoints")
    second = text.index("Maker shall not")
    spans = [
        [first, text.index("\n", first), 1],
        [second, text.index("\n", second), 1],
    ]
    tmp_path.joinpath("txt").mkdir()
    tmp_path.joinpath("txt", "a.txt").write_text(text, encoding="utf8")
    row = {"title": "ACME_1", "txt": "a.txt", "labels": {"Exclusivity": spans}}
    tmp_path.joinpath("spans.jsonl").write_text(json.dumps(row) + "\n", encoding="utf8")
    return tmp_path


def test_cuad_spans_fall_on_sentences(cuad: Path) -> None:
    found = [s.record for s in cuad_sentences(cuad) if "Exclusivity" in s.record.labels]
    assert [record.text[:16] for record in found] == ["Maker appoints D", "Maker shall not "]
    assert {record.heading for record in found} == {"GRANT"}


def test_cuad_exclusivity_is_split_by_wording(cuad: Path) -> None:
    labels = {record.text[:14]: record.labels for record in import_cuad(cuad)}
    assert labels["Maker appoints"] == ("exclusivity.grant",)
    assert labels["Maker shall no"] == ("exclusivity.covenant",)
    assert labels["Dealer shall p"] == ()


def test_cuad_knows_only_what_it_annotates(cuad: Path) -> None:
    paint = next(r for r in import_cuad(cuad) if r.text.startswith("Dealer shall paint"))
    assert paint.knows("mfn")
    assert not paint.knows("territory.limited") or "within" not in paint.text


def test_absence_is_unknown_where_a_cue_stands() -> None:
    taxonomy = load_taxonomy().values()
    _, known = cuad_labels("The receiver must keep the data confidential.", (), taxonomy)
    assert "confidentiality" not in known
    assert "mfn" in known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Maker grants Dealer a non-exclusive, royalty-free licence.", True),
        ("Maker grants Dealer a licence; Dealer alone may use it.", False),
    ],
)
def test_a_plain_licence_is_known_to_be_no_exclusive_grant(text: str, known: bool) -> None:
    carried, sure = cuad_labels(text, ("License Grant",), load_taxonomy().values())
    assert "exclusivity.grant" not in carried
    assert ("exclusivity.grant" in sure) == known


def test_cuad_without_spans_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no CUAD spans here"):
        list(cuad_sentences(tmp_path))


def test_families_join_filers_and_copies() -> None:
    words = [f"word{number}" for number in range(900)]
    copy = " ".join(words)
    rows = [
        ("ACME_2001_A", "a quite different text"),
        ("ACME_2003_B", "another text altogether"),
        ("Bolt_1", copy),
        ("Nut_1", copy),
        ("Own", "a text of its own"),
    ]
    found = families(ClauseRecord(d, text, "en", (), document=d) for d, text in rows)
    assert found["ACME_2001_A"] == found["ACME_2003_B"]
    assert found["Bolt_1"] == found["Nut_1"]
    assert len(set(found.values())) == 3
