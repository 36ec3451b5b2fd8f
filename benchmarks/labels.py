"""Words a second from raw text to labels, on one core, without and with a spaCy `Doc`.

Usage: python benchmarks/labels.py FOLDER_OF_TXT [en|zh] [--write]
CPU time of this process; model loading is told apart. ``--write`` puts the figures into
``models/scores.json``, for the model card.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from clausescan.document import blocks_of
from clausescan.pipeline import load
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component

SCORES = Path(__file__).parents[1] / "models" / "scores.json"


def label_raw(labeller: Labeller, text: str, language: str) -> tuple[float, float]:
    """Seconds of CPU for segmenting and for labelling one text."""
    start = time.process_time()
    clauses, sentences = find_clauses(text, blocks_of(text), language)
    middle = time.process_time()
    labeller.label(text, [asdict(c) for c in clauses], [asdict(s) for s in sentences])
    return middle - start, time.process_time() - middle


def main() -> None:
    """Measure all texts of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("language", nargs="?", default="en", choices=("en", "zh"))
    parser.add_argument("--write", action="store_true", help="write models/scores.json")
    options = parser.parse_args()
    language = options.language
    texts = [path.read_text("utf8") for path in sorted(options.folder.glob("*.txt"))]
    start = time.process_time()
    nlp = load(language)
    loaded = time.process_time() - start
    print(f"model loaded in {loaded:.2f} s of CPU")
    words = sum(len(text) if language == "zh" else len(text.split()) for text in texts)
    labeller = label_component(nlp).labeller
    parts = [label_raw(labeller, text, language) for text in texts]
    cut, labelled = (sum(part) for part in zip(*parts, strict=True))
    print(f"{words:,} words in {len(texts)} texts")
    print(f"segmenting {cut:.1f} s, labelling {labelled:.1f} s")
    print(f"raw text to labels: {words / (cut + labelled):,.0f} words/s")
    names = ["clausescan_clauses", "clausescan_labels"]
    start = time.process_time()
    with nlp.select_pipes(enable=names):
        for text in texts:
            nlp.max_length = max(nlp.max_length, len(text) + 1)
            nlp(text)
    through = words / (time.process_time() - start)
    print(f"through spaCy (clauses, labels): {through:,.0f} words/s")
    if options.write:
        figures = {
            "words_per_second": round(words / (cut + labelled)),
            "through_spacy": round(through),
            "load_s": round(loaded, 2),
        }
        data = json.loads(SCORES.read_text("utf8"))
        data.setdefault("speed", {})[language] = figures
        SCORES.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", "utf8")


if __name__ == "__main__":
    main()
