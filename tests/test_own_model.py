"""A draft is scanned with a model of the user's own, and with labels of the user's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from clausescan.batch import find_drafts, scan_batch
from clausescan.cli import main
from clausescan.corpus import ClauseRecord, write_corpus
from clausescan.errors import DataError, ModelError
from clausescan.pipeline import chosen, folders_in, model_folders, shipped
from clausescan.pipeline.labels import own_labels
from clausescan.report import Report
from clausescan.scanner import scan, scan_many
from clausescan.training import train

NAMES = [("Dealer", "ministry"), ("Agent", "regulator"), ("Buyer", "authority"), ("Works", "court")]
CARRIED = [
    "{0} shall process personal data of customers only for the delivery of the Products.",
    "{0} shall delete all personal data of customers when the {1} asks for it.",
    "Personal data of employees shall not be transferred to a third country by {0}.",
    "{0} shall report every breach of personal data to the {1} within three days.",
]
OTHER = [
    "{0} shall pay each invoice within thirty days of its date to the bank of the Seller.",
    "{0} shall keep the warehouse dry and clean and shall open it to the {1}.",
    "Notices to {0} shall be sent by registered mail to the address on page one.",
    "{0} shall translate the manuals and shall print them in the colours of the Seller.",
]
DRAFT = """SUPPLY AGREEMENT

between Falk GmbH, Bielefeld, Germany ("Seller") and Ningbo Sheng Co., Ltd., Ningbo, China ("Buyer").

1. Delivery
1.1 Seller shall deliver the Products to the warehouse of Buyer in the month of the order.

2. Data
2.1 Seller shall process personal data of customers only for the delivery of the Products.
"""
MEANING = {"privacy": "Who may use personal data, and how."}
RULE = """[[rule]]
id = "PRIVACY_HERE"
title = "Personal data"
severity = "medium"
group = "other"
why = "Personal data bring duties of their own."
clears = "A data agreement."
ask = { en = "Strike it.", zh = "删除。" }
sources = [{ text = "House rule", date = "2026-01-01" }]
when = [{ say = "speaks of personal data", labels = ["privacy"] }]
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    rows = [
        ClauseRecord(
            id=f"{place}-{number}-{kind}",
            text=text.format(*names),
            language="en",
            labels=("privacy",) if kind else (),
            document=f"d{place}",
            known=("privacy",),
        )
        for place, names in enumerate(NAMES)
        for kind, texts in enumerate((OTHER, CARRIED))
        for number, text in enumerate(texts)
    ]
    write_corpus(rows, folder / "own.jsonl")
    train(folder / "own.jsonl", out=folder / "models" / "en", labels=MEANING)
    return folder / "models" / "en"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("draft") / "draft.txt"
    path.write_text(DRAFT, "utf8")
    return path


def labels_of(report: Report) -> dict[str, set[str]]:
    return {one.number: {label.label for label in one.labels} for one in report.clauses}


def test_own_label_is_given_where_it_belongs(model: Path, draft: Path) -> None:
    report = scan(draft, model=model)
    assert "privacy" in labels_of(report)["2.1"]
    assert "privacy" not in labels_of(report)["1.1"]
    assert "privacy" not in labels_of(scan(draft))["2.1"]


def test_labels_of_the_taxonomy_are_given_as_before(model: Path, draft: Path) -> None:
    own, usual = labels_of(scan(draft, model=model)), labels_of(scan(draft))
    assert {number: labels - {"privacy"} for number, labels in own.items()} == usual


def test_report_names_the_model(model: Path, draft: Path) -> None:
    told = json.loads((model / "training.json").read_text("utf8"))["model"]
    assert scan(draft, model=model).versions.model == told
    assert scan(draft).versions.model != told


def test_report_with_an_own_label_can_be_written_and_read(model: Path, draft: Path) -> None:
    report = scan(draft, model=model)
    assert Report.from_dict(report.to_dict()) == report
    for form in ("text", "md", "json"):
        assert report.render(form)


def test_own_label_is_explained_with_its_meaning(model: Path, draft: Path) -> None:
    explanation = scan(draft, model=model).explain("2.1", label="privacy", model=model)
    (told,) = explanation.labels
    assert told.definition == MEANING["privacy"]
    assert "personal data" in explanation.to_text()


def test_own_playbook_may_ask_for_an_own_label(model: Path, draft: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULE, "utf8")
    found = [one.rule for one in scan(draft, model=model, rules=rules).findings]
    assert "PRIVACY_HERE" in found
    with pytest.raises(DataError, match="unknown value 'privacy'"):
        scan(draft, rules=rules)


def test_processes_and_batches_use_the_model(model: Path, draft: Path, tmp_path: Path) -> None:
    expected = scan(draft, model=model)
    assert list(scan_many([draft], model=model, jobs=1)) == [expected]
    list(scan_batch(find_drafts(draft.parent), tmp_path / "out.jsonl", model=model))
    (line,) = (tmp_path / "out.jsonl").read_text("utf8").splitlines()
    assert json.loads(line)["versions"]["model"] == expected.versions.model


def test_a_folder_of_models_serves_each_language(model: Path) -> None:
    assert folders_in(model.parent) == {"en": model}
    assert chosen("en", model.parent).meta["version"] == chosen("en", model).meta["version"]
    assert chosen("zh", model.parent) is shipped("zh")
    assert own_labels(model.parent) == MEANING


def test_a_model_that_was_trained_anew_is_loaded_anew(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    first = chosen("en", folder)
    assert chosen("en", folder) is first
    shutil.rmtree(folder)
    (shipped_folder,) = (one for one in model_folders("en") if one.is_dir())
    shutil.copytree(shipped_folder, folder)
    (folder / "meta.json").touch()
    assert chosen("en", folder).meta["version"] == shipped("en").meta["version"]


def test_a_folder_without_a_model_is_told(draft: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no pipeline is here"):
        scan(draft, model=tmp_path)
    (tmp_path / "config.cfg").write_text("", "utf8")
    (tmp_path / "meta.json").write_text("[]", "utf8")
    with pytest.raises(ModelError, match=r"meta\.json cannot be read"):
        scan(draft, model=tmp_path)


def test_own_labels_are_listed_and_suggested_for(
    model: Path, draft: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert not caught.value.code
        return capsys.readouterr().out

    listed = run("corpus", "labels", "--model", str(model)).splitlines()
    assert listed[-1].split(maxsplit=1) == ["privacy", MEANING["privacy"]]
    interface = run("corpus", "labels", "-f", "label-studio", "--model", str(model))
    assert '<Choice value="privacy"/>' in interface
    tasks = tmp_path / "tasks.jsonl"
    run("corpus", "suggest", str(draft.parent), "-o", str(tasks), "--base", str(model), "-n", "2")
    assert len(tasks.read_text("utf8").splitlines()) == 2
