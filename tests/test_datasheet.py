"""The corpus's datasheet: its tables are those of the files."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from clausescan.corpus import read_corpus
from clausescan.pipeline.taxonomy import load_taxonomy

CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = (CORPUS / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(CORPUS / "datasheet.py"))


def test_the_tables_are_those_of_the_files(script: dict[str, Any]) -> None:
    assert script["written"](TEXT) == TEXT, "stale: run python corpus/datasheet.py"


def test_every_file_and_label_stands_in_a_table() -> None:
    for path in CORPUS.glob("*/*.jsonl"):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        voices = {json.loads(line)["document"] for line in lines}
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{path.name}` |"))
        assert f"| {len(voices)} | {len(lines):,} |" in row
    for label in load_taxonomy():
        assert f"\n| `{label}` | " in TEXT


def test_a_changed_corpus_makes_the_datasheet_stale(script: dict[str, Any]) -> None:
    spoilt = re.sub(r"(\| `mfn` \| )\d+", r"\g<1>0", TEXT)
    assert spoilt != TEXT
    assert script["written"](spoilt) == TEXT


def test_a_missing_mark_is_named(script: dict[str, Any]) -> None:
    with pytest.raises(SystemExit, match="table: hard"):
        script["written"](TEXT.replace("<!-- table: hard -->", ""))


def test_the_test_set_is_apart_from_what_models_learn() -> None:
    learned, kept = read_corpus(CORPUS / "clauses"), read_corpus(CORPUS / "hard")
    assert not {r.text for r in learned} & {r.text for r in kept}
    assert not {r.document for r in learned} & {r.document for r in kept}
    shipped = [
        json.loads(line)["text"]
        for language in ("en", "zh")
        for line in (CORPUS.parent / "models" / language / "examples.jsonl")
        .read_text("utf-8")
        .splitlines()
    ]
    assert not {r.text for r in kept} & {*shipped}
