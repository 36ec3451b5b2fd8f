"""The commands on annotated clauses: what they write, and what they say of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from clausescan.cli import main
from clausescan.corpus import read_corpus
from clausescan.pipeline.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parent / "data" / "annotation"
DRAFT = str(ROOT / "corpus" / "drafts" / "distribution-en.docx")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capsys.readouterr()
        return Ran(int(caught.value.code or 0), out, err)

    return run


def test_import_tells_what_it_took_and_what_not(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "own.jsonl"
    ran = run("corpus", "import", str(SAMPLES / "label-studio.json"), "-o", str(out))
    assert ran.code == 0
    assert ran.out == ""
    assert ran.err.splitlines()[:2] == [
        "3 records with 2 labels from label-studio.",
        "Left out: 1 not annotated, 1 skipped by the annotator, 1 disputed, "
        "1 said the same as another.",
    ]
    assert ran.err.splitlines()[2].startswith('warning: "Dealer always gets the best price."')
    assert len(out.read_text("utf-8").splitlines()) == 3


def test_import_of_nothing_is_an_error(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "One.", "label": []}\n', "utf-8")
    ran = run("corpus", "import", str(source), "-o", str(tmp_path / "own.jsonl"))
    assert ran.code == 2
    assert "nothing to import. Left out: 1 without labels. Take those" in ran.err
    assert not (tmp_path / "own.jsonl").exists()
    kept = run("corpus", "import", str(source), "-o", str(tmp_path / "o.jsonl"), "--keep-empty")
    assert kept.code == 0
    assert "no record names its document" in kept.err


@pytest.mark.parametrize(
    ("out", "said"), [("own.csv", "a corpus is JSON Lines"), ("a.csv/own.jsonl", "cannot be writ")]
)
def test_a_corpus_that_cannot_be_written_is_told(
    run: Run, tmp_path: Path, out: str, said: str
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("text,labels,document\nOne.,payment,a\n", "utf-8")
    ran = run("corpus", "import", str(source), "-o", str(tmp_path / out))
    assert ran.code == 2
    assert said in ran.err


def test_import_maps_labels_or_says_how(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("text,labels,document\nOne.,Cost,a\nTwo.,House style,a\n", "utf-8")
    command = ("corpus", "import", str(source), "-o", str(tmp_path / "own.jsonl"))
    refused = run(*command)
    assert refused.code == 2
    assert "--new-labels" in refused.err
    ran = run(*command, "--map", "Cost=payment", "--new-labels")
    assert ran.err == "2 records with 2 labels from csv.\n"


def test_export_and_import_are_inverse(run: Run, tmp_path: Path) -> None:
    corpus = str(ROOT / "corpus" / "clauses" / "zh-b.jsonl")
    exported = str(tmp_path / "tasks.jsonl")
    assert run("corpus", "export", corpus, "-o", exported, "--format", "prodigy").code == 0
    assert run("corpus", "import", exported, "-o", str(tmp_path / "own.jsonl")).code == 0
    assert read_corpus(tmp_path / "own.jsonl") == read_corpus(corpus)


def test_suggest_writes_tasks_and_names_what_it_could_not_read(run: Run, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "a.docx").write_bytes(Path(DRAFT).read_bytes())
    (drafts / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    out = tmp_path / "tasks.json"
    ran = run("corpus", "suggest", str(drafts), "-o", str(out), "--count", "7")
    assert ran.code == 3
    assert "b.pdf" in ran.err.splitlines()[0]
    assert ran.err.splitlines()[-1] == f"7 sentences of 1 drafts written to {out}."
    tasks = json.loads(out.read_text("utf-8"))
    assert len(tasks) == 7
    assert all(task["predictions"] and task["data"]["document"] == "a.docx" for task in tasks)


def test_labels_are_listed_for_people_and_for_label_studio(run: Run) -> None:
    listed = run("corpus", "labels").out.splitlines()
    assert len(listed) == len(load_taxonomy())
    interface = run("corpus", "labels", "-f", "label-studio").out
    assert re.findall('<Choice value="(.*)"/>', interface) == list(load_taxonomy())
