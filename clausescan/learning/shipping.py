"""Builds the pipelines that are shipped.

``python -m clausescan.learning.shipping en --out models/en``

``python -m clausescan.learning.shipping examples-en --out models/en`` writes the examples alone,
``card-en`` the model card.

Called by ``project.yml``. English learns from CUAD and from the sentences written for the
project, Chinese from the latter alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clausescan.corpus import ClauseRecord, families, read_corpus, write_corpus
from clausescan.errors import UsageError
from clausescan.learning.calibration import Settings
from clausescan.learning.cuad import import_cuad
from clausescan.learning.examples import add_examples
from clausescan.learning.fitting import fit_model
from clausescan.learning.model_card import (
    CUAD,
    LANGUAGES,
    attribution,
    sources_of,
    training_of,
    write_card,
)
from clausescan.pipeline import blank
from clausescan.pipeline.labels import label_component
from clausescan.pipeline.linear import LinearModel, pruned
from clausescan.pipeline.taxonomy import load_taxonomy
from clausescan.training import SMALLEST_WEIGHT, save

SETTINGS = {"en": Settings(trust=2.0), "zh": Settings(c=1.0, folds=5, floor=0.6)}
"""How each language is fitted; chosen by cross-validation."""
_TARGETS = ("import-cuad", "en", "zh", "examples-en", "examples-zh", "card-en", "card-zh")


def shipped_model(records: Sequence[ClauseRecord], language: str) -> LinearModel:
    """The label model of a language, in float32, over all labels of the taxonomy."""
    labels = tuple(load_taxonomy())
    groups = families(records)
    return fit_model(records, labels, groups, language=language, settings=SETTINGS[language])


def build(
    language: str,
    records: Sequence[ClauseRecord],
    *,
    own: Sequence[ClauseRecord],
    out: str | Path,
    scores: str | Path | None = None,
) -> None:
    """Train, assemble and write the pipeline of a language, with its model card.

    Args:
        language: ``en`` or ``zh``.
        records: Training sentences of that language.
        own: Those of them that were written for the project and are shipped as examples.
        out: Folder of the pipeline.
        scores: ``models/scores.json``, whose figures go into the card, where it exists.
    """
    nlp = blank(language)
    model = pruned(shipped_model(records, language), smallest=SMALLEST_WEIGHT)
    label_component(nlp).use(model)
    nlp.meta |= meta_of(language, records, own, _figures(scores, language))
    save(nlp, out)
    add_examples(own, Path(out))
    write_card(Path(out), scores)


def meta_of(
    language: str,
    records: Sequence[ClauseRecord],
    own: Sequence[ClauseRecord],
    figures: dict[str, Any],
) -> dict[str, Any]:
    """What ``meta.json`` tells of the pipeline."""
    sources = sources_of(records, own)
    return {
        "name": "clausescan",
        "version": "0.1.0",
        "description": f"Clauses, parties, labels and norms of {LANGUAGES[language]} contracts.",
        "author": "The clausescan authors",
        "license": "Apache-2.0",
        "sources": sources,
        "training": training_of(SETTINGS[language]),
        "labels": {"clausescan_labels": list(load_taxonomy())},
        "performance": figures,
        "notes": attribution() if any(one["name"] == CUAD for one in sources) else "",
    }


def _figures(scores: str | Path | None, language: str) -> dict[str, Any]:
    """The headline figures of a language in ``scores.json``."""
    if scores is None or not Path(scores).is_file():
        return {}
    data = json.loads(Path(scores).read_text("utf8"))
    figures: dict[str, Any] = {}
    if language == "en" and "cuad" in data:
        figures["cuad macro AP (5-fold, 28 categories)"] = data["cuad"]["macro_ap"]
        figures["cuad micro AP (5-fold, 28 categories)"] = data["cuad"]["micro_ap"]
        figures["about the cuad figures"] = data["cuad"]["note"]
    corpus = data.get("corpus", {}).get(language)
    if corpus:
        figures["corpus micro F1 (by voice, 37 labels)"] = corpus["micro"]["f1"]
        figures["corpus macro F1 (by voice, 37 labels)"] = corpus["macro"]["f1"]
        figures["corpus macro AP (by voice, 37 labels)"] = corpus["macro"]["ap"]
        unseen = corpus["unseen"]
        figures["corpus micro F1, voices the rules' author did not read"] = unseen["micro"]["f1"]
        figures["about the corpus figures"] = corpus["note"]
    return figures


def corpus_records(corpus: str | Path, language: str) -> list[ClauseRecord]:
    """The annotated sentences of one language.

    Raises:
        UsageError: There are none.
    """
    records = [record for record in read_corpus(corpus) if record.language == language]
    if not records:
        raise UsageError(f"{corpus}: no record is in {language!r}")
    return records


def main(arguments: Sequence[str] | None = None) -> None:
    """Import CUAD or build a pipeline, as the commands of ``project.yml`` do."""
    parser = argparse.ArgumentParser(
        prog="python -m clausescan.learning.shipping", description=__doc__
    )
    parser.add_argument("target", choices=_TARGETS)
    parser.add_argument("--cuad", help="CUAD folder (import-cuad) or imported file (en)")
    parser.add_argument("--corpus", default="corpus/clauses")
    parser.add_argument("--scores", default="models/scores.json")
    parser.add_argument("--out", required=True)
    options = parser.parse_args(arguments)
    if options.target == "import-cuad":
        write_corpus(import_cuad(options.cuad), options.out)
        return
    if options.target.startswith("card-"):
        write_card(Path(options.out), options.scores)
        return
    language = options.target.removeprefix("examples-")
    own = corpus_records(options.corpus, language)
    if language != options.target:
        add_examples(own, Path(options.out))
        return
    records = [*read_corpus(options.cuad), *own] if options.cuad else own
    build(language, records, own=own, out=options.out, scores=options.scores)


if __name__ == "__main__":
    main()
