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


def joints(document: Document, reference: str) -> tuple[Counter[str], Counter[str]]:
    """Joints of our body blocks and of the reference's lines.

    Running headers and page numbers are left out of both: the reference keeps them in its lines.
    """
    body: list[str] = []
    margins: list[str] = []
    for block in document.blocks:
        texts = body if block.kind in BODY_KINDS else margins
        texts.append(document.text[block.start : block.end])
    known = grams(words(" ".join(margins))) | {tuple(words(text)) for text in margins}
    lines = [line for line in reference.splitlines() if not grams(words(line)) <= known]
    return bounds(body), bounds(lines)


def grams(tokens: list[str]) -> set[tuple[str, ...]]:
    """Runs of three words; all of them where there are fewer."""
    return {tuple(tokens[index : index + 3]) for index in range(max(len(tokens) - 2, 1))}


def keeps_lines(reference: str) -> bool:
    """Whether a reference has one paragraph a line; some have a page or all of it on one."""
    lengths = [len(line) for line in reference.splitlines() if line.strip()]
    return bool(lengths) and max(lengths) < 5000 and statistics.mean(lengths) < 600


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
        if keeps_lines(reference):
            found, wanted = joints(document, reference)
            common += sum((found & wanted).values())
            ours, theirs = ours + sum(found.values()), theirs + sum(wanted.values())
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
