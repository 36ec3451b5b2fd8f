"""Words a second from raw text to labels, on one core, without and with a spaCy `Doc`.

Usage: python benchmarks/labels.py FOLDER_OF_TXT [en|zh]
CPU time of this process; model loading is told apart.
"""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path

from clausescan.document import blocks_of
from clausescan.pipeline import load
from clausescan.pipeline.clauses import find_clauses
from clausescan.pipeline.labeller import Labeller
from clausescan.pipeline.labels import label_component


def label_raw(labeller: Labeller, text: str, language: str) -> tuple[float, float]:
    """Seconds of CPU for segmenting and for labelling one text."""
    start = time.process_time()
    clauses, sentences = find_clauses(text, blocks_of(text), language)
    middle = time.process_time()
    labeller.label(text, [asdict(c) for c in clauses], [asdict(s) for s in sentences])
    return middle - start, time.process_time() - middle


def main() -> None:
    """Measure all texts of a folder."""
    folder, language = Path(sys.argv[1]), (sys.argv[2:] or ["en"])[0]
    texts = [path.read_text("utf8") for path in sorted(folder.glob("*.txt"))]
    start = time.process_time()
    nlp = load(language)
    print(f"model loaded in {time.process_time() - start:.2f} s of CPU")
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
    print(f"through spaCy (clauses, labels): {words / (time.process_time() - start):,.0f} words/s")


if __name__ == "__main__":
    main()
