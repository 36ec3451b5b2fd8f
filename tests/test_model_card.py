"""The cards of the shipped models: every figure, nothing that is not so, never stale."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from clausescan.corpus import ClauseRecord
from clausescan.learning.model_card import card, sources_of, training_of, write_card
from clausescan.learning.shipping import SETTINGS, meta_of

ROOT = Path(__file__).parents[1]
SCORES = json.loads((ROOT / "models" / "scores.json").read_text("utf-8"))
ONE = {"positives": 9, "given": 8, "hits": 6, "precision": 0.7512, "recall": 0.6623, "f1": 0.7033}
DRAWN = {"f1": [0.6111, 0.7888], "ap": [0.5222, 0.6999], "precision": [0.7, 0.8], "recall": [0, 1]}
FULL: dict[str, Any] = {
    "cuad": {
        "ap": {"Exclusivity": 0.5123},
        "positives": {"Exclusivity": 389},
        "macro_ap": 0.5345,
        "micro_ap": 0.6456,
        "micro_f1": 0.6567,
        "contract_micro_f1": 0.8678,
        "contract_precision": 0.8821,
        "contract_recall": 0.8567,
        "contract_macro_f1": 0.7789,
        "calibration_error": 0.0089,
        "contracts": 391,
        "families": 343,
        "sentences": 119001,
        "note": "Chosen on these folds.",
        "intervals": {"micro": DRAWN, "macro": DRAWN, "labels": {"Exclusivity": DRAWN}},
        "contract_intervals": {"micro": {"f1": [0.8444, 0.8777]}, "macro": {"f1": [0.7, 0.8]}},
    },
    "corpus": {
        "en": {
            "micro": ONE | {"ap": 0.71},
            "macro": {"f1": 0.6012, "ap": 0.6845},
            "labels": {"mfn": ONE | {"ap": 0.8123}, "payment": ONE | {"ap": None}},
            "unseen": {"micro": ONE | {"f1": 0.5912}},
            "intervals": {"micro": DRAWN, "macro": DRAWN, "labels": {"mfn": DRAWN}},
            "reliability": [{"probability": 0.7444, "share": 0.7222, "count": 301}],
            "calibration_error": 0.0412,
            "sentences": 3496,
            "documents": 70,
            "note": "Optimistic.",
        }
    },
    "hard": {
        "en": {
            "termination": {
                "sentences": 343,
                "hard_negatives": 72,
                "positives": 25,
                "given": 24,
                "precision": 0.9583,
                "recall": 0.92,
            }
        }
    },
    "speed": {"en": {"words_per_second": 181234, "through_spacy": 61234, "load_s": 0.21}},
}


def record(name: str) -> ClauseRecord:
    return ClauseRecord(name, f"{name} is paid.", "en", ("payment",), document=name[0])


OWN = [record("a1"), record("a2"), record("b1")]
CUAD = [record("x1"), record("y1")]


def meta(language: str, records: list[ClauseRecord]) -> dict[str, Any]:
    return meta_of(language, records, OWN, {}) | {"lang": language}


def numbers(data: Any) -> list[float]:
    if isinstance(data, dict):
        return [number for value in data.values() for number in numbers(value)]
    if isinstance(data, list):
        return [number for value in data for number in numbers(value)]
    return [data] if isinstance(data, float) else []


def test_the_card_names_every_figure() -> None:
    text = card(meta("en", CUAD + OWN), FULL, size=6.94)
    rates = {f"{n:.3f}" for part in ("cuad", "hard") for n in numbers(FULL[part])}
    for number in sorted(rates - {f"{n:.3f}" for n in DRAWN["precision"]}):
        assert number in text
    for number in ("0.601", "0.591", "0.041", "0.722", "0.812", "0.751", "0.662", "0.703"):
        assert number in text
    for number in ("391 contracts", "119,001", "3,496", "181,234", "61,234", "0.21 s", "6.9 MB"):
        assert number in text
    assert "| mfn | 9 | 0.751 | 0.662 | 0.703 | 0.611–0.789 | 0.812 | 0.522–0.700 |" in text
    assert "| F1, contracts | 0.868 | 0.844–0.878 |" in text
    assert "| payment | 9 | 0.751 | 0.662 | 0.703 |  | – |  |" in text
    assert "Chosen on these folds." in text


def test_the_card_tells_data_versions_and_seeds() -> None:
    text = card(meta("en", CUAD + OWN), FULL, size=1)
    assert "| CUAD v1 | The Atticus Project | CC BY 4.0 | 2 | 2 |" in text
    assert "| clausescan corpus | The clausescan authors | Apache-2.0 | 3 | 2 |" in text
    for name, value in training_of(SETTINGS["en"])["versions"].items():
        assert f"{name} {value}" in text
    assert "LinearSVC 0" in text
    assert "https://www.atticusprojectai.org/cuad" in text
    assert "not endorsed" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_not_learned_from_is_not_named(language: str) -> None:
    told = meta(language, OWN)
    text = card(told, {}, size=1)
    assert "CC BY 4.0" not in text
    assert not told["notes"]
    assert [source["sentences"] for source in sources_of(OWN, OWN)] == [3]
    assert "Not measured" in text
    assert "ContractNLI" not in text


def test_figures_of_one_language_do_not_stand_in_the_other_card() -> None:
    text = card(meta("zh", OWN), FULL, size=1)
    assert "Not measured" in text
    assert "Exclusivity" not in text


def test_the_file_of_scores_may_be_older(tmp_path: Path) -> None:
    shutil.copy(ROOT / "models" / "zh" / "meta.json", tmp_path)
    write_card(tmp_path, tmp_path / "none.json")
    assert "Not measured" in (tmp_path / "README.md").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_card_is_the_one_that_the_figures_give(language: str, tmp_path: Path) -> None:
    folder = ROOT / "models" / language
    told = folder.joinpath("README.md").read_text("utf-8")
    size = re.search(r"([\d.]+) MB", told)
    assert size is not None
    found = card(json.loads(folder.joinpath("meta.json").read_text("utf-8")), SCORES,
                 size=float(size[1]))  # fmt: skip
    assert told == found, (
        f"stale: python -m clausescan.learning.shipping card-{language} --out models/{language}"
    )
    parts = [p for p in folder.rglob("*") if p.is_file() and p.name != "README.md"]
    assert float(size[1]) == pytest.approx(sum(p.stat().st_size for p in parts) / 1e6, abs=0.2)
