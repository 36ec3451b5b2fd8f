"""Is it worth more to annotate what `corpus suggest` picks than sentences at random?

    python benchmarks/suggest.py CUAD_FOLDER --count 200

A model that knows the project's own corpus alone picks sentences from contracts of CUAD; CUAD's
answers to them are added to the corpus, the model is fitted anew and asked about contracts of other
families. The same with sentences at random, three times. Mean of three splits by family.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Sequence
from pathlib import Path

from clausescan.annotation.candidates import candidates_of
from clausescan.annotation.suggest import choose
from clausescan.corpus import ClauseRecord, families
from clausescan.document import Document, blocks_of
from clausescan.evaluation import score_labeller
from clausescan.learning.calibration import Settings
from clausescan.learning.cuad import import_cuad
from clausescan.learning.fitting import fit_model
from clausescan.learning.shipping import corpus_records
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import LEAST
from clausescan.pipeline.linear import LinearModel

SPLITS, DRAWS = 3, 3
CONTRACTS = 100, 80
"""To pick from, and to ask about."""
FIGURES = ("micro_f1", "macro_f1", "micro_ap", "macro_ap")


def fitted(records: Sequence[ClauseRecord]) -> LinearModel:
    """A model of the project's corpus and further records."""
    own = [*corpus_records("corpus/clauses", "en"), *records]
    labels = sorted({label for record in own for label in record.labels})
    return fit_model(own, labels, families(own), language="en", settings=Settings())


def scored(records: Sequence[ClauseRecord], asked: Sequence[ClauseRecord]) -> list[float]:
    """Figures on `asked` of a model that has learned from `records` as well."""
    scores = score_labeller(Labeller("en", fitted(records)), asked)
    return [scores.micro.f1, scores.macro_f1, scores.micro.ap or 0.0, scores.macro_ap]


def picked(
    folder: Path, labeller: Labeller, pool: Sequence[ClauseRecord], count: int
) -> list[ClauseRecord]:
    """CUAD's answers to the sentences that are suggested from the pool's contracts."""
    lines = folder.joinpath("spans.jsonl").read_text("utf-8").splitlines()
    files = {row["title"]: row["txt"] for row in map(json.loads, lines)}
    gold = {(record.document, record.text): record for record in pool}
    found = []
    for title in sorted({record.document for record in pool}):
        text = (folder / "txt" / files[title]).read_text("utf-8").replace("\r\n", "\n")
        draft = Document(title, "txt", "", text, blocks_of(text))
        found += candidates_of(draft, labeller, title)
    asked = [one for one in found if (one.record.document, one.record.text) in gold]
    chosen = [one.record for one in choose(asked, count, {"en": labeller})]
    return [gold[record.document, record.text] for record in chosen]


def means_of(rows: Sequence[Sequence[float]]) -> list[float]:
    """Mean of each column."""
    return [round(statistics.mean(column), 4) for column in zip(*rows, strict=True)]


def main() -> None:
    """Measure and print the means as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cuad", type=Path)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    records = import_cuad(options.cuad)
    family = families(records)
    labeller = Labeller("en", fitted(()), least=LEAST["en"])
    rows: dict[str, list[list[float]]] = {"before": [], "random": [], "suggested": []}
    for split in range(SPLITS):
        draw = random.Random(split)  # noqa: S311
        groups = sorted(set(family.values()))
        draw.shuffle(groups)
        half = set(groups[::2])
        titles = sorted(family)
        draw.shuffle(titles)
        seen = set([title for title in titles if family[title] in half][: CONTRACTS[0]])
        held = set([title for title in titles if family[title] not in half][: CONTRACTS[1]])
        pool = [record for record in records if record.document in seen]
        asked = [record for record in records if record.document in held]
        plain = [r for r in pool if len(r.text.split()) >= 7 and len(r.text) <= 1200]
        rows["before"].append(scored((), asked))
        for _ in range(DRAWS):
            rows["random"].append(scored(draw.sample(plain, options.count), asked))
        rows["suggested"].append(scored(picked(options.cuad, labeller, pool, options.count), asked))
    means = {name: dict(zip(FIGURES, means_of(found), strict=True)) for name, found in rows.items()}
    print(json.dumps({"count": options.count, **means}, indent=1))


if __name__ == "__main__":
    main()
