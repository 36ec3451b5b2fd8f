r"""Measure PDF extraction against reference texts: words, order, paragraph bounds, CPU time.

Usage: python benchmarks/fidelity.py PDF_FOLDER TXT_FOLDER

Prints one JSON object. `f1` compares bags of words (``\w+``, NFKC, lower case); `boundary` asks
how many line ends of the reference are block ends of ours and the other way round; `cpu_ratio`
is our CPU time over that of pypdfium2's plain text of the same files, interleaved.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from clausescan.document import BODY_KINDS, Document
from clausescan.extract import read_document

WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Lower-case words of a text."""
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def token_f1(ours: list[str], theirs: list[str]) -> float:
    """F1 of two bags of words."""
    if not ours and not theirs:
        return 1.0
    common = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * common / (len(ours) + len(theirs))


def bounds(pieces: list[str]) -> Counter[str]:
    """The four words either side of each joint between pieces, as a bag."""
    split = [words(piece) for piece in pieces]
    split = [piece for piece in split if piece]
    found: Counter[str] = Counter()
    for before, after in itertools.pairwise(split):
        found[" ".join(before[-3:]) + "|" + " ".join(after[:3])] += 1
    return found


def boundary_counts(document: Document, reference: str) -> tuple[int, int, int]:
    """Joints in common, ours, theirs; running headers and page numbers are left out of both."""
    texts: list[str] = []
    margins: set[str] = set()
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind in BODY_KINDS:
            texts.append(text)
        else:
            margins.add(" ".join(words(text)))
    lines = [line for line in reference.splitlines() if " ".join(words(line)) not in margins]
    ours, theirs = bounds(texts), bounds(lines)
    return sum((ours & theirs).values()), sum(ours.values()), sum(theirs.values())


def plain_text(path: Path) -> None:
    """The reference extraction: pypdfium2's text of every page."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text_page = page.get_textpage()
        text_page.get_text_range()
        text_page.close()
        page.close()
    document.close()


def cpu(work: Callable[[Path], object], paths: list[Path]) -> float:
    """CPU seconds of one pass over the files."""
    start = time.process_time()
    for path in paths:
        work(path)
    return time.process_time() - start


def measure(pdfs: Path, texts: Path) -> dict[str, object]:
    """All figures for a folder of PDFs with a .txt of the same stem for each."""
    paths = sorted(path for path in pdfs.iterdir() if path.suffix.lower() == ".pdf")
    by_stem = {path.stem.strip(): path for path in texts.glob("*.txt")}
    scores: dict[str, float] = {}
    common = ours = theirs = pages = 0
    for path in paths:
        document = read_document(path)
        pages += document.pages
        if path.stem.strip() not in by_stem:
            continue
        reference = by_stem[path.stem.strip()].read_text(encoding="utf-8")
        scores[path.name] = token_f1(words(document.text), words(reference))
        counts = boundary_counts(document, reference)
        common, ours, theirs = common + counts[0], ours + counts[1], theirs + counts[2]
    rounds = [(cpu(read_document, paths), cpu(plain_text, paths)) for _ in range(3)]
    return {
        "files": len(paths),
        "pages": pages,
        "compared": len(scores),
        "f1_median": round(statistics.median(scores.values()), 4),
        "f1_worst": dict(sorted(scores.items(), key=lambda item: item[1])[:3]),
        "boundary_precision": round(common / max(ours, 1), 4),
        "boundary_recall": round(common / max(theirs, 1), 4),
        "cpu_seconds": round(statistics.median(one for one, _ in rounds), 3),
        "cpu_ratio": round(statistics.median(one / other for one, other in rounds), 2),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("texts", type=Path)
    arguments = parser.parse_args()
    result = measure(arguments.pdfs, arguments.texts)
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
