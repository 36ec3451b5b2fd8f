"""The card of a shipped model: what it is for, its data, its figures, its weaknesses.

All numbers come from the model's ``meta.json`` and from ``models/scores.json``, so that the card
can be written anew without training. Its words stand in ``data/model-card.md`` and ``.toml``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from clausescan.corpus import ClauseRecord
from clausescan.learning.calibration import Settings
from clausescan.pipeline.taxonomy import load_taxonomy

CARD_FILE = "README.md"
LANGUAGES = {"en": "English", "zh": "Chinese"}
_PACKAGES = ("numpy", "scikit-learn", "scipy", "spacy")
CUAD = "CUAD v1"
_OWN = {"name": "clausescan corpus", "license": "Apache-2.0", "author": "The clausescan authors"}
_CUAD = {"name": CUAD, "license": "CC BY 4.0", "author": "The Atticus Project"}

Figures = Mapping[str, Any]


def sources_of(
    records: Sequence[ClauseRecord], own: Sequence[ClauseRecord]
) -> list[dict[str, Any]]:
    """What a model learned from: licence, author, sentences and documents of each source."""
    ids = {record.id for record in own}
    rest = [record for record in records if record.id not in ids]
    return [
        {**source, "sentences": len(part), "documents": len({r.document for r in part})}
        for source, part in ((_CUAD, rest), (_OWN, own))
        if part
    ]


def training_of(settings: Settings) -> dict[str, Any]:
    """How a model was made: settings, seeds and versions."""
    return {
        "settings": asdict(settings),
        "seeds": {"LinearSVC": 0},
        "split": "contract family; folds are filled largest family first, nothing is drawn",
        "versions": {name: version(name) for name in _PACKAGES},
    }


def attribution() -> str:
    """How CUAD must be named where a model learned from it."""
    return str(_words()["attribution"]).strip()


def write_card(folder: Path, scores: str | Path | None) -> None:
    """Write the card of a pipeline.

    Args:
        folder: The pipeline's, with its ``meta.json``.
        scores: ``models/scores.json``, where it exists.
    """
    meta = json.loads(folder.joinpath("meta.json").read_text("utf8"))
    told = scores is not None and Path(scores).is_file()
    data = json.loads(Path(str(scores)).read_text("utf8")) if told else {}
    parts = [p for p in folder.rglob("*") if p.is_file() and p.name != CARD_FILE]
    size = sum(part.stat().st_size for part in parts) / 1e6
    folder.joinpath(CARD_FILE).write_text(card(meta, data, size=size), encoding="utf8")


def card(meta: Figures, scores: Figures, *, size: float) -> str:
    """The card as Markdown.

    Args:
        meta: The pipeline's ``meta.json``.
        scores: What ``models/scores.json`` holds.
        size: Megabytes of the pipeline's folder.
    """
    code, words = meta["lang"], _words()
    sources = meta.get("sources", [])
    is_cuad = any(source["name"] == CUAD for source in sources)
    frame = Template(files("clausescan").joinpath("data/model-card.md").read_text("utf8"))
    return frame.substitute(
        language=LANGUAGES[code],
        code=code,
        version=meta["version"],
        labels=len(load_taxonomy()),
        size=f"{size:.1f}",
        sources=_source_table(sources),
        attribution=(words["attribution"] if is_cuad else words["own_only"]).strip(),
        figures="\n\n".join(_figures(scores, code)) or words["unmeasured"],
        weaknesses="\n".join(
            f"- {line}" for line in (*words["weaknesses"][code], *words["weaknesses"]["both"])
        ),
        training=_training(meta.get("training", {})),
    )


def _words() -> dict[str, Any]:
    return tomllib.loads(files("clausescan").joinpath("data/model-card.toml").read_text("utf8"))


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def _source_table(sources: Sequence[Figures]) -> str:
    return _table(
        ("source", "author", "licence", "sentences", "contracts or drafting voices"),
        (
            (one["name"], one["author"], one["license"], *map(_count, _sizes(one)))
            for one in sources
        ),
    )


def _sizes(source: Figures) -> tuple[int | None, int | None]:
    return source.get("sentences"), source.get("documents")


def _count(number: int | None) -> str:
    return "not recorded" if number is None else f"{number:,}"


def _training(training: Figures) -> str:
    if not training:
        return "- Settings, seeds and versions were not recorded."
    settings = ", ".join(f"{name} {value}" for name, value in training["settings"].items())
    seeds = ", ".join(f"{name} {value}" for name, value in training["seeds"].items())
    versions = ", ".join(f"{name} {value}" for name, value in training["versions"].items())
    return "\n".join(
        (
            f"- Split by {training['split']}.",
            f"- Seeds: {seeds}.",
            f"- Versions: {versions}.",
            f"- Settings: {settings}.",
        )
    )


def _figures(scores: Figures, language: str) -> Iterable[str]:
    """The sections of figures that the scores file has something for."""
    if language == "en" and "cuad" in scores:
        yield from _cuad(scores["cuad"])
    if corpus := scores.get("corpus", {}).get(language):
        yield from _corpus(corpus)
    if hard := scores.get("hard", {}).get(language):
        yield "### Sentences that only look like a label"
        yield (
            "The shipped model on `corpus/hard`: written by another hand, frozen and never trained "
            "on. Precision is what counts here."
        )
        yield _table(
            ("labels", "hard negatives", "positives", "given", "precision", "recall"),
            (
                (name, *(one[key] for key in ("hard_negatives", "positives", "given")),
                 _rate(one["precision"]), _rate(one["recall"]))
                for name, one in hard.items()
            ),
        )  # fmt: skip
    if speed := scores.get("speed", {}).get(language):
        yield "### Speed"
        yield (
            f"{speed['words_per_second']:,} words a second on one core from raw text to labels, "
            f"{speed['through_spacy']:,} through spaCy; loaded in {speed['load_s']} s of CPU."
        )


def _cuad(cuad: Figures) -> Iterable[str]:
    drawn, whole = cuad.get("intervals") or {}, cuad.get("contract_intervals") or {}
    yield f"### CUAD's own {len(cuad['ap'])} categories of commercial weight"
    yield (
        f"Five folds by contract family over {cuad['contracts']:,} contracts of "
        f"{cuad['families']:,} families, {cuad['sentences']:,} sentences. {cuad['note']}"
    )
    rows = [
        ("average precision, mean of the categories", cuad["macro_ap"],
         _ends(drawn, "macro", "ap")),
        ("average precision, all pairs", cuad["micro_ap"], _ends(drawn, "micro", "ap")),
        ("F1, sentences", cuad["micro_f1"], _ends(drawn, "micro", "f1")),
        *(
            (f"{name}, contracts", cuad[f"contract_{name}"], _ends(whole, "micro", name))
            for name in ("precision", "recall")
            if f"contract_{name}" in cuad
        ),
        ("F1, contracts", cuad["contract_micro_f1"], _ends(whole, "micro", "f1")),
        ("F1, contracts, mean of the categories", cuad["contract_macro_f1"],
         _ends(whole, "macro", "f1")),
        ("calibration error", cuad["calibration_error"], ""),
    ]  # fmt: skip
    yield _table(("figure", "value", "95%"), ((n, _rate(v), ends) for n, v, ends in rows))
    yield _table(
        ("category", "sentences", "average precision", "95%"),
        (
            (name, cuad["positives"][name], _rate(ap), _ends(drawn, "labels", name, "ap"))
            for name, ap in cuad["ap"].items()
        ),
    )


def _corpus(corpus: Figures) -> Iterable[str]:
    drawn = corpus.get("intervals") or {}
    yield f"### All {len(corpus['labels'])} labels, on sentences written for the project"
    yield (
        f"Model and phrase rules together, five folds by drafting voice: {corpus['sentences']:,} "
        f"sentences of {corpus['documents']} voices. {corpus['note']}"
    )
    rows = [
        *(
            (f"{title}, all pairs", corpus["micro"][name], _ends(drawn, "micro", name))
            for title, name in (("precision", "precision"), ("recall", "recall"), ("F1", "f1"))
        ),
        ("F1, mean of the labels", corpus["macro"]["f1"], _ends(drawn, "macro", "f1")),
        ("average precision, mean of the labels", corpus["macro"]["ap"],
         _ends(drawn, "macro", "ap")),
        ("F1, voices the rules' author did not read", corpus["unseen"]["micro"]["f1"], ""),
        ("calibration error", corpus["calibration_error"], ""),
    ]  # fmt: skip
    yield _table(("figure", "value", "95%"), ((n, _rate(v), ends) for n, v, ends in rows))
    yield _table(
        ("label", "sentences", "precision", "recall", "F1", "95%", "average precision", "95%"),
        (
            (name, one["positives"], *(_rate(one[key]) for key in ("precision", "recall", "f1")),
             _ends(drawn, "labels", name, "f1"), _rate(one["ap"]),
             _ends(drawn, "labels", name, "ap"))
            for name, one in corpus["labels"].items()
        ),
    )  # fmt: skip
    if bins := corpus.get("reliability"):
        yield "Of the labels that were given about the same probability, so many were right:"
        yield _table(
            ("probability", "share that is right", "labels"),
            ((_rate(one["probability"]), _rate(one["share"]), one["count"]) for one in bins),
        )


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _ends(drawn: Figures, *path: str) -> str:
    """An interval of a scores file as text; empty where it was not drawn."""
    place: Any = drawn
    for key in path:
        place = place.get(key, {})
    return f"{place[0]:.3f}–{place[1]:.3f}" if place else ""
